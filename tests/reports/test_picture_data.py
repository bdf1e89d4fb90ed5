"""Does the picture show the received reports, their positions, and nothing else?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collector.geo import destination, distance_nm
from collector.model import Airfield, Landing, Observation
from collector.model.review import CONFIRMED, Review
from collector.reports.picture import TrackPicture, picture_of
from collector.reports.picture.airfields import Origin, middle, runway_pairs
from collector.reports.picture.label_placement import Box, Label, placed_boxes
from collector.reports.picture.timescale import MAX_TICKS, timescale
from collector.reports.picture.track import JOINED_WITHIN, Side
from collector.settings.airfield_catalogue import shipped
from collector.tracking import Doubt
from tests.support import flights
from tests.support.landings import PROBABLE
from tests.support.weeks_told import ADSBLOL

FIELDS = tuple(entry.airfield for entry in shipped())
LLOV = next(field for field in FIELDS if field.icao == "LLOV")
TOUCHDOWN = flights.START + timedelta(hours=2)
STAY = timedelta(hours=3)
NOW = TOUCHDOWN + timedelta(hours=6)
MINUTE = timedelta(minutes=1)

LANDING = replace(
    PROBABLE,
    detection=replace(
        PROBABLE.detection,
        touchdown_at=TOUCHDOWN,
        departed_at=TOUCHDOWN + STAY,
        visit_from=TOUCHDOWN - 4 * MINUTE,
        visit_until=TOUCHDOWN + STAY + 4 * MINUTE,
    ),
)
UNSURE = replace(LANDING, detection=replace(LANDING.detection, airfield=None, runway=None))


def flown(floor_ft: float = 0.0, every_s: float = 60.0) -> list[Observation]:
    path = flights.visit(LLOV, TOUCHDOWN, STAY, runway="20L")
    times = flights.polls(TOUCHDOWN - 45 * MINUTE, TOUCHDOWN + STAY + 45 * MINUTE, every_s)
    return flights.hear(path, times, floor_ft=floor_ft)


def drawn(
    reports: Sequence[Observation],
    landing: Landing = LANDING,
    fields: Sequence[Airfield] = FIELDS,
) -> TrackPicture:
    terms = {"adsblol": ADSBLOL}
    return picture_of(landing, reports, fields, zone="UTC", terms=terms, now=NOW)


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(0, 359.9), st.floats(0.01, 120))
def test_distances_from_the_origin_are_true(
    lat: float, lon: float, bearing: float, distance: float
) -> None:
    spot = Origin(lat, lon).spot(*destination(lat, lon, bearing, distance))
    assert math.isclose(math.hypot(*spot), distance, rel_tol=1e-3)


def test_north_is_up_and_runways_are_to_scale() -> None:
    picture = drawn(flown())
    ovda = picture.fields[0]
    assert ovda.label == "LLOV Ovda"
    assert sorted(strip.names for strip in ovda.strips) == [("02L", "20R"), ("02R", "20L")]
    for strip, (one, other) in zip(ovda.strips, runway_pairs(LLOV.runways), strict=True):
        assert other is not None
        long = distance_nm(one.lat_deg, one.lon_deg, other.lat_deg, other.lon_deg)
        assert math.isclose(math.dist(*strip.ends), long, rel_tol=1e-3)
        assert strip.ends[1][1] > strip.ends[0][1], "02 lies south of 20"
    ramon = next(field for field in picture.fields if field.icao == "LLER")
    assert ramon.spot[0] > 0 > ramon.spot[1]
    assert not ramon.candidate


def test_an_end_without_its_other_one_is_drawn_by_its_length() -> None:
    lone = replace(LLOV, runways=LLOV.runways[1:2])
    (strip,) = drawn(flown(), fields=[lone]).fields[0].strips
    assert math.isclose(math.dist(*strip.ends) * 1852, lone.runways[0].length_m, rel_tol=1e-2)
    assert strip.names == ("20R", "")


def test_fields_that_were_closed_on_the_day_are_left_out() -> None:
    assert "LLET" in {field.icao for field in FIELDS}
    assert "LLET" not in {field.icao for field in drawn(flown()).fields}


def test_nothing_is_joined_across_a_gap() -> None:
    picture = drawn(flown(floor_ft=5000))
    for leg in picture.legs:
        moving = [one.at for one in leg.points if one.side is not Side.GROUND]
        for one, other in itertools.pairwise(moving):
            assert other - one <= JOINED_WITHIN
    (visit,) = [gap for gap in picture.gaps if gap.visit]
    assert visit.length == "3 h 10 min"
    ends = {picture.legs[0].points[-1].at, picture.legs[-1].points[0].at}
    assert {visit.begins_at, visit.ends_at} == ends
    sides = [leg.side for leg in picture.legs]
    assert sides == [Side.ARRIVAL, Side.DEPARTURE]


def test_a_heard_visit_has_an_arrival_the_ground_and_a_departure() -> None:
    picture = drawn(flown(every_s=20))
    assert [leg.side for leg in picture.legs] == [Side.ARRIVAL, Side.GROUND, Side.DEPARTURE]
    for one, other in itertools.pairwise(picture.legs):
        assert one.points[-1] == other.points[0], "no break where the side changes"
    standing = sum(point.side is Side.GROUND for point in picture.points)
    assert standing < 30, "three hours of standing there are a few marks, not 540"
    assert not picture.gaps or not any(gap.visit for gap in picture.gaps)


def test_arrows_point_the_way_it_flew() -> None:
    picture = drawn(flown(floor_ft=3000))
    for side, southward in ((Side.ARRIVAL, True), (Side.DEPARTURE, False)):
        ways = [arrow.way for arrow in picture.arrows if arrow.side is side]
        assert ways
        assert all((way[1] < 0) is southward for way in ways)
        assert all(math.isclose(math.hypot(*way), 1.0) for way in ways)


def test_positions_that_are_not_believed_are_kept_apart_with_the_reason() -> None:
    base = flown(floor_ft=4000)
    odd = base[5]
    frozen = replace(odd, feed="x", heard_at=odd.heard_at + 5 * MINUTE, lat_deg=30.5)
    crowded = replace(odd, feed="x", crowded=True, lat_deg=30.6)
    far = replace(odd, feed="x", lat_deg=33.9, lon_deg=35.5)
    picture = drawn([*base, frozen, crowded, far])
    assert {one.reason for one in picture.doubted_positions} == {
        Doubt.STALE,
        Doubt.CROWDED,
        Doubt.UNREACHABLE,
    }
    believed = drawn(base)
    assert [one for one in picture.points if one.spot is not None] == list(believed.points)
    assert "1 frozen" in picture.caption[0]


@given(st.randoms(use_true_random=False))
def test_the_order_of_reports_does_not_matter(random: object) -> None:
    heard = flown(floor_ft=4000)
    shuffled = heard[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert drawn(shuffled) == drawn(heard)


def test_the_frame_holds_candidates_and_both_ends_of_the_silence() -> None:
    for landing in (LANDING, UNSURE):
        for floor_ft in (0.0, 4000.0, 12_000.0):
            picture = drawn(flown(floor_ft), landing)
            for field in picture.fields:
                assert not field.candidate or picture.frame.holds(field.spot)
            for gap in picture.gaps:
                if gap.visit and gap.end is not None:
                    assert picture.frame.holds(gap.begin)
                    assert picture.frame.holds(gap.end)


def test_an_undetermined_landing_shows_every_candidate_and_no_close_up() -> None:
    picture = drawn(flown(12_000), UNSURE)
    assert [field.icao for field in picture.fields if field.candidate] == ["LLOV", "LLER"]
    assert picture.close_up is None
    assert picture.head[1] == "Ovda or Ramon International, undetermined"
    assert picture.candidates == ("93%  LLOV Ovda", "5%  LLER Ramon International")


def test_a_persons_word_on_where_wins() -> None:
    said = Review(at=NOW, by="ed", verdict=CONFIRMED, airfield="LLER", note="seen")
    picture = drawn(flown(), replace(LANDING, review=CONFIRMED, reviewed=said))
    assert [field.icao for field in picture.fields if field.candidate] == ["LLER", "LLOV"]
    assert picture.close_up is None, "nothing was heard there that could be enlarged"
    assert picture.runway is None
    assert "according to a person" in picture.head[1]


def test_without_any_report_there_is_still_a_sheet() -> None:
    for landing in (LANDING, UNSURE):
        for fields in (FIELDS, ()):
            picture = drawn([], landing, fields)
            assert picture.points == ()
            assert picture.scale.shows(TOUCHDOWN)


def test_the_guide_is_a_3_degree_path_that_ends_at_the_touchdown() -> None:
    (guide,) = drawn(flown(floor_ft=4000)).guides
    assert guide.points[-1] == (TOUCHDOWN, LLOV.elevation_ft)
    heights = [feet for _, feet in guide.points]
    assert heights == sorted(heights, reverse=True)
    assert {one.icao for one in drawn(flown(12_000), UNSURE).guides} <= {"LLOV", "LLER"}


def test_the_caption_names_feeds_terms_and_what_is_not_shown() -> None:
    said = " ".join(drawn(flown()).caption)
    assert "Received by adsblol" in said
    assert ADSBLOL.attribution in said
    assert "not its cargo or purpose" in said


START = datetime(2026, 11, 22, 8, tzinfo=UTC)


@given(st.lists(st.integers(0, 2000), max_size=30), st.integers(6, 2000))
def test_time_only_runs_forward_and_is_to_scale_where_it_moves(
    minutes: list[int], length: int
) -> None:
    scale = timescale(START, START + length * MINUTE, [START + one * MINUTE for one in minutes])
    times = [START + part * length * MINUTE / 50 for part in range(51)]
    drawn_at = [scale.x(time) for time in times]
    assert all(one < other for one, other in itertools.pairwise(drawn_at))
    assert drawn_at[0] == 0.0
    assert math.isclose(drawn_at[-1], scale.width)
    for stretch in scale.stretches:
        true = (stretch.ends_at - stretch.begins_at) / MINUTE
        assert stretch.squeezed or math.isclose(stretch.width, true)
        assert stretch.width <= true
    inside = [START + one * MINUTE for one in minutes if one < length]
    for stretch in scale.stretches:
        if stretch.squeezed:
            assert not any(stretch.begins_at < one < stretch.ends_at for one in inside)


def test_a_long_stay_is_squeezed_and_ticks_are_round() -> None:
    moving = [START + 20 * MINUTE, START + 580 * MINUTE]
    scale = timescale(START, START + 600 * MINUTE, moving)
    assert [stretch.squeezed for stretch in scale.stretches] == [False, True, False]
    assert scale.width < 70
    ticks = scale.ticks()
    assert 2 <= len(ticks) <= MAX_TICKS
    assert all(tick.second == 0 and tick.minute % 5 == 0 for tick in ticks)


@given(
    st.lists(
        st.tuples(st.floats(0, 400), st.floats(0, 400), st.text("abc", min_size=1, max_size=9)),
        max_size=12,
    )
)
def test_names_stay_on_the_sheet(spots: list[tuple[float, float, str]]) -> None:
    labels = [Label(x, y, words, 8.0) for x, y, words in spots]
    sheet = Box(-80, -80, 480, 480)
    boxes = placed_boxes(labels, (), sheet)
    assert len(boxes) == len(labels)
    for box in boxes:
        assert sheet.left <= box.left < box.right <= sheet.right
        assert sheet.bottom <= box.bottom < box.top <= sheet.top


def test_two_names_at_one_place_do_not_hide_each_other() -> None:
    labels = [Label(200, 200, "LLOV Ovda", 8.5)] * 4
    boxes = placed_boxes(labels, (), Box(0, 0, 400, 400))
    assert all(one.overlap(other) == 0.0 for one, other in itertools.combinations(boxes, 2))


def test_the_middle_of_fields_lies_between_them() -> None:
    ramon = next(field for field in FIELDS if field.icao == "LLER")
    found = middle([LLOV, ramon])
    assert found is not None
    half = distance_nm(LLOV.lat_deg, LLOV.lon_deg, ramon.lat_deg, ramon.lon_deg) / 2
    for field in (LLOV, ramon):
        near = distance_nm(found.lat_deg, found.lon_deg, field.lat_deg, field.lon_deg)
        assert math.isclose(near, half, rel_tol=1e-3)
    assert middle([]) is None
