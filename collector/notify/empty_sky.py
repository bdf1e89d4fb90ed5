"""For how long was the sky empty, by the answers of feeds, and from when on is that unusual?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from collector.model.coverage import SLOT

EMPTY_AFTER = timedelta(hours=3)
"""So long without an aircraft is unusual near a watched airfield, unless the last days show more;
then it is unusual for an hour longer than the longest time so far."""
USUAL_OVER = timedelta(days=9)
"""The time in which the longest empty sky is looked for: a week has every hour and its nights, and
two days more keep a quiet weekend whole while the next one lasts."""
LONGEST_GAP = 3 * SLOT
"""At the usual intervals some slots have no poll; after a longer gap nobody knows what was there,
unless the polls themselves are further apart."""


def empty_stretches(
    received: Mapping[datetime, bool], gap: timedelta = LONGEST_GAP
) -> list[timedelta]:
    """Return how long each time lasted in which feeds answered and no aircraft was received.

    `received` says for the beginning of each slot with answers whether any aircraft was. The result
    is in order of time. The last one is the present one; it is zero if the last answers reported an
    aircraft near a watched airfield. A time without answers that is longer than `gap` ends
    a stretch, since nobody knows.
    """
    stretches = [timedelta()]
    previous: datetime | None = None
    for begins_at in sorted(received):
        if received[begins_at]:
            stretches.append(timedelta())
            previous = None
            continue
        if previous is not None and begins_at - previous <= gap:
            stretches[-1] += begins_at - previous
        else:
            stretches.append(timedelta())
        previous = begins_at
    return stretches


def longest_gap(late_after: timedelta) -> timedelta:
    """Return how far apart two slots with answers may begin without a time that nobody knows of.

    `late_after` is how long after a reply the next one is late.
    """
    return max(LONGEST_GAP, late_after + SLOT)  # a reply may come at the end of its slot
