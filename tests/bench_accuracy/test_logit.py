"""Are the weights those under which the truth is most probable?"""

from __future__ import annotations

import math

import pytest
from accuracy.logit import COUNT, Lesson, by_table, learn_weights, log_loss, packed

from collector.landings.evidence.features import TABLES


def test_the_weights_are_the_odds_against_none() -> None:
    lone: Lesson = ({"LLOV": [("ends", 2)]}, "LLOV")
    lessons = [lone] * 6_000 + [(lone[0], "none")] * 2_000
    alike, doubled = (
        by_table(learn_weights(packed(lessons, prior))) for prior in ({}, {"LLOV": 2.0})
    )
    assert alike["ends"][2] == pytest.approx(math.log(3.0), abs=0.001)
    assert doubled["ends"][2] == pytest.approx(math.log(1.5), abs=0.001)


def test_the_fields_of_one_silence_compete() -> None:
    both: Lesson = ({"LLOV": [("begins", 0)], "LLER": [("begins", 5), ("ends", 1)]}, "LLOV")
    lessons = [both] * 6_000
    lessons += [(both[0], "LLER")] * 4_000 + [(both[0], "none")] * 2_000
    known = packed(lessons, {})
    row = learn_weights(known)
    weights = by_table(row)
    assert weights["begins"][0] == pytest.approx(math.log(3.0), abs=0.001)
    assert weights["begins"][5] + weights["ends"][1] == pytest.approx(math.log(2.0), abs=0.001)
    entropy = -sum(share * math.log(share) for share in (1 / 2, 1 / 3, 1 / 6))
    assert log_loss(row, known) == pytest.approx(entropy, abs=0.001)


def test_a_class_never_seen_is_drawn_to_its_neighbours_alone() -> None:
    lone: Lesson = ({"LLOV": [("ends", 0)]}, "LLOV")
    weights = by_table(learn_weights(packed([lone] * 50, {})))
    assert weights["ends"] == sorted(weights["ends"], reverse=True)
    assert 0.0 < weights["ends"][-1] < weights["ends"][0]
    assert {name: len(row) for name, row in weights.items()} == TABLES
    assert sum(map(any, weights.values())) == 1
    assert sum(TABLES.values()) == COUNT
