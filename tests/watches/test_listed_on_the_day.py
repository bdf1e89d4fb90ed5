"""Does a match by the address hold exactly on the days on which the watch wants the address?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from collector.model import Aircraft, Detection, Place, Watch, WatchMatch
from collector.watches.criteria import compile_watch
from collector.watches.holding import ReportedNames, match_change, matches_of_landing
from collector.watches.visitors import VISITORS
from tests.support.unheard import arrived_between

DOWN = datetime(2026, 11, 22, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOLD = date(2026, 3, 1)
LANDING = Detection(
    icao24="600865",
    airfield="LLOV",
    candidates=(),
    touchdown_at=DOWN,
    uncertainty_s=10.0,
    visit_from=DOWN,
    visit_until=DOWN,
)
WATCH = Watch(name="w", places=(Place(("LLOV",)),))
FREIGHTER = Aircraft(icao24="600865", fleet="silkway", type_code="IL76")
BY_FLEET = WatchMatch("w", "fleet silkway", True)
VISITOR = WatchMatch(VISITORS, "type IL76", False)


def judged(
    watch: Watch, *matches: WatchMatch, landing: Detection = LANDING
) -> tuple[WatchMatch, ...]:
    names = {"w": compile_watch(watch)}.get
    return matches_of_landing(matches, names, landing, arrival=(), departure=())


def sold(**changes: object) -> Watch:
    return replace(WATCH, fleet=(replace(FREIGHTER, valid_to=SOLD),), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("watch", "match"),
    [
        (sold(), BY_FLEET),
        (replace(WATCH, fleet=(replace(FREIGHTER, valid_from=date(2027, 1, 1)),)), BY_FLEET),
        (WATCH, BY_FLEET),
        (WATCH, WatchMatch("w", "icao24 600865", True)),
        (WATCH, WatchMatch("w", "icao24 600800-6008ff", True)),
        (replace(WATCH, fleet=(FREIGHTER,), exclude=("600865",)), BY_FLEET),
        (replace(WATCH, fleet=(FREIGHTER,), exclude=("600860-60086f",)), BY_FLEET),
    ],
)
def test_an_address_that_the_watch_does_not_want_then_is_not_counted(
    watch: Watch, match: WatchMatch
) -> None:
    (found,) = judged(watch, match)
    assert not found.counted
    assert found.doubt == (
        "On 2026-11-22 watch w does not list the address 600865, so it does not count for watch w."
    )
    # Who wants the aircraft all the same is all that is shown.
    assert judged(watch, match, VISITOR) == (VISITOR,)


@pytest.mark.parametrize(
    ("watch", "expected"),
    [
        (replace(WATCH, fleet=(FREIGHTER,)), "fleet silkway"),
        (replace(WATCH, fleet=(replace(FREIGHTER, fleet="renamed"),)), "fleet renamed"),
        (sold(icao24=("600865",)), "icao24 600865"),
        (replace(WATCH, icao24=("600800-6008ff",)), "icao24 600800-6008ff"),
    ],
)
def test_an_address_that_the_watch_wants_then_counts(watch: Watch, expected: str) -> None:
    assert judged(watch, BY_FLEET, VISITOR) == (WatchMatch("w", expected, True),)


def test_the_day_is_that_of_the_touchdown() -> None:
    last = datetime(2026, 2, 28, 23, 59, tzinfo=UTC)
    for at, counted in ((last, True), (last + timedelta(minutes=1), False)):
        (found,) = judged(sold(), BY_FLEET, landing=replace(LANDING, touchdown_at=at))
        assert found.counted is counted


@pytest.mark.parametrize(
    ("hours_before", "hours_after", "counted", "doubted"),
    [
        (38, 2, True, False),  # 95 % before the sale
        (30, 10, True, True),
        (10, 30, True, True),
        (39, 1, True, False),
        (1, 39, False, True),
        (200, 60, True, True),
    ],
)
def test_a_landing_of_several_days_is_judged_by_all_of_them(
    hours_before: int, hours_after: int, counted: bool, doubted: bool
) -> None:
    sale = datetime(2026, 3, 1, tzinfo=UTC)
    begin, end = sale - hours_before * HOUR, sale + hours_after * HOUR
    (found,) = judged(sold(), BY_FLEET, landing=arrived_between(LANDING, begin, end))
    assert (found.counted, bool(found.doubt)) == (counted, doubted)


def test_the_doubt_names_the_days() -> None:
    sale = datetime(2026, 3, 1, tzinfo=UTC)
    landing = arrived_between(LANDING, sale - 20 * HOUR, sale + 10 * HOUR)
    (found,) = judged(sold(), BY_FLEET, landing=landing)
    assert found.doubt == (
        "It landed on 2026-02-28 or 2026-03-01, and watch w does not list the address 600865 on "
        "all of these days, so it may be none that watch w wants."
    )


def test_a_type_counts_as_the_fleet_file_lists_it_on_that_day() -> None:
    fleet = (
        replace(FREIGHTER, valid_to=SOLD),
        replace(FREIGHTER, type_code="B744", valid_from=SOLD),
    )
    watch = replace(WATCH, fleet=fleet, count_types=("IL76",))
    assert judged(watch, BY_FLEET) == (replace(BY_FLEET, counted=False),)
    untyped = replace(watch, fleet=(replace(FREIGHTER, type_code=""),))
    for counted in (True, False):
        match = replace(BY_FLEET, counted=counted)
        assert judged(untyped, match) == (match,)


def test_what_a_watch_of_the_past_matched_stays_as_it_was() -> None:
    gone = WatchMatch("gone", "fleet silkway", True)
    assert judged(WATCH, gone) == (gone,)


def test_a_stored_landing_stays_with_its_watch_and_says_why_it_counts_no_more() -> None:
    names = {"w": compile_watch(WATCH)}.get
    (found,) = matches_of_landing(
        [BY_FLEET, VISITOR], names, LANDING, arrival=(), departure=(), before=[BY_FLEET]
    )
    assert (found.watch, found.counted) == ("w", False)
    change = match_change([BY_FLEET], [found])
    assert change == (
        "downgraded",
        "on 2026-11-22 watch w does not list the address 600865, so it does not count for watch w",
    )
    assert matches_of_landing(
        [BY_FLEET, VISITOR], names, LANDING, arrival=(), departure=(), before=[found]
    ) == (found,)


def midnight(*callsigns: str | None) -> tuple[WatchMatch, ...]:
    """A landing just after the midnight with which the fleet's row ends, with these callsigns, two
    in a minute, to the touchdown; every report matched by the address."""
    down = datetime(2026, 3, 1, 0, 3, tzinfo=UTC)
    landing = replace(LANDING, touchdown_at=down, visit_from=down)
    reports = [
        ReportedNames("600865", down - number * timedelta(seconds=30), callsign=callsign)
        for number, callsign in enumerate(callsigns)
    ][::-1]
    names = {"w": compile_watch(sold(callsigns=("AZQ*",)))}.get
    return matches_of_landing([BY_FLEET], names, landing, arrival=reports, departure=())


def test_an_address_that_is_listed_no_more_may_still_have_a_watched_name() -> None:
    by_callsign = WatchMatch("w", "callsign AZQ*", True)
    assert midnight(*["AZQ4521"] * 50) == (by_callsign,)
    (found,) = midnight(*["AZQ4521"] * 16, *["GCTCB"] * 34)
    assert (found.matched_by, found.counted, bool(found.doubt)) == ("callsign AZQ*", True, True)
    for callsigns in (["GCTCB"] * 50, [None] * 50, ["GCTCB"] * 20 + ["AZQ4521"] * 8):
        (found,) = midnight(*callsigns)
        assert (found.matched_by, found.counted) == ("fleet silkway", False)
        assert found.doubt.startswith("On 2026-03-01 watch w does not list")
