"""Is everything that is counted right, or named as what it is?"""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from recordings.detector import Claim
from recordings.labels import Label
from recordings.scoring import BROKEN, DOUBLED, INVENTED, WRONG, Tally, tally

BEGIN_S = 1_693_303_200.0


def label(
    at_min: float,
    airfield: str = "LLOV",
    kind: str = "landing",
    verdict: str = "agreed",
    left_min: float | None = None,
) -> Label:
    left = "" if left_min is None else _text(left_min)
    return Label(
        "set", "a00001", kind, airfield, _text(at_min), _text(at_min), left, "yes", "", verdict
    )


def claim(at_min: float, airfield: str = "LLOV", grade: str = "confirmed") -> Claim:
    at_s = BEGIN_S + 60.0 * at_min
    among = ("LLOV", "LLER") if grade == "undetermined" else ()
    return Claim("a00001", airfield, at_s, at_s - 60.0, at_s + 60.0, grade, among=among)


def _text(at_min: float) -> str:
    return datetime.fromtimestamp(BEGIN_S + 60.0 * at_min, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def scored(labels: list[Label], *claims: Claim, part: str = "all") -> Tally:
    return tally("set", ["LLOV", "LLER"], labels, claims, part)


def test_what_is_found_missed_and_left_open() -> None:
    one = scored(
        [label(0), label(100), label(200), label(300)],
        claim(3),
        claim(101, grade="possible"),
        claim(200, "LLER", "undetermined"),
    )
    assert (one.landings, one.found, one.left_open, one.missed) == (4, 1, 2, 1)
    assert one.falsehoods == []
    assert (one.doubtful, one.within) == (0, 0)
    assert scored([label(0)], claim(0.9)).within == 1
    assert [why.split(":")[0] for _, why in one.lost] == ["left open", "left open", "missed"]


def test_each_falsehood_has_its_name() -> None:
    one = scored(
        [label(0, left_min=60), label(100, left_min=150), label(200, "?", "broken-off")],
        claim(0),
        claim(40),
        claim(100, "LLER"),
        claim(201, grade="probable"),
        claim(300),
        claim(400, grade="possible"),
    )
    assert [each.kind for each in one.falsehoods] == [WRONG, DOUBLED, BROKEN, INVENTED]
    assert (one.found, one.counted, one.doubtful) == (1, 4, 1)
    assert (one.confirmed, one.confirmed_false) == (4, 3)


def test_a_dispute_is_neither_found_nor_false() -> None:
    disputed = label(0, verdict="disputed")
    assert scored([disputed], claim(1)).counted == 0
    assert scored([disputed]).landings == 0
    assert [each.kind for each in scored([disputed], claim(60)).falsehoods] == [INVENTED]


def test_what_is_elsewhere_is_no_ones_task() -> None:
    away = label(0, "KABC")
    assert scored([away], claim(0, "KABC")).counted == 0
    assert scored([away]).missed == 0
    assert [each.kind for each in scored([away], claim(0)).falsehoods] == [WRONG]


def test_the_halves_are_apart() -> None:
    halves = [scored([label(0)], claim(0), part=part).found for part in ("tuning", "test")]
    assert sorted(halves) == [0, 1]


MOMENTS = st.lists(st.tuples(st.integers(0, 300), st.sampled_from(["LLOV", "LLER"])), max_size=6)


@settings(max_examples=60)
@given(MOMENTS.map(lambda found: sorted(set(found))), MOMENTS)
def test_every_landing_and_every_claim_is_used_once(
    truths: list[tuple[int, str]], claimed: list[tuple[int, str]]
) -> None:
    one = scored([label(*each, left_min=each[0]) for each in truths], *(claim(*c) for c in claimed))
    assert one.landings == len(truths)
    assert one.found + one.missed + one.left_open + one.count(WRONG) == one.landings
    assert one.counted == len(claimed)
