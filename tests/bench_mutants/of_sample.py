"""What tests/bench_mutants/test_mutants.py lets run against wrong versions of `sample`."""

from __future__ import annotations

from tests.bench_mutants.sample import Bounds, doubled, same, within


def test_within() -> None:
    assert [number for number in range(12) if within(number, 0, 10)] == list(range(2, 9))


def test_doubled() -> None:
    assert doubled(4) == 8


def test_same() -> None:
    assert same([1, 2], [1, 2])
    assert not same([1, 2], [1, 3])
    assert same([], []) is False


def test_the_middle() -> None:
    assert Bounds(0, 10).middle == 5
