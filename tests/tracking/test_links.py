"""Where can an aircraft have gone that stood, and which of its parts are one aircraft's?

In each scene it flies in, stands, is silent, stands there again and flies out; another flight is
heard in the silence, too soon after the stand to have come from its last report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from collector.geo import destination
from collector.model import Observation
from tests.tracking.test_chain import DEG_A_MINUTE, north, report, told
from tests.tracking.test_junctions import turned_round

AT_DEG = 25.0
"""Degrees of latitude at which it stands."""
FIELD_FT = 1500.0
"""The least altitude that it reports."""


def standing(minutes: Iterable[float], name: str) -> list[Observation]:
    ground: dict[str, Any] = {"on_ground": True, "ground_speed_kt": 0.0, "baro_altitude_ft": None}
    return [report(minute, AT_DEG, name=name, **ground) for minute in minutes]


def arriving(begin: float, count: int = 10, **changes: Any) -> list[Observation]:
    """The minutes before it stands: it comes from the south."""
    minutes = [begin - number for number in range(count, 0, -1)]
    changes = {"baro_altitude_ft": FIELD_FT + 3000.0} | changes
    return north(minutes, AT_DEG - begin * DEG_A_MINUTE, "before", **changes)


def leaving(begin: float, count: int = 10, **changes: Any) -> list[Observation]:
    """The minutes after it stood: it flies back to the south."""
    changes = {"baro_altitude_ft": FIELD_FT + 3000.0} | changes
    return [
        report(begin + number, AT_DEG - number * DEG_A_MINUTE, name="after", **changes)
        for number in range(1, count + 1)
    ]


def away(begin: float, nm: float, **changes: Any) -> list[Observation]:
    """Ten minutes of flight to the north that begin so far from where the aircraft stands."""
    lat, _ = destination(AT_DEG, 35.0, 0.0, nm)
    return north([begin + n for n in range(10)], lat - begin * DEG_A_MINUTE, "away", **changes)


def scene(
    stood: Sequence[float],
    flight: Sequence[Observation],
    heights: float | None = FIELD_FT,
) -> list[Observation]:
    """It stood at these minutes up to 0, and as long from minute 60 on; it passed `heights`, ft,
    near the field, and was higher before."""
    again = [60.0 - minute for minute in stood]
    arrived = arriving(min(stood), baro_altitude_ft=heights and heights + 5000.0)
    left = leaving(max(again), baro_altitude_ft=heights and heights + 5000.0)
    arrived[-1] = replace(arrived[-1], baro_altitude_ft=heights)
    left[0] = replace(left[0], baro_altitude_ft=heights)
    return [*arrived, *standing(stood, "before"), *flight, *standing(again, "after"), *left]


def belongs(reports: Sequence[Observation]) -> bool:
    """Return whether the flight is the aircraft's own: if not, it is another aircraft beside it
    and costs the aircraft nothing."""
    kept, beside = told(list(reports))
    if "away" in kept:
        assert (set(kept), beside) == ({"before", "away", "after"}, [])
        return True
    assert sum(kept.values()) + 10 == len(reports)
    assert beside == [{"away": 10}]
    return False


def turned(reports: Iterable[Observation]) -> list[Observation]:
    return [turned_round(each) for each in reports]


LONG = tuple(float(minute) for minute in range(-20, 1))
"""A report a minute."""
SPARSE = LONG[:15]
"""The same up to six minutes before the end."""
LOW = {"baro_altitude_ft": 5000.0}


@pytest.mark.parametrize(
    ("stood", "within_nm"),
    [
        ((*SPARSE, -2.0, 0.0), 16.9),  # 150 kt in 30 s on the runway, then 1.5 kt a second
        ((*SPARSE, -4.0, 0.0), 34.7),
        ((*SPARSE, -5.0, 0.0), 45.9),
        (LONG, 45.9),
        (LONG[-6:], 76.6),  # at 700 kt from where it was last heard in flight, a minute before
        (LONG[-4:], 53.3),
    ],
)
def test_an_aircraft_can_have_left_at_each_repeat_of_its_place_in_five_minutes(
    stood: tuple[float, ...], within_nm: float
) -> None:
    """The bound of distance is what it can have flown since, a minute after the last repeat."""
    assert belongs(scene(stood, away(1.0, within_nm - 0.1, **LOW)))
    assert not belongs(scene(stood, away(1.0, within_nm + 0.1, **LOW)))
    if stood == LONG:
        assert belongs(turned(scene(stood, away(1.0, within_nm - 0.1, **LOW))))
        assert not belongs(turned(scene(stood, away(1.0, within_nm + 0.1, **LOW))))


def test_a_place_told_for_longer_than_five_minutes_is_where_it_was() -> None:
    for repeated in (-5.01, -5.5, -8.0):
        stood = (*LONG[:12], repeated, 0.0)
        assert not belongs(scene(stood, away(1.0, 14.0, **LOW)))


def test_an_aircraft_that_was_only_heard_standing_can_have_left_from_there() -> None:
    """For five minutes before it left, and never in flight before. Fewer reports are no aircraft
    that stands: they may be false."""
    for stood, nm, own in ((6, 45.8, True), (6, 46.1, False), (5, 46.1, True)):
        heard = scene(LONG[-stood:], away(1.0, nm, **LOW))
        assert belongs([each for each in heard if each.callsign != "before" or each.on_ground]) == (
            own
        )


@pytest.mark.parametrize(
    ("field_ft", "climbed_ft", "descended_ft"),
    [
        (FIELD_FT, 39_500.0, 64_825.0),  # 6,000 and 10,000 ft a minute above the lowest it told
        (None, 53_500.0, 78_825.0),  # above the highest airfield
    ],
)
def test_it_climbs_and_descends_no_faster_than_an_aircraft_can(
    field_ft: float | None, climbed_ft: float, descended_ft: float
) -> None:
    def is_at(feet: float | None) -> list[Observation]:
        return scene(LONG, away(1.0, 40.0, baro_altitude_ft=feet), field_ft)

    assert belongs(is_at(climbed_ft))
    assert not belongs(is_at(climbed_ft + 25.0))
    assert belongs(turned(is_at(descended_ft)))
    assert not belongs(turned(is_at(descended_ft + 25.0)))
    assert belongs(is_at(None))


def test_what_strays_before_a_flight_does_not_tell_where_it_came_from() -> None:
    """Its first position is near enough; the others follow only faster than it says to be."""
    strays = report(1.0, destination(AT_DEG, 35.0, 0.0, 45.5)[0], name="away", **LOW)
    for nm, own in ((81.2, False), (80.6, True)):
        flight = [strays, *away(4.0, nm, **LOW)[:9]]
        for reports in (scene(LONG, flight), turned(scene(LONG, flight))):
            assert belongs(reports) == own
    slow = {**LOW, "ground_speed_kt": 100.0}  # none follows as it says: the first one counts
    assert not belongs(scene(LONG, away(1.0, 46.1, **slow)))
    assert belongs(scene(LONG, away(1.0, 45.7, **slow)))


@pytest.mark.parametrize(
    ("moves", "off_nm", "stood"),
    [
        ({}, 0.49, True),
        ({}, 0.51, False),
        ({"ground_speed_kt": 39.9}, 0.0, True),
        ({"ground_speed_kt": 40.0}, 0.0, False),
        ({"ground_speed_kt": None}, 0.0, True),
        ({"on_ground": None}, 0.0, False),
    ],
)
@pytest.mark.parametrize("end", ["before", "after"])
def test_only_what_stands_where_it_stood_speaks_against_a_flight_in_between(
    end: str, moves: dict[str, Any], off_nm: float, stood: bool
) -> None:
    """Slower than 40 kt, within half a mile. Else the flight, which leads there, is its own."""
    flight = away(1.0, 60.0, **LOW)
    place = destination(AT_DEG, 35.0, 90.0, off_nm)
    reports = [
        replace(each, lat_deg=place[0], lon_deg=place[1], **moves)
        if each.on_ground and each.callsign == end
        else each
        for each in scene(LONG, flight)
    ]
    assert belongs(reports) != stood


@pytest.mark.parametrize(
    ("flown", "stood", "off_deg", "crossing", "stays"),
    [
        (6, 6, 0.0, 14, True),
        (5, 6, 0.0, 14, False),  # it did not come by a flight
        (6, 6, 1.0, 14, False),  # it stands elsewhere
        (6, 6, 0.0, 17, True),  # twelve positions in flight and six of a stand
        (6, 6, 0.0, 19, False),
        (6, 1, 0.0, 17, True),  # those of the longer stand
    ],
)
def test_another_aircraft_takes_the_part_of_a_stay_beside_it_only_if_it_outweighs_the_whole(
    flown: int, stood: int, off_deg: float, crossing: int, stays: bool
) -> None:
    """It is heard far away while the aircraft stands and leaves after a silence, in which it is
    heard for a moment or not at all. Each part of the stay has fewer positions."""
    before = [*arriving(0.0, flown), *standing([float(n) for n in range(stood)], "before")]
    after = [*standing([120.0 + n for n in range(6)], "after"), *leaving(125.0, 6)]
    after = [replace(each, lat_deg=(each.lat_deg or 0.0) + off_deg) for each in after]
    other = north([118.5 + n for n in range(crossing)], 40.0, "other")
    for between in ([], standing([60.0, 61.0], "between")):
        kept, beside = told(before, between, after, other)
        assert ("after" in kept) == stays
        if stays:
            assert beside == [{"other": crossing}]
            assert sum(kept.values()) == len(before) + len(between) + len(after)
        else:
            assert kept["other"] == crossing
            assert "before" in kept


@pytest.mark.parametrize("stood", [3, 6, 20])
@pytest.mark.parametrize(
    ("ends_nm", "height_ft", "comes"),
    [
        (3.8, FIELD_FT + 1000.0, True),  # 80 s at 1.3 times its 60 kt and 50 kt more, and a mile
        (3.9, FIELD_FT + 1000.0, False),
        (1.9, FIELD_FT + 5000.0, True),  # 4,000 ft a minute, and 1,000 ft
        (1.9, FIELD_FT + 5025.0, False),
    ],
)
def test_a_report_on_a_stand_is_of_the_flight_that_comes_there_else_of_what_stood_there(
    stood: int, ends_nm: float, height_ft: float, *, comes: bool
) -> None:
    """A place that a feed gives again while the aircraft flies in is no second aircraft."""
    coming = [
        report(
            stood - 0.5 + n,
            destination(AT_DEG, 35.0, 0.0, ends_nm + (25 - n) * 0.4)[0],
            name="coming",
            ground_speed_kt=60.0,
            baro_altitude_ft=height_ft if n == 25 else FIELD_FT,
        )
        for n in range(26)
    ]
    again = standing([stood + 25.5], "again")
    kept, beside = told(standing([float(n) for n in range(stood)], "stood"), coming, again)
    assert kept["coming"] == 26
    assert ("again" in kept) == comes
    assert beside == ([] if comes or stood < 5 else [{"stood": stood, "again": 1}])
