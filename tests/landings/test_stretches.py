"""Which contacts with the ground belong to one stretch, whatever is received between them?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest

from collector.landings.stretches import same_field, stretches_of
from collector.model import Airfield
from collector.tracking import Fix
from tests.landings.made_fixes import FIELD, OTHER, RULES, contacts, fix, ground

FLIES = {"ground_speed_kt": 200.0}


def stretches(
    *rows: Fix,
    there: dict[int, Airfield | None] | None = None,
    slow: Collection[int] | None = None,
) -> list[list[int]]:
    """The stretches of these rows: at the field, unless `there` says where."""
    down = {n: FIELD for n, row in enumerate(rows) if row.on_ground} | (there or {})
    return stretches_of(contacts(*rows, down=down, slow=slow), RULES)


def away(begin_s: float) -> list[Fix]:
    """A flight: two fixes in the air beyond the field."""
    return [fix(begin_s, 4.0, **FLIES), fix(begin_s + 10, 4.6, **FLIES)]


@pytest.mark.parametrize(("seconds", "groups"), [(30, [[0, 3]]), (31, [[0], [3]])])
def test_a_bit_that_flickers_divides_nothing(seconds: float, groups: list[list[int]]) -> None:
    assert stretches(ground(0), *away(8), ground(seconds)) == groups


def test_only_a_flight_divides_a_stay() -> None:
    assert stretches(ground(0), ground(90_000)) == [[0, 1]], "nothing was heard between"
    assert stretches(ground(0), fix(600, 1.0, 100), ground(1200)) == [[0, 2]]
    assert stretches(ground(0), *away(600), ground(1200)) == [[0], [3]]
    assert stretches() == []


def test_contacts_at_two_fields_are_two_stretches() -> None:
    assert stretches(ground(0), ground(900, 30.0), there={1: OTHER}) == [[0], [1]]
    assert stretches(ground(0), there={0: None}) == []


def test_a_circle_beside_the_field_is_part_of_the_stay() -> None:
    """Spoofed positions on the ground, up to 11 NM away, also for hours."""
    rows = ground(0), ground(3600, 10.9), ground(7200)
    assert stretches(*rows, there={1: None}) == [[0, 1, 2]]
    astray = ground(0), ground(3600, 11.1), ground(7200)
    assert stretches(*astray, there={1: None}) == [[0], [2]]


@pytest.mark.parametrize(("apart_s", "joins"), [(719, True), (720, False)])
def test_farther_away_it_never_left_if_no_silence_lies_between(apart_s: float, joins: bool) -> None:
    rows = ground(0), ground(apart_s, 20.0), ground(apart_s + 60)
    assert stretches(*rows, there={1: None}) == ([[0, 1, 2]] if joins else [[0], [2]])


@pytest.mark.parametrize(
    ("seconds", "slow", "joins"),
    [
        ((300,), None, True),  # a single report at another field is a wrong one
        ((300, 307), None, True),
        ((300, 308), None, False),  # it stood there
        ((300, 308), (0, 1, 3), True),
        ((300, 308), (0, 3), True),
    ],
)
def test_two_slow_reports_at_another_field_are_a_stay_there(
    seconds: tuple[float, ...], slow: tuple[int, ...] | None, joins: bool
) -> None:
    rows = ground(0), *(ground(each, 30.0) for each in seconds), ground(600)
    there: dict[int, Airfield | None] = dict.fromkeys(range(1, len(seconds) + 1), OTHER)
    found = stretches(*rows, there=there, slow=slow)
    last = len(rows) - 1
    if joins:
        assert found == [[0, last]]
    else:
        assert found == [[0], [1, 2], [3]]


def test_a_circle_over_many_fields_is_crossed_up_to_a_few() -> None:
    fields = [replace(OTHER, icao=f"X{n:03}") for n in range(5)]

    def crossed(number: int) -> int:
        rows = [ground(0), *(ground(60 * n, 30.0) for n in range(1, number + 1))]
        there: dict[int, Airfield | None] = {n + 1: fields[n] for n in range(number)}
        back = ground(60 * (number + 1))
        return len(stretches(*rows, back, there=there, slow=[0, number + 1]))

    assert crossed(3) == 1
    assert crossed(4) == 6, "the stretch at the field lies too many fields back"


def test_one_field_is_told_by_its_code() -> None:
    rows = contacts(ground(0), ground(60), ground(120), down={0: FIELD, 1: replace(FIELD), 2: None})
    assert same_field(rows, 0, 1)
    assert not same_field(rows, 0, 2)
    assert not same_field(rows, 2, 0)
    two = contacts(ground(0), ground(60), fix(90, 1.0), down={0: FIELD, 1: OTHER})
    assert not same_field(two, 0, 1)
    assert not same_field(two, 0, 2)
