"""Are drawn worlds honest? The same world for the same number, real runways, and only what is false
is called false."""

from __future__ import annotations

import pytest
from accuracy import worlds
from accuracy.altered import Alteration, altered_world, read_classes
from accuracy.cases import case
from accuracy.dated import Weeks
from accuracy.drawn import draw_world
from accuracy.places import runways_of
from accuracy.ranges import NEIGHBOUR_SHARE
from accuracy.records import Claim
from accuracy.world import SOUTHERN

from collector.geo import angle_between_deg

NUMBER = 1003
SEED = 424242


def claim(**over: object) -> Claim:
    return Claim(
        **{
            "airfield": "AAAA",
            "grade": "probable",
            "probability": 0.9,
            "counted": True,
            "at_s": 0.0,
            "uncertainty_s": 60.0,
            "left_at_s": None,
            "left_uncertainty_s": 0.0,
            "weeks": Weeks({"2026-W47": 1.0}, "2026-W47", unheard=False),
            "truth": None,
            "instead_of": None,
        }
        | over  # type: ignore[arg-type]
    )


def test_a_world_is_the_same_for_its_number_and_within_the_ranges() -> None:
    world, (least, most) = draw_world(NUMBER), NEIGHBOUR_SHARE
    assert vars(world) == vars(draw_world.__wrapped__(NUMBER))
    assert world.shares[world.fields[0]] == 1.0
    assert all(least <= share <= most for share in world.shares.values())
    assert set(world.fields) <= {each.icao for each in world.candidates}
    assert world.fields[0] not in SOUTHERN.fields


def test_flights_of_a_drawn_world_touch_down_on_its_runways() -> None:
    world, seen = draw_world(NUMBER), 0
    for index in range(12):
        one = case(SEED, index, world=world)
        for flight in one.flights:
            for landed in flight.landed:
                point = flight.motion.at(landed.at_s)
                assert point is not None
                place = world.field(landed.airfield)
                ends = runways_of(place, world.least_runway_m)
                end = next(each for each in ends if each.name == landed.runway)
                assert angle_between_deg(point.course_deg, end.bearing_deg) < 15.0
                assert abs(point.altitude_ft - place.elevation_ft) < 250.0
                seen += 1
    assert seen > 3


def test_an_altered_world_differs_in_what_was_asked_for_alone() -> None:
    """Low floors, and more of one class; no class is made up."""
    alteration = Alteration((100, 1500), 6.0, read_classes("low-pass=8"))
    drawn, world = draw_world(NUMBER), altered_world(NUMBER, alteration)
    assert altered_world(NUMBER, Alteration()) is drawn
    assert altered_world(NUMBER, alteration) is world
    assert {case(SEED, index, world=world).floor_ft for index in range(8)} == {100, 1500}
    assert world.faulty == 6.0 * drawn.faulty
    assert world.classes["low-pass"] == 8.0 * drawn.classes.get("low-pass", 1.0)
    assert (world.fields, world.shares, world.style) == (drawn.fields, drawn.shares, drawn.style)
    with pytest.raises(ValueError, match="no class low-passes"):
        read_classes("low-passes=8")


@pytest.mark.parametrize(
    ("instead_of", "kind"), [(None, "invented"), ("BBBB", "moved"), ("AAAA", "doubled")]
)
def test_a_false_count_is_named_by_its_kind(instead_of: str | None, kind: str) -> None:
    assert worlds.kind_of(claim(instead_of=instead_of)) == kind


def test_the_bench_prints_a_line_for_each_world(capsys: pytest.CaptureFixture[str]) -> None:
    assert worlds.main(["--first", str(NUMBER), "--worlds", "1", "--days", "3"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[2].startswith(draw_world(NUMBER).name)
    assert printed[3].startswith("precision: worst")
    assert "in a wrong week" in printed[4]
