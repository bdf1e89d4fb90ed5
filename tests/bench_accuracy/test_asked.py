"""Is the detector compared fairly with those who know the world, and with those who do not?"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from accuracy.altered import Alteration, altered_world
from accuracy.asked import Lesson, compared, learn_ceiling, learn_stranger, lessons_of, table
from accuracy.dated import Weeks
from accuracy.legs import Landed
from accuracy.peers import learn_peer
from accuracy.questions import NONE, answers, weighed_answers
from accuracy.records import Claim, Record, ScoredQuestion, records
from accuracy.running import ORACLE_SEED
from accuracy.worlds import DAYS_SEED, main

from collector.landings.rules import LandingRules

WORLD = altered_world(1003, Alteration())
FIELD = WORLD.fields[0]


def lesson(rng: random.Random, *, habit: float) -> Lesson:
    """A question of a world in which `habit` of the flights land at the first field.

    The row of each answer says only whether it is the one, and that with noise.
    """
    possible = weighed_answers(WORLD)
    answer = FIELD if rng.random() < habit else rng.choice(answers(WORLD)[1:])
    true = possible.index(answer)
    seen = [(number == true) * 1.5 + rng.gauss(0.0, 1.0) for number in range(len(possible))]
    return Lesson(seen, [[each] for each in seen], answer)


def test_the_peer_learns_what_is_so_in_every_world_and_not_the_habits_of_one() -> None:
    rng = random.Random(8)
    taught = {number: [lesson(rng, habit=0.9) for _ in range(600)] for number in (1, 2)}
    taught[3] = [lesson(rng, habit=0.2) for _ in range(600)]
    known = dict.fromkeys(taught, WORLD)
    peer = learn_stranger(taught, known, 3, trees=20)
    assert peer.learned_from == 960, "it learned from the judged world, or from too little"
    clear = [[2.5], *([[-1.0]] * len(WORLD.fields))]
    [sure] = peer.posteriors([clear])
    [moved] = peer.posteriors([[*clear[1:], clear[0]]])
    assert sum(sure) == pytest.approx(1.0)
    assert sure[0] == max(sure) > 0.6
    assert moved[-1] == pytest.approx(sure[0]), "it learned the place of a field in the list"
    assert peer.posteriors([]) == []


def test_the_ceiling_alone_knows_the_habits_of_the_judged_world() -> None:
    rng = random.Random(9)
    taught = {1: [lesson(rng, habit=0.9) for _ in range(900)]}
    taught[2] = [lesson(rng, habit=0.2) for _ in range(900)]
    known = dict.fromkeys(taught, WORLD)
    questions = tuple(
        ScoredQuestion(each.answer, {NONE: 1.0}, each.numbers, 0.0, 1.0, each.rows)
        for each in (lesson(rng, habit=0.9) for _ in range(300))
    )
    record = Record(0, "visit", FIELD, 0, "none", (), (), (), 0, scored_questions=questions)
    ceiling = learn_ceiling(taught[1], WORLD, trees=20)
    found = compared(1, WORLD, [record], ceiling, learn_stranger(taught, known, 1, trees=20))
    assert found.ceiling.loss < found.peer.loss < found.detector.loss
    assert found.beside_ceiling > found.beside_peer > 1.0
    assert 0 < found.decided < found.questions == 300


def test_what_the_ceiling_decides_is_decidable_and_nothing_else() -> None:
    numbers = {FIELD: [1.0], NONE: [0.0]}
    rows = [[0.0] for _ in weighed_answers(WORLD)]
    taught = [Lesson(numbers[answer], rows, answer) for answer in (FIELD, NONE) * 200]
    taught += [Lesson([9.0], rows, answer) for answer in (FIELD, NONE) * 100]
    ceiling = learn_ceiling(taught, WORLD, trees=10)
    truth = Landed(FIELD, 500.0, "")
    claim = Claim(
        airfield=FIELD,
        grade="probable",
        probability=0.9,
        counted=True,
        at_s=520.0,
        uncertainty_s=60.0,
        left_at_s=None,
        left_uncertainty_s=0.0,
        weeks=Weeks({"2026-W47": 1.0}, "2026-W47", unheard=False),
        truth=0,
        instead_of=None,
    )
    said = {FIELD: 0.84, NONE: 0.16}
    counted = ScoredQuestion(FIELD, said, numbers[FIELD], 0.0, 1000.0, rows)
    missed = ScoredQuestion(FIELD, {NONE: 1.0}, numbers[FIELD], 2000.0, 3000.0, rows)
    passed = ScoredQuestion(NONE, {NONE: 1.0}, numbers[NONE], 4000.0, 5000.0, rows)
    between = ScoredQuestion(FIELD, said, [9.0], 6000.0, 7000.0, rows)
    record = Record(
        *(0, "visit", FIELD, 0, "none", (truth, truth), (True, True), (claim,), 0),
        scored_questions=(counted, missed, passed, between),
    )
    peer = learn_peer([(each.rows, 0) for each in taught], trees=2, seed=1)
    found = compared(7, WORLD, [record], ceiling, peer)
    assert (found.questions, found.decided, found.ceiling_right) == (4, 3, 3)
    assert found.decidable.counted == found.decidable.right == 1
    assert found.decidable.recall == 0.5
    assert found.tenths[8] == [2, pytest.approx(1.68), 2]
    assert any("0.84→1.00 (2)" in line for line in table([found], {7: "there"}))


def test_lessons_are_of_other_days_and_kept(tmp_path: Path) -> None:
    taught = lessons_of(1003, Alteration(), 3, processes=1, cache=tmp_path)
    [kept] = tmp_path.iterdir()
    written = kept.stat().st_mtime_ns
    assert lessons_of(1003, Alteration(), 3, processes=1, cache=tmp_path) == taught
    assert kept.stat().st_mtime_ns == written
    assert len({len(each.numbers) for each in taught}) == 1
    assert {len(each.rows) for each in taught} == {len(weighed_answers(WORLD))}
    assert len({len(row) for each in taught for row in each.rows}) == 1
    asked = [
        question
        for record in records(ORACLE_SEED, 0, LandingRules(), world=WORLD, for_oracles=True)
        for question in record.scored_questions
    ]
    assert [(each.numbers, each.rows) for each in asked] == [
        (each.numbers, each.rows) for each in taught[: len(asked)]
    ]
    assert DAYS_SEED != ORACLE_SEED


def test_an_oracle_that_could_learn_from_no_other_world_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["--worlds", "1", "--oracle", "5"])
    assert "needs two worlds at least" in capsys.readouterr().err
