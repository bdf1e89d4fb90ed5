"""What tests/bench_mutants/test_mutants.py lets run against wrong versions of `sample`."""

from __future__ import annotations

from tests.bench_mutants.sample import Bounds, within


def test_within() -> None:
    assert [number for number in range(12) if within(number, 0, 10)] == list(range(2, 9))


def test_the_middle() -> None:
    assert Bounds(0, 10).middle == 5
