"""What is counted, what is undetermined, and what is neither?"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.alerts.counts import Count, count_landings, probability_in, standing
from collector.model import Grade, Landing
from collector.weeks import week_bounds
from tests.support.touchdowns import EITHER, OVDA, RAMON, WATCH, touchdown

AT = datetime(2026, 11, 18, 12, 5, tzinfo=UTC)
BEGIN, END = week_bounds("2026-W47", "Asia/Jerusalem")
BETWEEN = (("LLOV", 0.5), ("LLER", 0.4))
UNNAMED = (("LLOV", 0.93), ("LLER", 0.04))
"""In all doubt about how often aircraft land at its rival, the likelier one may not be named."""


def _count(landing: Landing, place: str = "LLOV") -> tuple[int, int]:
    places = {"LLOV": OVDA, "LLER": RAMON, "either": EITHER}
    count = count_landings([landing], WATCH, places[place], BEGIN, END)
    return count.count, count.at_most


@pytest.mark.parametrize(
    ("landing", "place", "expected"),
    [
        (touchdown(AT), "LLOV", (1, 1)),
        (touchdown(AT), "LLER", (0, 0)),
        (touchdown(AT), "either", (1, 1)),
        (touchdown(AT, grade=Grade.POSSIBLE), "LLOV", (0, 1)),
        (touchdown(AT, grade=Grade.POSSIBLE), "LLER", (0, 0)),
        (touchdown(AT, None, candidates=BETWEEN), "LLOV", (0, 1)),
        (touchdown(AT, None, candidates=BETWEEN), "LLER", (0, 1)),
        (touchdown(AT, None, candidates=BETWEEN), "either", (1, 1)),
        (touchdown(AT, None, candidates=BETWEEN, grade=Grade.POSSIBLE), "either", (0, 1)),
        (touchdown(AT, None, candidates=(*BETWEEN, ("OJAQ", 0.1))), "either", (0, 1)),
        (touchdown(AT, None, candidates=(*BETWEEN, ("OJAQ", 0.04))), "either", (1, 1)),
        (touchdown(AT, None, candidates=UNNAMED), "LLOV", (0, 1)),
        (touchdown(AT, None, candidates=UNNAMED), "either", (1, 1)),
        (touchdown(AT, None, candidates=()), "LLOV", (0, 0)),
        (touchdown(AT, None, candidates=BETWEEN[:1]), "LLOV", (0, 1)),
        (touchdown(AT, None, candidates=BETWEEN[:1], review="confirmed"), "LLOV", (1, 1)),
        (touchdown(AT, retracted=True), "LLOV", (0, 0)),
        (touchdown(AT, retracted=True, review="confirmed"), "LLOV", (1, 1)),
        (touchdown(AT, grade=Grade.POSSIBLE, review="confirmed"), "LLOV", (1, 1)),
        (touchdown(AT, None, candidates=BETWEEN, review="confirmed"), "LLOV", (0, 1)),
        (touchdown(AT, review="rejected"), "LLOV", (0, 0)),
        (touchdown(AT, grade=Grade.POSSIBLE, review="rejected"), "LLOV", (0, 0)),
        (touchdown(AT, counted=False), "LLOV", (0, 0)),
        (touchdown(AT, watch="another"), "LLOV", (0, 0)),
    ],
)
def test_what_counts_where(landing: Landing, place: str, expected: tuple[int, int]) -> None:
    assert _count(landing, place) == expected


def test_the_grade_counted_from_is_the_watchs_own() -> None:
    strict = replace(WATCH, count_from=Grade.CONFIRMED)
    assert standing(touchdown(AT), strict, OVDA) is False
    assert standing(touchdown(AT, grade=Grade.CONFIRMED), strict, OVDA) is True


@pytest.mark.parametrize(("at", "inside"), [(BEGIN, True), (END, False)])
def test_a_window_contains_its_beginning_and_not_its_end(at: datetime, inside: bool) -> None:
    assert _count(touchdown(at)) == (int(inside), int(inside))


def test_the_text_is_an_interval_only_where_something_is_open() -> None:
    assert (Count(2, 2).text, Count(1, 3).text) == ("2", "1–3")


@pytest.mark.parametrize(
    ("landing", "chance"),
    [
        (touchdown(AT, probability=0.9), 0.9),
        (touchdown(AT, probability=0.9, review="confirmed"), 1.0),
        (touchdown(AT, "LLER", probability=0.9), 0.0),
        (touchdown(AT, None, candidates=BETWEEN), 0.5),
        (touchdown(AT, None, candidates=(("LLOV", 0.3), ("LLER", 0.3)), review="confirmed"), 0.5),
        (touchdown(AT, None, candidates=(), review="confirmed"), 0.0),
        (touchdown(AT, probability=1.7), 1.0),
    ],
)
def test_the_probability_at_a_place(landing: Landing, chance: float) -> None:
    assert probability_in(landing, OVDA) == pytest.approx(chance)


LANDINGS = st.builds(
    touchdown,
    st.integers(0, 14 * 24 * 60).map(lambda m: BEGIN - timedelta(days=3) + timedelta(minutes=m)),
    st.sampled_from(["LLOV", "LLER", "OJAQ", None]),
    candidates=st.sampled_from([(), BETWEEN, (("LLOV", 0.9), ("OJAQ", 0.05))]),
    grade=st.sampled_from(list(Grade)),
    probability=st.floats(0, 1),
    retracted=st.booleans(),
    review=st.sampled_from([None, "confirmed", "rejected"]),
    counted=st.booleans(),
    ordinal=st.integers(1, 3),
)


@given(st.lists(LANDINGS, max_size=12), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(
    landings: list[Landing], shuffler: random.Random
) -> None:
    unique = list({each.id: each for each in landings}.values())
    shuffled = unique + unique
    shuffler.shuffle(shuffled)
    assert count_landings(shuffled, WATCH, OVDA, BEGIN, END) == count_landings(
        unique, WATCH, OVDA, BEGIN, END
    )


@given(st.lists(LANDINGS, max_size=12, unique_by=lambda each: each.id))
def test_either_field_is_never_less_than_one_and_intervals_hold(landings: list[Landing]) -> None:
    ovda, ramon, either = (
        count_landings(landings, WATCH, place, BEGIN, END) for place in (OVDA, RAMON, EITHER)
    )
    assert 0 <= ovda.count <= ovda.at_most
    assert ovda.count + ramon.count <= either.count
    assert either.at_most <= ovda.at_most + ramon.at_most
    assert not set(ovda.counted) & set(ovda.undetermined)


@given(st.lists(LANDINGS, max_size=12, unique_by=lambda each: each.id))
def test_two_halves_of_a_window_make_the_whole(landings: list[Landing]) -> None:
    middle = BEGIN + timedelta(days=3)
    first, second, whole = (
        count_landings(landings, WATCH, OVDA, *window)
        for window in ((BEGIN, middle), (middle, END), (BEGIN, END))
    )
    assert first.counted + second.counted == whole.counted
    assert first.undetermined + second.undetermined == whole.undetermined
