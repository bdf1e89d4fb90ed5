"""Are the judges fair? Published rules on plain tracks, matching, questions, the oracle, scores."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from accuracy import __main__ as program
from accuracy.cut import HEIGHTS_FT, cut_table
from accuracy.dated import Dated, calibration, weeks_said
from accuracy.legs import Landed
from accuracy.matching import claim_of, matched, plain_claim
from accuracy.measures import brier, log_loss, median, wilson
from accuracy.oracle import learn_oracle
from accuracy.questions import NONE, answer_probabilities, answers, fixes_of, questions
from accuracy.records import examples, records
from accuracy.rules import RULES, landings_by_rule
from accuracy.running import FIT_SEED, ORACLE_SEED
from accuracy.scoring import score
from accuracy.table import numbers, score_lines
from accuracy.world import SOUTHERN

from collector.landings.rules import LandingRules
from collector.model import Candidate, Detection, Grade, Observation
from collector.model.unheard import UnheardArrival
from tests.support.flights import LLER, LLOV, START, hear, overflight, polls, visit

TOUCHDOWN = START + timedelta(minutes=40)


def landing(floor_ft: float = 0.0, field_hours: float = 2.0) -> list[Observation]:
    path = visit(LLOV, TOUCHDOWN, timedelta(hours=field_hours))
    return hear(path, polls(START, START + timedelta(hours=5)), floor_ft=floor_ft)


def at_ovda(rule: str, observations: list[Observation]) -> int:
    return sum(icao == "LLOV" for icao, _ in landings_by_rule(rule, observations))


def test_every_rule_finds_a_landing_that_is_heard_low() -> None:
    observations = landing(floor_ft=2200.0)
    for rule in RULES:
        assert at_ovda(rule, observations) == (0 if rule == "ground flag alone" else 1), rule


def test_the_ground_flag_needs_ground() -> None:
    assert at_ovda("ground flag alone", landing()) == 1
    assert at_ovda("ground flag alone", landing(floor_ft=2000.0)) == 0


def test_no_rule_but_the_endpoint_takes_an_overflight_for_a_landing() -> None:
    path = overflight(LLOV, START + timedelta(hours=1))
    observations = hear(path, polls(START, START + timedelta(minutes=60)))
    assert {rule for rule in RULES if at_ovda(rule, observations)} == {"nearest endpoint"}


def test_lost_high_the_published_rules_differ() -> None:
    observations = landing(floor_ft=9000.0)
    assert at_ovda("lost below 15,000 ft", observations) == 1
    assert at_ovda("endpoint 10 NM 5,000 ft", observations) == 0


def test_one_claim_matches_one_truth_and_the_nearest() -> None:
    truths = [Landed("LLOV", 1000.0, "20L"), Landed("LLOV", 20_000.0, "20L")]
    claims = [plain_claim("LLOV", 1500.0), plain_claim("LLOV", 1100.0), plain_claim("LLER", 20_000)]
    assert matched(truths, claims) == [(0, 1)]


def test_a_claim_dated_within_the_stay_matches_it() -> None:
    truths = [Landed("LLOV", 1000.0, "20L", 15_000.0)]
    assert matched(truths, [plain_claim("LLOV", 14_000.0)]) == [(0, 0)]
    assert matched(truths, [plain_claim("LLOV", 19_000.0)]) == []


def detection(airfield: str | None, at: datetime, *candidates: tuple[str, float]) -> Detection:
    return Detection(
        icao24="600865",
        airfield=airfield,
        candidates=tuple(Candidate(icao, share) for icao, share in candidates),
        touchdown_at=at,
        uncertainty_s=60.0,
        grade=Grade.PROBABLE,
        probability=0.95,
        visit_from=at - timedelta(minutes=4),
        visit_until=at + timedelta(hours=1),
    )


def test_a_landing_of_several_weeks_counts_in_none_and_so_in_no_wrong_one() -> None:
    """It is put at the middle of a silence, which may lie in another week than the touchdown."""
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    dated = Dated()
    for hours_before in (5, 19, 0):  # of the 20 hours of each silence
        begin = monday - timedelta(hours=hours_before)
        end = begin + timedelta(hours=20)
        silence = UnheardArrival(
            earliest=begin,
            latest=end,
            direct_until=None,
            there_until=end,
            left_by=None,
            times=(begin, end),
        )
        middle = detection("LLOV", begin + timedelta(hours=10), ("LLOV", 0.97))
        dated.add(weeks_said(replace(middle, unheard=silence), "UTC"), "2026-W47")
    dated.add(weeks_said(detection("LLOV", monday, ("LLOV", 0.97)), "UTC"), "2026-W48")
    assert (dated.counted, dated.wrong, dated.several) == (3, 1, 1)
    rows = [line.split() for line in calibration(dated)][1:]
    assert [(row[2], *row[3:6]) for row in rows] == [
        ("0.1", "1", "0.050", "0.000"),
        ("0.3", "1", "0.250", "1.000"),
        ("0.8", "1", "0.750", "0.000"),
        ("0.99", "1", "0.950", "1.000"),
        ("1", "1", "1.000", "0.000"),
    ]


def test_a_detection_claims_its_visit() -> None:
    _, at_s, begin_s, end_s = claim_of(detection("LLOV", TOUCHDOWN), "LLOV")
    assert begin_s <= TOUCHDOWN.timestamp() - 240.0 < at_s < TOUCHDOWN.timestamp() + 3600.0 <= end_s


def test_each_silence_is_one_question_with_its_true_answer() -> None:
    observations = landing(floor_ft=4000.0)
    now = START + timedelta(hours=8)
    truth = [Landed("LLOV", TOUCHDOWN.timestamp(), "20L", TOUCHDOWN.timestamp() + 7200.0)]
    scored_questions = questions(fixes_of(observations), truth, now)
    assert scored_questions[0].answer == "LLOV"
    assert all(question.answer == NONE for question in scored_questions[1:])
    assert questions(fixes_of(observations), [], now)[0].answer == NONE


def test_what_is_said_sums_to_one_and_silence_is_not_certainty() -> None:
    [question, *_] = questions(fixes_of(landing(floor_ft=4000.0)), [], START + timedelta(hours=8))
    no_answer = answer_probabilities([], question)
    assert no_answer[NONE] == pytest.approx(0.98)
    two_fields = answer_probabilities(
        [detection(None, TOUCHDOWN, ("LLOV", 0.6), ("LLER", 0.3))], question
    )
    assert two_fields["LLOV"] == 0.6
    assert sum(two_fields.values()) == pytest.approx(1.0)
    sure = answer_probabilities([detection("LLOV", TOUCHDOWN, ("LLOV", 1.0))], question)
    assert 0.0 < sure[NONE] < 0.01
    late = answer_probabilities(
        [detection("LLOV", START - timedelta(hours=9), ("LLOV", 1.0))], question
    )
    assert late == no_answer


def test_the_oracle_learns_what_can_be_known_and_is_calibrated() -> None:
    rng = random.Random(6)
    samples = []
    for _ in range(1500):
        sign = rng.choice((-1.0, 1.0))
        seen = sign + rng.gauss(0.0, 1.0)
        samples.append(([seen], "LLOV" if sign > 0 else "LLER"))
    oracle = learn_oracle(samples, answers(SOUTHERN), trees=25, seed=3)
    for middle in (-2.0, -0.6, 0.6, 2.0):
        near = [middle + 0.05 * step for step in range(-8, 9)]
        posteriors = oracle.posteriors([[seen] for seen in near])
        held = sum(each["LLOV"] for each in posteriors) / len(near)
        best = sum(1.0 / (1.0 + math.exp(-2.0 * seen)) for seen in near) / len(near)
        assert held == pytest.approx(best, abs=0.15)
    assert oracle.log_loss < 0.5
    rows = [[-1.0], [0.3]]
    assert learn_oracle(samples, answers(SOUTHERN), trees=25, seed=3).posteriors(
        rows
    ) == oracle.posteriors(rows)
    assert all(sum(each.values()) == pytest.approx(1.0) for each in oracle.posteriors(rows))
    assert oracle.posteriors([]) == []


def test_scores_of_probabilities() -> None:
    assert log_loss({"LLOV": 1.0}, "LLOV") == 0.0
    assert log_loss({}, "LLOV") == pytest.approx(-math.log(0.002))
    assert brier({"LLOV": 1.0}, "LLOV") == 0.0
    assert brier({"LLER": 1.0}, "LLOV") == 2.0
    assert median([3.0, 1.0, 2.0]) == 2.0
    assert math.isnan(median([]))
    low, high = wilson(0, 0)
    assert (low, high) == (0.0, 1.0)


def test_a_few_cases_give_a_score_that_adds_up() -> None:
    found = [record for index in range(25) for record in records(31, index, LandingRules())]
    result = score(found, None)
    assert result.records == len(found)
    assert sum(tally.true for tally in result.by_field.values()) == result.all.true
    assert sum(tally.counted for tally in result.by_class.values()) == result.all.counted
    wrong = result.all.counted - result.all.right
    blamed = sum(result.moved.values()) + sum(
        count for name, count in result.invented.items() if ", fault " in name
    )
    assert wrong == blamed
    assert any("the collector" in line for line in score_lines(result, None))
    assert numbers(result)["all"]["true"] == result.all.true


def test_the_oracle_learns_from_the_same_numbers_that_it_is_asked_with() -> None:
    learned_from = [example for index in range(12) for example in examples(31, index)]
    scored_questions = [
        (each.numbers, each.answer)
        for index in range(12)
        for record in records(31, index, LandingRules())
        for each in record.scored_questions
    ]
    assert scored_questions == learned_from
    assert len({len(numbers_) for numbers_, _ in learned_from}) == 1


def test_a_seed_learned_from_cannot_be_reported(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for seed in (ORACLE_SEED, FIT_SEED):
        assert program.main(["--seed", str(seed), "--flights", "1"]) == 2
    assert "was learned from" in capsys.readouterr().err


def test_a_rival_is_no_match() -> None:
    at_s = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    assert matched([Landed(LLER.icao, at_s, "19")], [plain_claim(LLOV.icao, at_s)]) == []


def test_cut_low_the_axis_tells_the_field_and_cut_high_nothing_does() -> None:
    lines = list(cut_table(60, 4))
    low = [float(word) for word in lines[1].split()[3:]]
    high = [float(word) for word in lines[5].split()[3:]]
    assert len(lines) == 1 + len(HEIGHTS_FT)
    nearest, projected_right, aligned, *_ = low
    assert min(projected_right, aligned) > 75.0
    assert nearest < projected_right
    assert max(high[0], high[2]) < 40.0
