"""Which changes of a cited landing are told, and how?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from collector.model import Grade
from collector.model.citation import CitedCount, CitedLanding
from collector.reports.citation import difference_lines

ZONE = "Asia/Jerusalem"
MONDAY = datetime(2026, 11, 15, 22, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HEARD = CitedLanding(
    id="a",
    aircraft="4K-AZ101",
    where="Ovda",
    touchdown_at=MONDAY,
    grade=Grade.PROBABLE.value,
    review=None,
    counted=True,
    open_data=False,
)


def differ(before: CitedLanding, now: CitedLanding) -> bool:
    return CitedCount((now,)).differs_from(CitedCount((before,)))


def told(before: CitedLanding, now: CitedLanding) -> str:
    """The end of the line about the change."""
    (line,) = difference_lines(CitedCount((before,)), CitedCount((now,)), ZONE)
    return line.rpartition("graded probable")[2]


def test_a_touchdown_known_a_little_better_is_no_change() -> None:
    later = replace(HEARD, touchdown_at=MONDAY + MINUTE)
    assert not differ(HEARD, replace(HEARD, touchdown_at=MONDAY + timedelta(seconds=59)))
    assert differ(HEARD, later)
    assert differ(HEARD, replace(HEARD, grade=Grade.POSSIBLE.value))
    assert "touchdown Mon 16 Nov 2026, 00:01 IST" in told(HEARD, later)


def test_whether_its_arrival_was_heard_is_part_of_what_is_printed() -> None:
    """The estimate of its touchdown may be the same."""
    silent = replace(HEARD, not_heard=(MONDAY - 5 * HOUR, MONDAY + 5 * HOUR))
    narrower = replace(silent, not_heard=(MONDAY - 4 * HOUR, MONDAY + 4 * HOUR))
    assert told(HEARD, silent) == (
        "; nobody heard it arrive, which it did between Sun 15 Nov 2026, 19:00 IST (17:00 UTC) and "
        "Mon 16 Nov 2026, 05:00 IST (03:00 UTC)."
    )
    assert "between Sun 15 Nov 2026, 20:00 IST" in told(silent, narrower)
    assert told(silent, HEARD) == ", touchdown Mon 16 Nov 2026, 00:00 IST (Sun 15 Nov 22:00 UTC)."
    assert not differ(silent, replace(silent, touchdown_at=MONDAY + HOUR)), "it is not printed"
