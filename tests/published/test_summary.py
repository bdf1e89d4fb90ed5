"""Do weeks, months, years and comparisons count each landing once, on its day?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from collector.coverage.sight import Sight
from collector.model import Aircraft, Landing, Watch
from collector.model.sighting import Sighting, Unit, period
from collector.published.comparison import count_comparison
from collector.published.grouping import reported_landings
from collector.published.matching import Airframes, matches_by_report
from collector.published.rate_test import RateAnswer
from collector.published.record import CountKind, Fighting, PublishedCount
from collector.published.summary import WatchData, place_summary
from tests.published.rows import ZONES, leg, row
from tests.support.touchdowns import EITHER, OVDA, WATCH, touchdown

AT = datetime(2020, 9, 24, 10, tzinfo=UTC)
SEEN = Sight(1.0, 1.0)
FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)
WAR = Fighting(period=period("2020-09-27/2020-11-10"), tested=True, name="war", source="s")
ALL = {FIRST + timedelta(days=n): SEEN for n in range(366)}
OPEN = [("LLOV", 0.5), ("LLER", 0.5)]


def facts(landings: list[Landing], rows: list[Sighting], watch: Watch = WATCH) -> WatchData:
    names = Airframes.of_watches([watch])
    reports = reported_landings(rows, ZONES)
    return WatchData(watch, landings, reports, matches_by_report(reports, landings, names), names)


def test_a_landing_is_tracked_or_only_reported_and_never_both() -> None:
    watch_data = facts([touchdown(AT)], [row("2020-09-24"), row("2020-09-24"), row("2020-10")])
    found = place_summary(watch_data, OVDA, ALL, [WAR], first=FIRST, last=LAST, before_days=14)
    assert (found.whole.count, found.whole.at_most, found.whole.reported) == (1, 1, 2)
    assert (found.matched, len(found.only_reported)) == (1, 2)
    week = next(one for one in found.weeks if one.name == "2020-W39")
    assert (week.count, week.reported) == (1, 1)
    months = {one.name: one.reported for one in found.months if one.reported}
    assert months == {"2020-09": 1, "2020-10": 1}
    assert sum(one.reported for one in found.weeks) == 1  # "in October" is in no week
    assert [one.name for one in found.years] == ["2020"]


def test_undetermined_ones_widen_the_field_and_count_for_both_together() -> None:
    watch_data = facts([touchdown(AT, None, candidates=OPEN)], [])
    days = {"first": FIRST, "last": LAST}
    alone = place_summary(watch_data, OVDA, ALL, [], before_days=0, **days)
    both = place_summary(watch_data, EITHER, ALL, [], before_days=0, **days)
    assert (alone.whole.count, alone.whole.at_most) == (0, 1)
    assert (both.whole.count, both.whole.at_most) == (1, 1)


def test_coverage_is_of_all_days_and_days_outside_are_left_out() -> None:
    watch_data = facts([touchdown(AT), touchdown(AT + timedelta(days=400))], [row("2021-01-01")])
    half = {day: SEEN for day in ALL if day.month <= 6}
    found = place_summary(watch_data, OVDA, half, [], first=FIRST, last=LAST, before_days=0)
    assert found.whole.coverage == pytest.approx(182 / 366)
    assert (found.whole.count, found.whole.reported) == (1, 0)
    assert [one.coverage for one in found.months] == [1.0] * 6 + [0.0] * 6
    assert (found.weeks[0].first, found.weeks[-1].last) == (FIRST, LAST)


def test_the_test_is_on_covered_days_alone() -> None:
    burst = [touchdown(AT + timedelta(days=n), ordinal=n) for n in range(6)]
    others = [touchdown(datetime(2020, month, 3, 9, tzinfo=UTC)) for month in (2, 4)]
    deaf = touchdown(datetime(2020, 6, 3, 9, tzinfo=UTC))
    days = {day: Sight(0.5, 0.5) for day in ALL if day.month != 6}
    watch_data = facts([*burst, *others, deaf], [row("2020-03-01")])
    found = place_summary(watch_data, OVDA, days, [WAR], first=FIRST, last=LAST, before_days=14)
    rates = found.rates
    assert (rates.inside, rates.outside, rates.answer) == (6, 2, RateAnswer.TESTED)
    assert rates.inside_days == pytest.approx((14 + 45) / 2)
    assert rates.outside_days == pytest.approx((366 - 30 - 59) / 2)
    sooner = place_summary(watch_data, OVDA, days, [WAR], first=FIRST, last=LAST, before_days=0)
    assert sooner.rates.inside == 3
    nothing = place_summary(watch_data, OVDA, {}, [WAR], first=FIRST, last=LAST, before_days=14)
    assert nothing.rates.answer is RateAnswer.NO_EXPOSURE
    cruise = {day: Sight(0.95, 0.0) for day in ALL}
    unseen = place_summary(watch_data, OVDA, cruise, [WAR], first=FIRST, last=LAST, before_days=14)
    assert unseen.rates.answer is RateAnswer.NO_EXPOSURE


@pytest.mark.parametrize(
    ("count", "kind", "share", "verdict"),
    [
        (3, CountKind.EXACT, 1.0, "agrees"),
        (2, CountKind.EXACT, 1.0, "agrees"),  # 2–3 are ours
        (1, CountKind.EXACT, 1.0, "ours is higher"),
        (1, CountKind.AT_LEAST, 1.0, "agrees"),
        (4, CountKind.EXACT, 1.0, "ours is lower"),
        (3, CountKind.APPROX, 1.0, "agrees"),
        (9, CountKind.AT_LEAST, 0.3, "could see only a part"),
        (9, CountKind.AT_LEAST, 0.0, "could not see"),
    ],
)
def test_published_counts_stand_beside_ours(
    count: int, kind: CountKind, share: float, verdict: str
) -> None:
    landings = [touchdown(AT), touchdown(AT + timedelta(days=1)),
                touchdown(AT + timedelta(days=2), None, candidates=OPEN)]  # fmt: skip
    published = PublishedCount(period=period("2020"), count=count, kind=kind, unit=Unit.LANDING,
                          airfields=("LLOV",), what="w", source="s")  # fmt: skip
    days = {day: Sight(share, share) for day in ALL if share}
    found = count_comparison(facts(landings, [row("2020-05-05"), leg("2020-06")]), published, days)
    assert (found.count, found.at_most, found.dated) == (2, 3, 2)
    assert found.verdict == verdict


def test_a_count_is_of_its_operator_and_its_fields() -> None:
    fleet = (
        Aircraft(icao24="600865", operator="Silk Way Airlines"),
        Aircraft(icao24="613133", operator="Azerbaijan Air Force"),
    )
    watch = replace(WATCH, fleet=fleet)
    landings = [touchdown(AT), touchdown(AT, icao24="613133")]
    rows = [row("2020-05-05", operator="Azerbaijan Air Force"), row("2020-05-06")]
    watch_data = facts(landings, rows, watch)
    published = PublishedCount(
        period=period("2020"),
        count=1,
        kind=CountKind.EXACT,
        unit=Unit.LANDING,
        airfields=("LLOV",),
        operator="Silk Way",
        what="w",
        source="s",
    )
    found = count_comparison(watch_data, published, ALL)
    assert (found.count, found.dated, found.dated_of_others) == (1, 1, 1)
    assert (
        count_comparison(watch_data, replace(published, airfields=("LLBG",)), ALL).verdict
        == "not watched here"
    )
    legs = count_comparison(watch_data, replace(published, unit=Unit.LEG, count=2), ALL)
    assert (legs.count, legs.verdict) == (1, "agrees")
    assert count_comparison(watch_data, replace(published, count=None), ALL).verdict == "no number"
    assert (
        count_comparison(watch_data, replace(published, said_period="late 2020"), ALL).verdict
        == "may agree"
    )
