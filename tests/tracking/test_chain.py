"""Which positions of one address are one aircraft's, which are wrong, and which are another's?"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.model import Observation, Source
from collector.tracking import Doubt, links, tracks_of
from collector.tracking.links import MAX_TRACKS
from collector.tracking.motion import reachable

START = datetime(2026, 11, 23, tzinfo=UTC)
KT = 420.0
DEG_A_MINUTE = KT / 3600.0
"""Degrees of latitude that an aircraft at 420 kt flies in a minute: 7 NM."""
FAR = 4.0
"""Degrees: 240 NM, twenty minutes of flight at the very fastest."""


def report(
    minute: float, lat_deg: float, lon_deg: float = 35.0, name: str = "true", **changes: object
) -> Observation:
    at = START + timedelta(minutes=minute)
    made = Observation(
        icao24="600865",
        feed="one",
        heard_at=at,
        position_at=at,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        baro_altitude_ft=34_000.0,
        ground_speed_kt=KT,
        callsign=name,
        source=Source.ADSB,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def north(
    minutes: Iterable[float], at_deg: float = 25.0, name: str = "true", **changes: Any
) -> list[Observation]:
    """Straight north at 420 kt; at minute 0 it is at this latitude."""
    return [
        report(minute, at_deg + minute * DEG_A_MINUTE, name=name, **changes) for minute in minutes
    ]


def told(*parts: list[Observation]) -> tuple[dict[str, int], list[dict[str, int]]]:
    """How many positions of each name the aircraft keeps, and each track beside it."""
    fixes, beside = tracks_of([each for part in parts for each in part])
    return (
        names(fix.callsign or "" for fix in fixes if fix.placed),
        [names(fix.callsign or "" for fix in track) for track in beside],
    )


def names(each_of: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in each_of:
        found[name] = found.get(name, 0) + 1
    return found


@given(
    st.integers(0, 10**6),
    st.sets(st.integers(1, 58), max_size=5),
    st.sampled_from([0.2, 1.0]),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=60)
def test_wrong_positions_cost_no_true_one(
    seed: int, minutes: set[int], every: float, by_two: bool, without_height: bool
) -> None:
    """Anywhere out of reach, in one feed or two, beside reports that give an altitude alone."""
    lot = random.Random(seed)
    true = north(every * number for number in range(int(60 / every)))
    wrong = [
        report(
            minute + 0.1,
            lot.choice([-FAR, FAR]) * lot.uniform(2.0, 5.0) + 30.0,
            35.0 + lot.uniform(-20.0, 20.0),
            "wrong",
            baro_altitude_ft=None if without_height else 4900.0,
            geom_altitude_ft=None if without_height else 5000.0,
            ground_speed_kt=lot.choice([KT, 120.0, None]),
        )
        for minute in minutes
    ]
    again = [replace(each, feed="two") for each in wrong] if by_two else []
    heights = [
        replace(each, position_at=None, lat_deg=None, lon_deg=None, heard_at=each.at + lag)
        for each in lot.sample(true, 10)
        for lag in [timedelta(seconds=lot.choice([4.1, 7.0]))]
    ]
    fixes, beside = tracks_of([*true, *wrong, *again, *heights])
    assert names(fix.callsign or "" for fix in fixes if fix.placed) == {"true": len(true)}
    assert beside == []
    doubted = [fix for fix in fixes if fix.doubt is not None]
    if without_height:
        assert doubted == []
    else:
        assert [fix.at for fix in doubted] == sorted(each.at for each in wrong)
        feeds = ("one", "two") if by_two else ("one",)
        for fix in doubted:
            assert (fix.doubt, fix.altitude_ft, fix.feeds) == (Doubt.UNREACHABLE, 5000.0, feeds)
            assert (fix.callsign, fix.altitude_error_ft) == ("wrong", 200.0)
            assert (fix.on_ground, fix.ground_speed_kt) == (None, None)


STEADY = [minute + 0.5 for minute in range(20, 26)]
"""Six positions in five minutes."""


@pytest.mark.parametrize(
    ("minutes", "an_aircraft"),
    [
        (STEADY, True),
        (STEADY[:5], False),
        ([20.5 + number * 0.6 for number in range(6)], True),  # three minutes
        ([20.5 + number * 0.59 for number in range(6)], False),
    ],
)
def test_six_positions_in_three_minutes_are_another_aircraft(
    minutes: list[float], an_aircraft: bool
) -> None:
    """Its altitudes are not ours; fewer positions are wrong ones, and their altitudes may be."""
    true = north(range(60))
    other = north(minutes, 25.0 + FAR, "other", baro_altitude_ft=9000.0)
    for reports in ([*true, *other], [*other, *true]):
        fixes, beside = tracks_of(reports)
        assert [fix.at for fix in fixes if fix.placed] == [each.at for each in true]
        assert [len(track) for track in beside] == ([len(other)] if an_aircraft else [])
        heights = sum(fix.altitude_ft == 9000.0 for fix in fixes)
        assert heights == (0 if an_aircraft else len(other))
        for track in beside:
            assert {(fix.placed, fix.callsign) for fix in track} == {(True, "other")}


@pytest.mark.parametrize("first", [12, 40])
def test_a_flight_that_begins_where_none_can_be_follows_with_a_break(first: int) -> None:
    """Both stay, whichever has more positions; what lies between is unknown, and no silence."""
    early = north(range(first), name="early")
    late = north(range(first, 52), 25.0 + FAR, "late")
    fixes, beside = tracks_of([*early, *late])
    assert all(fix.placed for fix in fixes)
    assert (len(fixes), beside) == (52, [])
    assert fixes.breaks == {first}


def test_flights_that_can_follow_each_other_have_no_break() -> None:
    """What lay out of reach between them is dropped, and its place is no break."""
    true = [*north(range(20)), *north(range(30, 50))]
    wrong = north([22.0, 23.0], 25.0 + FAR, "wrong")
    fixes, _ = tracks_of([*true, *wrong])
    assert sum(fix.placed for fix in fixes) == 40
    assert not fixes.breaks


@pytest.mark.parametrize(("length", "stays"), [(6, False), (39, False), (40, True)])
def test_what_lies_out_of_reach_in_a_silence_is_of_another_aircraft_unless_it_is_more(
    length: int, stays: bool
) -> None:
    early, late = north(range(20), name="early"), north(range(140, 160), 24.0, "late")
    astray = north(range(80, 80 + length), 25.0 + 8 * FAR, "astray")
    kept, beside = told(early, late, astray)
    if stays:
        assert (kept, beside) == ({"early": 20, "astray": 40, "late": 20}, [])
    else:
        assert (kept, beside) == ({"early": 20, "late": 20}, [{"astray": length}])


@pytest.mark.parametrize("first", [1, 20])
def test_a_flight_in_a_silence_that_leads_to_the_next_one_stays(first: int) -> None:
    """It begins out of reach of what was heard before, which is dropped if it was one position."""
    early = north(range(first), name="early")
    between = [report(80.0 + n, 27.0, 58.0 - n * DEG_A_MINUTE, name="between") for n in range(10)]
    late = north(range(220, 240), 25.0 - 200 * DEG_A_MINUTE, "late")
    fixes, beside = tracks_of([*early, *between, *late])
    expected = (
        {"between": 10, "late": 20} if first == 1 else {"early": 20, "between": 10, "late": 20}
    )
    assert names(fix.callsign or "" for fix in fixes if fix.placed) == expected
    assert set(fixes.breaks) == (set() if first == 1 else {first})
    assert not beside


def test_three_flights_out_of_reach_of_each_other_all_stay() -> None:
    """No two of them speak against the third."""
    places = enumerate([10.0, 50.0, -60.0])
    flights = [north(range(60 * n, 60 * n + 20), place, str(n)) for n, place in places]
    fixes, beside = tracks_of([each for flight in flights for each in flight])
    assert (len(fixes), set(fixes.breaks), len(beside)) == (60, {20, 40}, 0)


@pytest.mark.parametrize("eastward", [False, True])
def test_two_aircraft_abreast_keep_their_own_positions(eastward: bool) -> None:
    """10 NM beside each other, at the same speed; each could be at the other's next position."""
    true, other = north(range(30)), north([n + 0.5 for n in range(20)], name="other")
    true = [replace(each, lon_deg=35.2) for each in true]
    if eastward:
        true = [replace(each, lat_deg=each.lon_deg, lon_deg=each.lat_deg) for each in true]
        other = [replace(each, lat_deg=each.lon_deg, lon_deg=each.lat_deg) for each in other]
    assert told(true, other) == ({"true": 30}, [{"other": 20}])


def test_the_track_that_comes_at_its_own_speed_has_the_position_although_another_is_nearer() -> (
    None
):
    """It flies past an airfield where something else stands under its address."""
    true = [replace(each, ground_speed_kt=None) if n % 2 else each
            for n, each in enumerate(north(range(30)))]  # fmt: skip
    place = true[15]
    standing = [
        report(
            minute + 0.5,
            place.lat_deg or 0.0,
            35.06,  # 3 NM beside the path
            "standing",
            ground_speed_kt=0.0,
            baro_altitude_ft=1500.0,
            on_ground=True,
        )
        for minute in range(30)
    ]
    kept, beside = told(true, standing)
    assert kept in ({"true": 30}, {"standing": 30})
    assert beside in ([{"true": 30}], [{"standing": 30}])


@pytest.mark.parametrize(
    "claim",
    [
        {},
        {"on_ground": True, "source": Source.MLAT},
        {"on_ground": True, "ground_speed_kt": 400.0},
    ],
)
def test_the_last_position_heard_is_wrong_if_it_cannot_be_reached(claim: dict[str, Any]) -> None:
    """Whatever it claims of the ground, and beside altitudes that come after it."""
    wrong = report(20.0, 25.0 + 4 * FAR, name="wrong", **claim)
    height = replace(report(20.2, 0.0), position_at=None, lat_deg=None, lon_deg=None)
    for reports in ([*north(range(20)), wrong], [*north(range(20)), wrong, height]):
        assert told(reports) == ({"true": 20}, [])


def zigzags(minutes: Iterable[float], seed: int) -> list[Observation]:
    lot = random.Random(seed)
    return [
        report(minute, lot.uniform(-60.0, 20.0), lot.uniform(-180.0, 180.0), "wrong")
        for minute in minutes
    ]


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often a position was compared with the end of a track."""
    found = [0]

    def counted(*args: Any) -> bool:
        found[0] += 1
        return reachable(*args)

    monkeypatch.setattr(links, "reachable", counted)
    return found


def test_hostile_zigzags_between_many_places_cost_little(compared: list[int]) -> None:
    """Each position begins a track of its own: only some of them are compared with the next."""
    true = north([number / 2.0 for number in range(40)])
    wrong = zigzags([number / 20.0 for number in range(400)], 1)
    assert told(true, wrong) == ({"true": 40}, [])
    assert compared[0] <= 440 * MAX_TRACKS


def test_another_aircraft_is_found_among_zigzags() -> None:
    """It is joined while it is short, since it was heard last."""
    true, other = north(range(30)), north([n + 0.5 for n in range(20, 30)], 30.0, "other")
    assert told(true, zigzags([n + 0.2 for n in range(20)], 2), other) == (
        {"true": 30},
        [{"other": 10}],
    )


def test_one_wrong_position_does_not_make_the_whole_flight_dear(compared: list[int]) -> None:
    """For a quarter of an hour each position could belong to it."""
    true = north([number / 2.0 for number in range(400)], 20.0)
    assert told(true, zigzags([10.2], 1)) == ({"true": 400}, [])
    assert compared[0] <= 100
