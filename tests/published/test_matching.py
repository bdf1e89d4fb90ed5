"""Is a reported landing matched with the right tracked landing, and with no other?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.model import Aircraft, Grade, Landing
from collector.model.sighting import Sighting, Unit
from collector.published.grouping import reported_landings
from collector.published.matching import Airframes, matches_by_report
from tests.published.rows import ZONES, leg, row
from tests.support.touchdowns import WATCH, touchdown

NOON = datetime(2020, 9, 24, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
FLEET = (
    Aircraft(icao24="600864", registration="4K-AZ100", operator="Silk Way Airlines"),
    Aircraft(icao24="600865", registration="4K-AZ101", operator="Silk Way Airlines",
             old_registrations=("UR-1",)),
    Aircraft(icao24="613133", registration="4K-78131", operator="Azerbaijan Air Force"),
)  # fmt: skip
AIRFRAMES = Airframes(FLEET)


def pairs(rows: list[Sighting], landings: list[Landing]) -> dict[str, str]:
    """Return the landing's id for each date that is matched."""
    reports = reported_landings(rows, ZONES)
    found = matches_by_report(reports, landings, AIRFRAMES)
    return {reports[number].period.written: landing.id for number, landing in found.items()}


def test_two_reports_of_a_day_take_two_landings_of_it_and_a_third_none() -> None:
    rows = [row("2020-09-24", note=str(n)) for n in range(3)]
    found = matches_by_report(
        reported_landings(rows, ZONES), [touchdown(NOON), touchdown(NOON + 5 * HOUR)], AIRFRAMES
    )
    assert len(found) == 2
    assert len({landing.id for landing in found.values()}) == 2


def test_the_address_goes_before_the_nearest_time() -> None:
    near, other = touchdown(NOON), touchdown(NOON + 6 * HOUR, icao24="600864")
    rows = [row("2020-09-24T10:00Z", icao24="600864"), row("2020-09-24")]
    assert pairs(rows, [near, other]) == {"2020-09-24T10:00Z": other.id, "2020-09-24": near.id}


@pytest.mark.parametrize("named", ["4K-AZ101", "4k az101", "UR-1"])
def test_a_registration_is_looked_up_in_the_fleet(named: str) -> None:
    landing = replace(touchdown(NOON), registration=None)
    assert pairs([row("2020-09-24", registration=named)], [landing])
    other = touchdown(NOON, icao24="600864")
    assert not pairs([row("2020-09-24", registration=named)], [other])


def test_without_an_address_the_nearest_in_time_is_taken() -> None:
    early, late = touchdown(NOON), touchdown(NOON + 5 * HOUR)
    assert pairs([row("2020-09-24T14:30Z")], [early, late]) == {"2020-09-24T14:30Z": late.id}
    rows = [row("2020-09-24T14:30Z"), row("2020-09-24T10:30Z")]
    assert pairs(rows, [early, late]) == {
        "2020-09-24T14:30Z": late.id,
        "2020-09-24T10:30Z": early.id,
    }


@pytest.mark.parametrize(
    ("landing", "fits"),
    [
        (touchdown(NOON), True),
        (touchdown(NOON + timedelta(days=1)), False),
        (touchdown(datetime(2020, 9, 23, 21, 30, tzinfo=UTC)), True),  # the 24th at Ovda
        (touchdown(datetime(2020, 9, 23, 20, 30, tzinfo=UTC)), False),
        (touchdown(NOON, "LLER"), False),
        (touchdown(NOON, None, candidates=[("LLOV", 0.4), ("LLER", 0.6)]), True),
        (touchdown(NOON, None, candidates=[("LLOV", 0.01), ("LLER", 0.9)]), False),
        (touchdown(NOON, grade=Grade.POSSIBLE), True),
        (touchdown(NOON, retracted=True), False),
        (touchdown(NOON, retracted=True, review="confirmed"), True),
        (touchdown(NOON, review="rejected"), False),
    ],
)
def test_day_field_and_fate_must_fit(landing: Landing, fits: bool) -> None:
    assert bool(pairs([row("2020-09-24")], [landing])) is fits


@pytest.mark.parametrize(
    ("report", "fits"),
    [
        (leg("2020-09-24", "to"), True),
        (leg("2020-09-23", "to"), True),  # took off at home the day before
        (leg("2020-09-25", "from"), True),
        (leg("2020-09-25", "to"), False),
        (leg("2020-09-23", "from"), False),
        (row("2020-09-23", unit=Unit.ROTATION), True),
        (row("2020-09-23"), False),
    ],
)
def test_a_leg_may_be_dated_by_its_other_end(report: Sighting, fits: bool) -> None:
    late = touchdown(datetime(2020, 9, 24, 6, tzinfo=UTC))
    assert bool(pairs([report], [late])) is fits


def test_sure_landings_are_preferred_and_other_operators_avoided() -> None:
    sure, unsure = touchdown(NOON + HOUR), touchdown(NOON, grade=Grade.POSSIBLE)
    assert pairs([row("2020-09-24")], [unsure, sure]) == {"2020-09-24": sure.id}
    force = touchdown(NOON, icao24="613133")
    report = row("2020-09-24", operator="Silk Way")
    assert pairs([report], [force, sure]) == {"2020-09-24": sure.id}
    assert pairs([report], [force]) == {"2020-09-24": force.id}  # printed wrongly, rather than two


hours = st.integers(0, 60)
tracked = st.builds(
    lambda hour, icao24, ordinal: touchdown(NOON + hour * HOUR, icao24=icao24, ordinal=ordinal),
    hours,
    st.sampled_from(["600864", "600865"]),
    st.integers(1, 2),
)
reports_of_landings = st.builds(
    row,
    st.sampled_from(["2020-09-24", "2020-09-25", "2020-09-26", "2020-W39", "2020-09-24T12:00Z"]),
    unit=st.sampled_from(Unit),
    icao24=st.sampled_from([None, "600864", "600865"]),
    source=st.sampled_from(["A", "B"]),
)


@given(st.lists(reports_of_landings, max_size=4), st.lists(tracked, max_size=4), st.data())
def test_whatever_the_order_the_pairs_are_the_same_and_one_to_one(
    rows: list[Sighting], landings: list[Landing], data: st.DataObject
) -> None:
    reports = reported_landings(rows, ZONES)
    found = matches_by_report(reports, landings, AIRFRAMES)
    ids = [landing.id for landing in found.values()]
    assert len(ids) == len(set(ids))
    for number, landing in found.items():
        named = {each.icao24 for each in reports[number].sightings} - {None}
        assert named <= {landing.detection.icao24}
    order = data.draw(st.permutations(range(len(reports))))
    again = matches_by_report(
        [reports[number] for number in order], data.draw(st.permutations(landings)), AIRFRAMES
    )
    # Two reports that say just the same are each other's: which is whose does not matter.
    assert sorted((repr(reports[order[n]]), each.id) for n, each in again.items()) == sorted(
        (repr(reports[n]), each.id) for n, each in found.items()
    )


def test_a_watch_wants_what_its_fleet_or_operators_name() -> None:
    watch = replace(WATCH, fleet=FLEET, icao24=("600890-60089f",), callsigns=("AZQ*",))
    names = Airframes.of_watches([watch])
    for wanted in (
        row("2020", icao24="600864"),
        row("2020", registration="4KAZ100"),
        row("2020", icao24="600899"),  # in the range
        row("2020", icao24="abcdef", operator="silk way"),  # an airframe that no fleet has yet
        row("2020", callsign="ZP4612"),
        row("2020", registration="4K-AZ999", callsign="azq1"),
        row("2020", operator="silk way"),
        row("2020"),
    ):
        assert names.may_concern(wanted, watch)
    for other in (
        row("2020", icao24="abcdef"),
        row("2020", registration="UR-82007"),
        row("2020", operator="Antonov"),
    ):
        assert not names.may_concern(other, watch)
