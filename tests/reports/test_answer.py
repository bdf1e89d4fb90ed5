"""Does the test of landings near the fighting say what its interval means?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from collector.model.sighting import Sighting
from collector.published.summary import PlaceSummary, place_summary
from collector.reports.period.sentences import result_sentences
from tests.published.rows import row
from tests.published.test_summary import ALL, AT, FIRST, LAST, WAR, facts
from tests.support.touchdowns import OVDA, touchdown

SPAN = 14


def answer(near: int, months: tuple[int, ...], rows: tuple[Sighting, ...] = ()) -> str:
    """Return the sentences for `near` landings near the fighting and one in each of the months."""
    landings = [touchdown(AT + timedelta(days=n), ordinal=n) for n in range(near)]
    landings += [touchdown(datetime(2020, month, 3, 9, tzinfo=UTC)) for month in months]
    found: PlaceSummary = place_summary(
        facts(landings, list(rows)), OVDA, ALL, [WAR], first=FIRST, last=LAST, before_days=SPAN
    )
    return " ".join(result_sentences(found, SPAN))


def test_an_interval_beyond_one_is_more_often() -> None:
    assert "So landings were more frequent then, if they were independent" in answer(6, (2, 4))


def test_an_interval_that_holds_one_shows_nothing() -> None:
    assert "no difference is shown" in answer(2, (1, 2, 3, 4, 5, 6))


def test_landings_that_are_only_reported_stand_apart() -> None:
    assert "The one landing that is only reported does not lie" in answer(
        6, (2,), (row("2020-03"),)
    )
    two = (row("2020-03-01"), row("2020-10-01"))
    assert "Of the 2 landings that are only reported, 1 lies during the fighting" in answer(
        2, (2,), two
    )
