"""Which fixes are contacts with the ground, at which field, and which of them are slow?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.landings.contacts import contacts_of
from collector.model import Airfield
from collector.tracking import Fix
from tests.landings.made_fixes import FIELD, OTHER, RULES, blind, fix, ground

STRIP = replace(FIELD, icao="XSTR", lat_deg=FIELD.lat_deg + 0.02)
"""1.2 NM to the north."""


def down(*rows: Fix, short: tuple[Airfield, ...] = ()) -> dict[int, str | None]:
    """Which of the rows are on the ground, and where."""
    made = contacts_of(rows, (FIELD, OTHER), RULES, short)
    return {n: None if field is None else field.icao for n, field in made.down.items()}


def slow(*rows: Fix) -> set[int]:
    return contacts_of(rows, (FIELD, OTHER), RULES).slow


@pytest.mark.parametrize(
    ("away_nm", "speed_kt", "where"),
    [
        (2.1, 0.0, {0: "XHER"}),
        (2.3, 0.0, {0: None}),
        (28.0, 0.0, {0: "XOTH"}),
        (2.3, 170.0, {0: None}),  # a circle around one that stands there
        (10.9, 170.0, {0: None}),
        (11.1, 59.0, {0: None}),
        (11.1, None, {0: None}),
        (11.1, 60.0, {}),  # as fast as in flight, far from every field
        (19.0, 60.0, {}),
        (19.2, 60.0, {0: None}),
    ],
)
def test_a_ground_bit_is_a_contact_unless_the_aircraft_flies(
    away_nm: float, speed_kt: float | None, where: dict[int, str | None]
) -> None:
    assert down(ground(0, away_nm, speed_kt)) == where


def test_without_fields_there_is_no_far_from_them() -> None:
    made = contacts_of([ground(0, 0.0, 170.0), ground(60, 0.0, 0.0)], (), RULES)
    assert made.down == {1: None}


@pytest.mark.parametrize(("speed_kt", "is_slow"), [(None, True), (40.0, True), (41.0, False)])
def test_who_reports_that_it_rolls_is_not_slow(speed_kt: float | None, is_slow: bool) -> None:
    assert (slow(ground(0, 0.0, speed_kt)) == {0}) is is_slow


@pytest.mark.parametrize(
    ("apart_s", "way_nm", "moves"),
    [
        (10, 0.17, True),  # 60 kt
        (10, 0.16, False),
        (9, 0.5, False),  # nearer in time, rounding alone looks fast
        (60, 1.01, True),
        (60, 0.99, False),
        (61, 3.0, False),
    ],
)
def test_who_moves_is_not_slow_whatever_it_reports(
    apart_s: float, way_nm: float, moves: bool
) -> None:
    """ "0 kt" is also sent for a speed that is not known."""
    for sign in (-1, 1):
        rows = sorted((fix(sign * apart_s, way_nm), ground(0)), key=lambda each: each.at)
        assert (slow(*rows) == set()) is moves
    between = ground(0), blind(20, 3000), fix(60, 1.01)
    assert slow(*between) == set()


STANDS = fix(0, 0.0, 0, ground_speed_kt=25.0)
BESIDE = fix(60, 0.1, 0, ground_speed_kt=50.0)
"""Where it was a minute later: faster than anybody is taken for standing."""


@pytest.mark.parametrize(
    ("changed", "stands"),
    [
        ({}, True),
        ({"ground_speed_kt": 26.0}, False),
        ({"ground_speed_kt": None}, False),
        ({"altitude_ft": FIELD.elevation_ft + 400}, True),  # 300 ft, and what it may be off
        ({"altitude_ft": FIELD.elevation_ft + 401}, False),
        ({"altitude_ft": FIELD.elevation_ft - 400}, True),
        ({"altitude_ft": FIELD.elevation_ft - 401}, False),
        ({"altitude_ft": None}, False),
        ({"lat_deg": 30.04}, False),  # 2.4 NM away
        ({"lat_deg": None, "lon_deg": None}, False),
    ],
)
def test_without_a_ground_bit_it_stands_if_it_is_slow_low_and_still(
    changed: dict[str, float | None], stands: bool
) -> None:
    one = replace(STANDS, **changed)  # type: ignore[arg-type]
    high = one.altitude_ft is not None and one.altitude_ft > FIELD.elevation_ft
    beside = replace(BESIDE, altitude_ft=one.altitude_ft if high else FIELD.elevation_ft)
    assert (down(one, beside) == {0: "XHER"}) is stands
    assert 0 in slow(one, beside) or not stands


@pytest.mark.parametrize(
    ("seconds", "away_nm", "still"),
    [
        (60, 0.66, True),  # 40 kt
        (60, 0.68, False),
        (-60, 0.66, True),
        (10, 0.1, True),
        (9, 0.1, False),
        (600, 2.0, True),
        (601, 2.0, False),
    ],
)
def test_it_stands_if_it_was_there_before_or_after(
    seconds: float, away_nm: float, still: bool
) -> None:
    other = fix(seconds, away_nm, 0)
    rows = sorted((STANDS, other), key=lambda each: each.at)
    assert (rows.index(STANDS) in down(*rows)) is still
    without = sorted((STANDS, other, blind(seconds / 2 + 6, 0)), key=lambda each: each.at)
    assert (without.index(STANDS) in down(*without)) is still


def test_one_side_is_enough() -> None:
    """It came there faster than a taxi, and stayed."""
    assert down(fix(-60, 1.5, 0), STANDS, fix(60, 0.1, 0)) == {1: "XHER"}
    assert down(fix(-60, 0.1, 0), STANDS, fix(60, 1.5, 0)) == {1: "XHER"}
    assert down(fix(-60, 1.5, 0), STANDS, fix(60, 1.5, 0)) == {}


@pytest.mark.parametrize(
    ("lowest", "stands"),
    [
        (fix(600, 1.0, -100), True),
        (fix(600, 1.0, -101), False),  # 300 ft above the lowest height there
        (fix(600, 2.3, -101), True),  # not at the field
        (fix(600, 1.0, -850), False),
        (fix(600, 1.0, -851), True),  # no pressure makes it so low
        (fix(600, 1.0, None), True),
        (blind(600, -500), True),
    ],
)
def test_who_was_clearly_lower_at_that_field_is_not_on_its_ground(
    lowest: Fix, stands: bool
) -> None:
    """However wrong its altitudes are, they are wrong alike."""
    one = replace(STANDS, altitude_ft=FIELD.elevation_ft + 200)
    beside = replace(BESIDE, altitude_ft=FIELD.elevation_ft + 200)
    assert (down(one, beside, lowest) == {0: "XHER"}) is stands


@pytest.mark.parametrize(
    ("bits", "apart_s", "stands"), [(2, 9e3, True), (3, 150, True), (3, 151, False)]
)
def test_who_sends_ground_bits_is_in_the_air_without_one_except_for_minutes(
    bits: int, apart_s: float, stands: bool
) -> None:
    rows = [STANDS, BESIDE, *(ground(apart_s + n, 0.1) for n in range(bits))]
    assert (0 in down(*rows)) is stands
    before = [*(ground(-apart_s - n, 0.1) for n in range(bits - 1, -1, -1)), STANDS, BESIDE]
    assert (bits in down(*before)) is stands


def test_bits_at_another_field_say_nothing_of_this_one() -> None:
    there = [ground(7200 + n, 30.0) for n in range(3)]
    assert 0 not in down(STANDS, BESIDE, *there)
    astray = [ground(7200 + n, 60.0) for n in range(3)]
    assert 0 in down(STANDS, BESIDE, *astray), "bits at no field are no habit"
    near = [ground(100 + n, 60.0) for n in range(3)]
    assert 0 not in down(STANDS, BESIDE, *there, *near)


def test_at_a_field_too_short_for_its_type_it_is_only_if_at_no_other() -> None:
    between = ground(0, 1.0)
    beyond = ground(0, 3.0)
    assert down(between, short=(STRIP,)) == {0: "XHER"}
    assert down(beyond) == {0: None}
    assert down(beyond, short=(STRIP,)) == {0: "XSTR"}
    fast = ground(0, 12.0, 100.0)
    assert down(fast) == {}
    assert down(fast, short=(STRIP,)) == {0: None}, "it is not far from that one"


def test_contacts_are_a_sequence_of_the_fixes_with_what_they_show() -> None:
    rows = [fix(-600, 20.0), ground(0), ground(60, 0.0, 90.0), blind(120, 9000)]
    made = contacts_of(rows, (FIELD,), RULES)
    assert len(made) == 4
    assert [(each.down, each.slow) for each in made] == [
        (False, False),
        (True, True),
        (True, False),
        (False, False),
    ]
    assert [each.field for each in made[1:3]] == [FIELD, FIELD]
    assert made[-1] == made[3]
    assert made[-1].fix is rows[3]
    assert made[0].field is None
    assert made.ats == [row.at for row in rows]
    with pytest.raises(IndexError):
        made[4]
