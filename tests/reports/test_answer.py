"""Does the answer to "do landings come with the fighting?" say what its interval means?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from collector.model.sighting import Sighting
from collector.published.summary import PlaceHistory, place_history
from collector.reports.period.sentences import answer_words
from tests.published.rows import row
from tests.published.test_summary import ALL, AT, FIRST, LAST, WAR, facts
from tests.support.touchdowns import OVDA, touchdown

SPAN = 14


def told(near: int, months: tuple[int, ...], rows: tuple[Sighting, ...] = ()) -> str:
    """The answer where so many landed near the fighting, and one in each of these months."""
    landings = [touchdown(AT + timedelta(days=n), ordinal=n) for n in range(near)]
    landings += [touchdown(datetime(2020, month, 3, 9, tzinfo=UTC)) for month in months]
    found: PlaceHistory = place_history(
        facts(landings, list(rows)), OVDA, ALL, [WAR], first=FIRST, last=LAST, before_days=SPAN
    )
    return " ".join(answer_words(found, SPAN))


def test_an_interval_beyond_one_is_more_often() -> None:
    assert "So they came more often then, if each came independently" in told(6, (2, 4))


def test_an_interval_that_holds_one_shows_nothing() -> None:
    assert "no difference is shown" in told(2, (1, 2, 3, 4, 5, 6))


def test_the_only_reported_ones_are_told_apart() -> None:
    assert "The one landing that is only reported does not lie" in told(6, (2,), (row("2020-03"),))
    two = (row("2020-03-01"), row("2020-10-01"))
    assert "Of the 2 landings that are only reported, 1 lies in the fighting" in told(2, (2,), two)
