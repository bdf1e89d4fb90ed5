"""Do the published rules, restated, say what their sources say of plain tracks?"""

from __future__ import annotations

import pytest
from recordings.rules import RULES, Question
from recordings.tracks import Track, polled

from .made import APPROACH, STAY, WORLD, track

QUESTION = Question(WORLD, ("88NV",))


def answers(one: Track) -> dict[str, list[str]]:
    return {name: [code for code, _ in rule(one, QUESTION)] for name, rule in RULES.items()}


def test_every_rule_finds_a_full_stop() -> None:
    assert set(map(tuple, answers(track(*APPROACH, STAY)).values())) == {("88NV",)}


def test_only_those_that_never_abstain_name_an_overflight() -> None:
    over = track((600, -10.0, 35_000, 440, 0), begins_ft=35_000.0)
    named = {name for name, codes in answers(over).items() if codes}
    assert named == {"nearest endpoint", "traffic infer_airport"}


def test_a_descent_is_extended_to_the_ground() -> None:
    found = answers(track((300, 6.0, 1800, 120, 0), begins_nm=16.0, begins_ft=4800.0))
    assert found["OPDI M8"] == ["88NV"]
    assert found["ground bit"] == []


@pytest.mark.parametrize(("every_s", "found"), [(5, ["88NV"]), (60, [])])
def test_an_alignment_needs_rows_each_twenty_seconds(every_s: int, found: list[str]) -> None:
    (seen,) = polled([track(*APPROACH, STAY)], every_s)
    assert answers(seen)["traffic landing()"] == found
