"""Do positions and heights alone show a landing, and nothing that only looks like one?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from recordings.eyes import seen_by_bit, seen_by_next, seen_in
from recordings.tracks import Track

from .made import APPROACH, AWAY, BEGIN_S, FIELD, STAY, WORLD, track, without_bits


def test_a_landing_is_seen_with_and_without_a_ground_bit() -> None:
    one = track(*APPROACH, STAY)
    for each in (one, without_bits(one)):
        (seen,) = seen_in(each, WORLD)
        assert (seen.kind, seen.airfield, seen.route) == ("landing", "88NV", "geometry")
        assert 290 <= seen.at_s - BEGIN_S <= 345
    (by_bit,) = seen_by_bit(one, WORLD)
    assert by_bit.airfield == "88NV"
    assert seen_by_bit(without_bits(one), WORLD) == []


def test_two_visits_are_two_and_the_first_is_left() -> None:
    back = ((300, 8.0, 3000, 130, 0), *APPROACH, STAY)
    first, second = seen_in(track(*APPROACH, STAY, *AWAY, *back), WORLD)
    assert first.left_s is not None
    assert first.at_s < first.left_s < second.at_s


@pytest.mark.parametrize(
    "legs",
    [
        ((200, 3.0, 1000, 120, 0), (90, 0.0, 60, 120, 0), *AWAY),
        (*APPROACH, (5, 0.0, 0, 30, 1), *AWAY),
        ((600, 0.0, 0, 0, 1),),
        ((300, -10.0, 30_000, 440, 0),),
    ],
    ids=["low pass", "moment on the ground", "taxi", "overflight"],
)
def test_what_does_not_stop_after_flight_is_none(legs: tuple[tuple[float, ...], ...]) -> None:
    begins = (1.0, 0.0) if len(legs) == 1 and legs[0][4] else (10.0, 3000.0)
    made = track(*legs, begins_nm=begins[0], begins_ft=begins[1])  # type: ignore[arg-type]
    assert seen_in(made, WORLD) == []


def test_parked_with_a_garbled_height_has_not_flown() -> None:
    parked = track((600, 0.0, 0, 0, 1), begins_nm=0.0, begins_ft=0.0)
    rows = [
        replace(row, on_ground=False, altitude_ft=39_025.0) if 20 <= n < 60 else row
        for n, row in enumerate(parked.rows)
    ]
    assert seen_in(Track("a00001", rows), WORLD) == []


@pytest.mark.parametrize(
    ("legs", "kind", "airfield"),
    [
        (((200, 1.0, 400, 120, 0),), "landing", "88NV"),
        (((200, 9.0, 2500, 120, 0), (200, 5.0, 1600, 120, 0)), "broken-off", "88NV"),
    ],
)
def test_a_track_that_ends_in_the_air_is_a_low_end_or_broke_off(
    legs: tuple[tuple[float, float, float, float, float], ...], kind: str, airfield: str
) -> None:
    (seen,) = seen_in(track(*legs), WORLD)
    assert (seen.kind, seen.airfield, seen.route) == (kind, airfield, "low end")


def test_the_next_flight_shows_where_the_last_one_ended() -> None:
    first = track((200, 9.0, 5000, 120, 0)).rows
    later = [replace(row, at_s=row.at_s + 7200.0) for row in track(STAY, *AWAY, begins_nm=0.0).rows]
    (seen,) = seen_by_next(Track("a00001", [*first, *later]), WORLD)
    assert seen.airfield == FIELD.code
    assert first[-1].at_s <= seen.at_s < seen.until_s <= later[0].at_s
