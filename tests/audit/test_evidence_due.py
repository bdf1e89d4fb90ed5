"""Does evidence stay behind while its replies show anything that may not leave yet?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from collector.audit.evidence_due import refuse_if_it_shows_more
from collector.disclosure.delay import Delay
from collector.errors import CollectorError
from collector.model import Landing, WatchMatch
from collector.store import Store, landings
from collector.watches.visitors import VISITORS
from tests.support.landings import PROBABLE, TOUCHDOWN

HOUR = timedelta(hours=1)
SPAN = (TOUCHDOWN - 4 * HOUR, TOUCHDOWN + 5 * HOUR)
VISITOR = (WatchMatch(VISITORS, "type A124", counted=False),)


def other(at_h: float, *, visitor: bool = False) -> Landing:
    """Another aircraft, which landed so many hours after the first, and was not heard leaving."""
    at = TOUCHDOWN + at_h * HOUR
    detection = replace(
        PROBABLE.detection,
        icao24="4ca001",
        touchdown_at=at,
        departed_at=None,
        visit_from=at,
        visit_until=at + HOUR,
    )
    matches = VISITOR if visitor else PROBABLE.watches
    return replace(PROBABLE, id="4ca001-2026-11-18-1", detection=detection, watches=matches)


@pytest.mark.parametrize(
    ("others", "due_h"),
    [
        ([], 5 + 24),
        ([other(2)], 2 + 72),
        ([other(2, visitor=True)], 2 + 72),
        ([other(-3.5)], -3.5 + 72),
        ([other(-60)], 5 + 24),
        ([other(6)], 5 + 24),
    ],
    ids=["alone", "beside", "a visitor", "before", "gone before", "afterwards"],
)
def test_it_waits_for_every_landing_that_the_replies_show(
    others: list[Landing], due_h: float, tmp_path: Path
) -> None:
    with Store.open(tmp_path / "db.sqlite") as store:
        for landing in (PROBABLE, *others):
            landings.save(store, landing, None)
        due_at = TOUCHDOWN + due_h * HOUR
        with pytest.raises(CollectorError, match=f"from {due_at:%Y-%m-%dT%H:%M:%S}Z on"):
            refuse_if_it_shows_more(store, PROBABLE, SPAN, Delay(), due_at - HOUR)
        refuse_if_it_shows_more(store, PROBABLE, SPAN, Delay(), due_at)
