"""Does the explanation give the evidence in order, the doubts, and what it does not show?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from collector.model import Candidate, Evidence
from collector.reports.landing.explanation import explain, explain_json, explain_text
from collector.reports.landing.raw_replies import raw_reply_lines
from collector.reports.landing.reversal import reversals
from tests.reports.golden import HISTORY
from tests.support.landings import AIRFIELDS, CONFIRMED, PROBABLE, TOUCHDOWN, UNDETERMINED, WATCH


def test_evidence_stands_in_order_of_time_whatever_order_it_came_in() -> None:
    shuffled = replace(
        PROBABLE,
        detection=replace(PROBABLE.detection, evidence=PROBABLE.detection.evidence[::-1]),
    )
    steps = explain(shuffled, HISTORY, AIRFIELDS, WATCH.zone).steps
    assert [step.at[:25] for step in steps] == sorted(step.at[:25] for step in steps)
    assert steps[-1].text.startswith("Heard again climbing")


def test_the_neighbour_is_named_with_the_reason_against_it() -> None:
    (rival,) = explain(PROBABLE, HISTORY, AIRFIELDS, WATCH.zone).rivals
    assert rival.airfield == "Ramon (LLER)"
    assert rival.why_not == ("Too far left of the centreline of Ramon for an approach there.",)


def test_the_explanation_says_what_the_evidence_does_not_show() -> None:
    assert "does not show what was on board" in explain_text(
        explain(CONFIRMED, (), AIRFIELDS, "UTC")
    )


def test_machines_get_the_evidence_as_it_is_stored() -> None:
    explanation = explain(PROBABLE, HISTORY, AIRFIELDS, WATCH.zone)
    row = explain_json(explanation, PROBABLE)
    assert [one["kind"] for one in row["evidence"]] == ["approach", "neighbours", "return"]
    assert row["evidence"][0]["at"] == "2026-11-18T12:01:00Z"
    assert row["links"][0]["url"].startswith("https://globe.adsb.lol/?icao=600865")


def test_a_landing_without_evidence_or_known_airfield_is_still_explained() -> None:
    bare = replace(
        UNDETERMINED,
        registration=None,
        type_code=None,
        watches=(),
        detection=replace(UNDETERMINED.detection, evidence=(), candidates=()),
    )
    text = explain_text(explain(bare, (), (), "UTC"))
    assert "an unknown airfield" in text
    assert "No evidence is stored." in text


def test_few_of_many_recordings_are_named_each_on_the_line_of_its_mark() -> None:
    folder = Path("/") / ("long" * 20)
    files = [folder / f"{number}.warc.gz" for number in range(46)]
    lines = raw_reply_lines(TOUCHDOWN, TOUCHDOWN, files, folder)
    text = explain_text(explain(PROBABLE, (), AIRFIELDS, "UTC", raw_replies=lines))
    assert f"\n  - {files[4]}\n  - and 41 more in\n    {folder}\n" in text


def test_a_persons_verdict_stands_beside_the_machines() -> None:
    reviewed = replace(PROBABLE, review="rejected")
    text = " ".join(explain_text(explain(reviewed, (), AIRFIELDS, WATCH.zone)).split())
    assert "Rejected by a person, and not counted." in text
    assert "It is graded probable, 93% likely." in text


def test_a_touchdown_near_the_end_of_its_week_may_belong_to_the_other() -> None:
    near = TOUCHDOWN.replace(day=22, hour=21, minute=50)
    wide = replace(
        PROBABLE, detection=replace(PROBABLE.detection, touchdown_at=near, uncertainty_s=1200.0)
    )
    assert any("week 2026-W48" in line for line in reversals(wide, WATCH.zone, AIRFIELDS))
    assert not any("week 2026-W48" in line for line in reversals(PROBABLE, WATCH.zone, AIRFIELDS))


def test_each_kind_of_landing_has_its_own_way_of_being_undone() -> None:
    staying = replace(PROBABLE, detection=replace(PROBABLE.detection, departed_at=None))
    kinds = (PROBABLE, staying, CONFIRMED, UNDETERMINED, replace(PROBABLE, retracted=True))
    sentences = {reversals(one, "UTC", AIRFIELDS)[0] for one in kinds}
    assert len(sentences) == 5


def test_a_rival_without_evidence_against_it_is_not_given_an_invented_one() -> None:
    vague = replace(
        PROBABLE,
        detection=replace(
            PROBABLE.detection,
            candidates=(Candidate("LLOV", 0.7), Candidate("OJAQ", 0.2)),
            evidence=(Evidence(TOUCHDOWN, "approach", "Lost low.", "for", "LLOV"),),
        ),
    )
    (rival,) = explain(vague, (), AIRFIELDS, WATCH.zone).rivals
    assert rival.why_not == ("The reports fit Ovda better.",)
