"""Which fixes show that the aircraft flew, and which may be garbled, repeated or a taxi?"""

from __future__ import annotations

import pytest

from collector.landings.contacts import Contacts
from collector.landings.flight import (
    away,
    elsewhere_or_flying,
    flew_between,
    moves,
    next_flying,
    proofs_before,
)
from collector.model import Observation, Source
from collector.tracking import Doubt, Fix, Fixes
from tests.landings.made_fixes import (
    FIELD,
    MINUTE,
    OTHER,
    RULES,
    T,
    blind,
    contacts,
    fix,
    ground,
)

QUARTER_S = 900.0
"""Longer than the shortest silence."""


@pytest.mark.parametrize(
    ("other", "one", "flies"),
    [
        (fix(-60, 4.0), fix(0, 5.01), True),
        (fix(-60, 4.0), fix(0, 4.98), False),  # 59 kt: a fast taxi
        (fix(60, 4.0), fix(0, 5.01), True),
        (fix(-5, 4.0), fix(0, 4.2), True),
        (fix(-4, 4.0), fix(0, 4.2), False),  # nearer in time, rounding alone looks fast
        (fix(-60, 4.0), fix(0, 5.01, None), False),  # its ground bit may have been lost
        (fix(-60, 4.0), fix(0, 5.01, None, ground_speed_kt=60.0), True),
        (fix(-60, 4.0), fix(0, 5.01, None, ground_speed_kt=59.0), False),
        (fix(-60, 4.0), fix(0, 4.0, None, ground_speed_kt=200.0), False),
        (fix(-60, 4.0), fix(0, 4.0, ground_speed_kt=60.0), False),
        (fix(-61, 4.0), fix(0, 4.0, ground_speed_kt=60.0), True),  # it may have flown a circle
        (fix(-61, 4.0), fix(0, 4.0, ground_speed_kt=59.0), False),
        (fix(-61, 4.0), fix(0, 4.0, None, ground_speed_kt=60.0), False),
        (blind(-60, 3000), fix(0, 4.0, ground_speed_kt=60.0), True),
        (fix(-60, 4.0), blind(0, 3000, ground_speed_kt=200.0), False),
    ],
)
def test_flight_is_movement_at_the_speed_of_flight(other: Fix, one: Fix, flies: bool) -> None:
    pair = sorted((other, one), key=lambda each: each.at)
    assert moves(contacts(*pair), pair.index(one), RULES) is flies


def test_the_nearest_neighbour_with_a_position_tells_the_speed() -> None:
    between = contacts(fix(0, 4.0), blind(30, 3000), fix(60, 5.01))
    assert moves(between, 0, RULES)
    assert moves(between, 2, RULES)
    still = contacts(fix(0, 2.0), fix(60, 4.0), fix(90, 4.0), fix(120, 4.0))
    assert not moves(still, 2, RULES)


def test_one_neighbour_near_in_time_is_enough_to_show_that_it_stood() -> None:
    """It reports 200 kt, and was at the same place half a minute before."""
    rows = contacts(fix(0, 4.0), fix(30, 4.0, ground_speed_kt=200.0), fix(150, 4.0))
    assert not moves(rows, 1, RULES)


def test_no_speed_follows_across_a_break_of_the_track() -> None:
    rows = fix(0, 4.0), fix(60, 9.0), fix(120, 9.0)
    assert moves(contacts(*rows), 1, RULES)
    assert not moves(contacts(*rows, breaks=[1]), 1, RULES)
    assert not moves(contacts(*rows, breaks=[1]), 0, RULES)


def test_who_is_on_the_ground_does_not_fly() -> None:
    rows = ground(0), ground(60, 2.0)
    assert not moves(contacts(*rows, down=[1]), 1, RULES)


@pytest.mark.parametrize(
    ("source", "speed_kt", "flies"),
    [
        (Source.ADSB, None, True),
        (Source.MLAT, None, False),
        (Source.MLAT, 180.0, False),
        (Source.MLAT, 181.0, True),  # nothing rolls so fast: the claim itself is wrong
    ],
)
def test_a_ground_bit_of_a_source_that_cannot_know_shows_neither_ground_nor_flight(
    source: Source, speed_kt: float | None, flies: bool
) -> None:
    rows = [
        Observation(
            icao24="600865",
            feed="a",
            heard_at=T + minute * MINUTE,
            position_at=T + minute * MINUTE,
            lat_deg=30.0 + minute / 20.0,
            lon_deg=35.0,
            baro_altitude_ft=3000.0,
            on_ground=minute == 1,
            ground_speed_kt=speed_kt if minute == 1 else None,
            source=source,
        )
        for minute in range(2)
    ]
    made = Contacts(Fixes(rows, [row.at for row in rows], {}), {}, set())
    assert moves(made, 1, RULES) is flies
    assert moves(made, 0, RULES)


@pytest.mark.parametrize(
    ("one", "is_away"),
    [
        (fix(0, 2.3, 201), True),
        (fix(0, 2.3, 200), False),  # a false place of one that is parked
        (fix(0, 2.1, 201), False),
        (fix(0, 2.1, 401), True),
        (fix(0, 2.1, 400), False),
        (fix(0, 2.3, None), False),
        (blind(0, 9000), False),
    ],
)
def test_away_is_beyond_the_field_or_clearly_above_it(one: Fix, is_away: bool) -> None:
    assert away(contacts(one), 0, FIELD, RULES) is is_away


def flew(*between: Fix, begin_s: float = 0.0, end_s: float = 1800.0) -> bool:
    """Whether it flew between two reports on the ground at the field."""
    rows = contacts(ground(begin_s), *between, ground(end_s), down=[0, len(between) + 1])
    return flew_between(rows, 0, len(between) + 1, RULES)


def test_two_fixes_in_the_air_away_from_the_field_are_a_flight() -> None:
    assert flew(fix(600, 4.0), fix(660, 6.0))
    assert not flew(fix(600, 4.0, 150), fix(660, 6.0, 150)), "at the height of the field"
    assert not flew(fix(600, 4.0), fix(660, 4.1)), "they do not move"
    fast = {"ground_speed_kt": 200.0}
    assert flew(fix(600, 4.0, **fast), fix(605, 4.1, **fast))
    assert not flew(fix(600, 4.0, **fast), fix(604, 4.1, **fast)), "as good as one"


def test_one_fix_away_is_a_flight_between_two_silences() -> None:
    one = fix(QUARTER_S, 4.0, ground_speed_kt=200.0)
    assert flew(one, end_s=2 * QUARTER_S)
    assert not flew(one, begin_s=QUARTER_S - 700, end_s=2 * QUARTER_S)
    assert not flew(one, end_s=QUARTER_S + 700)


@pytest.mark.parametrize(
    ("heights_ft", "is_flight"),
    [
        ((5001, 6000, 7000), True),
        ((5000, 6000, 7000), False),
        ((6000, 7000, 7000), False),  # an old altitude that a feed repeats
        ((6000, 7000, 8000, None), True),
    ],
)
def test_three_altitudes_high_above_the_field_are_a_flight_that_nobody_placed(
    heights_ft: tuple[float | None, ...], is_flight: bool
) -> None:
    rows = [blind(60.0 * number, feet) for number, feet in enumerate(heights_ft, start=1)]
    assert flew(*rows, end_s=720) is is_flight
    assert not flew(*rows, end_s=719), "nobody climbs so high and lands again so soon"


@pytest.mark.parametrize("doubt", [Doubt.FROZEN, Doubt.CIRCLING])
def test_heights_beside_a_place_that_stood_still_are_as_likely_wrong(doubt: Doubt) -> None:
    rows = [blind(60.0 * number, 5000.0 + 1000 * number, doubt=doubt) for number in range(1, 5)]
    assert not flew(*rows)
    stale = [blind(60.0 * number, 5000.0 + 1000 * number) for number in range(1, 5)]
    assert flew(*stale)


def circuit(*seconds: float, kt: float = 66.0) -> list[Fix]:
    """It moves north over the field, at the height of one that may stand there."""
    return [fix(each, -1.5 + kt * (each - seconds[0]) / 3600.0, 300) for each in seconds]


def test_movement_over_the_field_for_longer_than_a_roll_is_a_flight() -> None:
    assert flew(*circuit(600, 645, 690))
    assert not flew(*circuit(600, 644, 689)), "a roll"
    assert not flew(*circuit(600, 690)), "two fixes, of which one may be wrong"
    assert not flew(*circuit(600, 645, 690, kt=58.0)), "a taxi"


def test_a_stand_in_between_divides_two_rolls() -> None:
    first, _, last = circuit(600, 645, 690)
    halt = fix(645, -0.6, None)
    assert not flew(first, halt, last)
    assert not flew(fix(600, -1.5, 300), fix(610, -1.3, 300), halt, *circuit(680, 690, 695))


def test_a_false_place_beyond_the_field_is_no_part_of_a_circuit() -> None:
    first, second, last = circuit(600, 645, 690)
    beyond = fix(650, 9.0, 100)
    assert flew(first, second, beyond, last) is False, "it divides the movement"
    assert not flew(beyond, fix(700, 12.0, 100), fix(760, 15.0, 100))


def test_where_it_stood_first_is_known() -> None:
    rows = contacts(ground(0), fix(600, 4.0), fix(660, 6.0), ground(1800), down={0: None, 3: None})
    assert not flew_between(rows, 0, 3, RULES)


def proofs(*before: Fix, earliest: int = 0, **more: object) -> list[int]:
    """What shows, before it was on the ground at 1,800 s, that it was elsewhere or flew."""
    last = len(before)
    rows = contacts(*before, ground(1800), **{"down": [last], **more})  # type: ignore[arg-type]
    return list(proofs_before(rows, last, earliest, FIELD, RULES))


def test_the_latest_proof_comes_first_and_none_lies_beyond_a_break() -> None:
    rows = [fix(600 + 60 * n, 9.0 - 2 * n, ground_speed_kt=200.0) for n in range(3)]
    assert proofs(*rows) == [2, 1, 0]
    assert proofs(*rows, earliest=1) == [2, 1]
    assert proofs(*rows, breaks=[3]) == []
    assert proofs(*rows, breaks=[2]) == [2]


def test_altitudes_alone_prove_a_flight_if_they_differ_or_lead_to_the_ground() -> None:
    assert proofs(*(blind(1500 + 60 * n, 30_000 + n) for n in range(3))) == [2, 1, 0]
    assert proofs(*(blind(1500 + 60 * n, 30_000 + n) for n in range(2))) == []
    assert proofs(blind(1740, 4000)) == [], "low: it may be that of the field, garbled"
    assert proofs(blind(1680, 8000)) == [0], "4,000 ft a minute, for two minutes"
    assert proofs(blind(1680, 8001)) == []
    assert proofs(blind(1680, None)) == []
    assert proofs(blind(1680, 7000, doubt=Doubt.FROZEN)) == []
    assert proofs(blind(1680, 7000, doubt=Doubt.CIRCLING)) == []
    assert proofs(blind(1680, 7000, doubt=Doubt.STALE)) == [0]


def test_altitudes_before_the_stay_before_count_for_that_one() -> None:
    rows = [blind(1500 + 60 * n, 30_000 + n) for n in range(4)]
    assert proofs(*rows, earliest=1) == [3, 2, 1]
    assert proofs(*rows, earliest=2) == []


@pytest.mark.parametrize(
    ("one", "down", "elsewhere"),
    [
        (blind(0, 5001), {}, True),
        (blind(0, 5000), {}, False),
        (blind(0, None), {}, False),
        (fix(0, 20.0, ground_speed_kt=200.0), {}, True),
        (fix(0, 20.0, ground_speed_kt=20.0), {}, False),
        (ground(0, 11.1), {0: None}, True),
        (ground(0, 10.9), {0: None}, False),  # a spoofed circle of one that stands there
    ],
)
def test_elsewhere_is_in_flight_or_farther_than_any_false_place(
    one: Fix, down: dict[int, None], elsewhere: bool
) -> None:
    assert elsewhere_or_flying(contacts(one, down=down), 0, FIELD, RULES) is elsewhere


def test_it_left_at_the_first_position_in_flight_or_elsewhere() -> None:
    still, flying = fix(780, 1.0, 100), fix(1080, 4.0, ground_speed_kt=200.0)
    rows = ground(600), still, blind(900, 9000), flying, fix(1200, 20.0)
    assert next_flying(contacts(*rows, down=[0]), 0, 5, RULES) == 3
    assert next_flying(contacts(*rows, down=[0]), 0, 3, RULES) == 3
    assert next_flying(contacts(*rows, down=[0]), 0, 2, RULES) is None
    assert next_flying(contacts(*rows, down=[0], breaks=[2]), 0, 5, RULES) is None
    stands = ground(600), ground(900, 12.0)
    assert next_flying(contacts(*stands, down={0: FIELD, 1: None}), 0, 5, RULES) == 1
    assert next_flying(contacts(*stands, down={0: OTHER, 1: FIELD}), 0, 5, RULES) == 1
    assert next_flying(contacts(*stands, down={0: None, 1: None}), 0, 5, RULES) is None
