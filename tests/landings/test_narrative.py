"""Does the evidence of a landing name its rivals, the altitudes and the coverage?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Airfield, Detection, Evidence
from tests.landings.silence_cases import jammed_below
from tests.support.flights import LLER, LLOV, START, hear, listening, polls, visit

RULES = LandingRules()
TOUCHDOWN = START + timedelta(hours=2)
TIMES = polls(START, START + timedelta(hours=9))
WAY = visit(LLOV, TOUCHDOWN, timedelta(hours=3), runway="20L")


def lines(found: Detection, kind: str) -> list[Evidence]:
    return [one for one in found.evidence if one.kind == kind]


def lost_high(*fields: Airfield) -> Detection:
    reports = hear(WAY, TIMES, floor_ft=14_000)
    (found,) = detect(reports, listening(TIMES), fields, RULES, TIMES[-1]).detections
    return found


def test_every_rival_is_listed_with_its_differences() -> None:
    found = lost_high(LLOV, LLER)
    first, second = (one.airfield for one in found.candidates)
    (rival,) = lines(found, "rival")
    assert rival.airfield == second
    assert rival.text.startswith(f"{second} compared with {first}: ")
    assert rival.speaks == "against"


def test_a_prior_that_separates_two_fields_is_named() -> None:
    found = lost_high(LLOV, replace(LLER, prior_weight=0.5))
    (rival,) = lines(found, "rival")
    assert rival.airfield == "LLER"
    assert "how often such aircraft land there ÷2" in rival.text
    assert "how often" not in lines(lost_high(LLOV, LLER), "rival")[0].text


def test_altitudes_without_a_position_are_described_with_the_field_they_exclude() -> None:
    reports = jammed_below(9000, lowest_ft=350)
    (found,) = detect(reports, listening(TIMES), (LLOV, LLER), RULES, TIMES[-1]).detections
    assert lines(found, "heights")[0].text.startswith("Here only altitudes were received")
    (excluded,) = lines(found, "excluded")
    assert (excluded.airfield, excluded.speaks) == ("LLOV", "against")
    assert excluded.text == "Heard below the elevation of LLOV, so the aircraft did not land there."


def test_later_coverage_is_described_where_the_first_minutes_prove_nothing() -> None:
    arrival = hear(WAY, [at for at in TIMES if at < TOUCHDOWN], floor_ft=2500)
    quarter = TOUCHDOWN + timedelta(minutes=17)
    late = listening(TIMES, hears=lambda at: at > quarter)
    for slots, speaks in ((late, ["for"]), (listening(TIMES), [])):
        (found,) = detect(arrival, slots, (LLOV,), RULES, TIMES[-1]).detections
        assert [one.speaks for one in lines(found, "later")] == speaks
