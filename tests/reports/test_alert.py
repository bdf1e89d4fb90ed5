"""Does the alert mail say first what matters, and say it differently for each reason?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.alerts.lifecycle import Reason
from collector.model import Grade, Landing, Place, Rule, RuleKind, WatchMatch
from collector.reports.mails import alert
from tests.reports.golden import crossed
from tests.support.landings import CONFIRMED, PROBABLE, UNDETERMINED, WATCH, WEEKLY
from tests.support.weeks_told import MONDAY, UNKNOWN, USUAL, verdict

STAYING: Landing = replace(
    PROBABLE, detection=replace(PROBABLE.detection, departed_at=None, uncertainty_s=240.0)
)


def report(**changes: object) -> alert.AlertReport:
    return replace(crossed(), **changes)  # type: ignore[arg-type]


def with_usual(report: alert.AlertReport) -> alert.AlertReport:
    return replace(report, verdict=replace(report.verdict, usual=USUAL))


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Reason.CROSSED, "2–3 landings, week 47 of 2026 (usual: 0–1)"),
        (Reason.ROSE, "now 2–3 landings, week 47 of 2026 (usual: 0–1)"),
        (Reason.CORRECTED_BELOW, "corrected to 2–3 landings, week 47 of 2026 (usual: 0–1)"),
        (Reason.RESOLVED, "in the end 2–3 landings, week 47 of 2026 (usual: 0–1)"),
    ],
)
def test_each_reason_has_its_own_subject(reason: Reason, expected: str) -> None:
    subject = alert.subject(with_usual(report(reason=reason)))
    assert subject == f"Silk Way Il-76s at Ovda: {expected}"


def test_each_reason_reads_differently() -> None:
    leads = {alert.render(report(reason=reason)).text.split("\n\n")[0] for reason in Reason}
    assert len(leads) == len(Reason)


def test_a_provisional_alert_says_so_in_subject_and_text() -> None:
    now = STAYING.detection.touchdown_at + timedelta(hours=1)
    mail = alert.render(report(verdict=verdict([STAYING, CONFIRMED], now)))
    assert mail.subject.endswith(", provisional")
    assert "Provisional:" in mail.text
    settled = alert.render(report(verdict=verdict([PROBABLE, CONFIRMED], MONDAY)))
    assert "provisional" not in settled.subject + settled.text.lower()


def test_landings_found_after_their_week_are_called_late() -> None:
    found = [replace(one, first_known_at=MONDAY) for one in (PROBABLE, CONFIRMED)]
    mail = alert.render(report(verdict=verdict(found, MONDAY)))
    assert mail.subject.startswith("Silk Way Il-76s at Ovda: 2 landings, week 47 of 2026, found")
    assert "Found late" in mail.text


def test_a_rolling_window_is_named_by_its_beginning() -> None:
    """From a touchdown on, fourteen days of 24 h touch fifteen days of the calendar."""
    begin = PROBABLE.detection.touchdown_at
    rolling = replace(
        verdict(), rule=replace(WEEKLY, days=14), begin=begin, end=begin + timedelta(days=14)
    )
    text = " ".join(alert.render(report(verdict=rolling)).text.split())
    assert "Window: the 14 days from Wed 18 Nov 2026, 14:05 IST (12:05 UTC) Probability" in text


def test_an_unknown_usual_is_not_made_up() -> None:
    base = crossed()
    mail = alert.render(replace(base, verdict=replace(base.verdict, usual=UNKNOWN)))
    assert "(usual: not known yet)" in mail.subject
    assert "Usual: not known yet (3 of 13 covered weeks)" in " ".join(mail.text.split())


def test_the_order_is_count_landings_doubts_rule_links() -> None:
    text = alert.render(crossed()).text
    marks = ["2–3 landings so far in week 47", "Usual: 0 a week", "THE LANDINGS", "UNDETERMINED"]
    marks += ["WHAT COULD STILL CHANGE", "WHY THIS MAIL", "Rule: weekly (watch silkway)"]
    marks += ["Where: Ovda (LLOV)", "Window:", "Probability:", "Least certain landing:"]
    marks += ["CHECK BY HAND", "SOURCES"]
    positions = [text.index(mark) for mark in marks]
    assert positions == sorted(positions)


def test_the_least_certain_landing_is_named_and_what_follows_without_it() -> None:
    two = verdict([PROBABLE, CONFIRMED])
    text = " ".join(alert.render(report(verdict=two)).text.split())
    assert "AZQ4521 (93%); without it, the rule is not met" in text
    third = replace(CONFIRMED, id="third", registration="4K-AZ41")
    three = verdict([PROBABLE, CONFIRMED, third])
    text = " ".join(alert.render(report(verdict=three)).text.split())
    assert "AZQ4521 (93%); without it, the rule is still met" in text


def test_an_undetermined_landing_is_shown_and_never_counted_for_one_field() -> None:
    rule = Rule(name="either", kind=RuleKind.UNDETERMINED, place=Place(("LLOV",)), count=1)
    mail = alert.render(report(verdict=verdict([UNDETERMINED], rule=rule)))
    assert mail.subject.startswith("Silk Way Il-76s at Ovda: 0–1 landings, week 47 of 2026")
    assert "Ramon (55%) or Ovda (40%)" in mail.text
    assert "THE LANDINGS" not in mail.text


def test_one_landing_is_spoken_of_in_the_singular() -> None:
    one, two = (
        alert.render(report(verdict=verdict([CONFIRMED], rule=replace(WEEKLY, count=count)))).text
        for count in (1, 2)
    )
    assert "that there was at least 1 landing\n" in one
    assert "that there were at least 2 landings\n" in two


def test_a_surge_says_how_improbable_it_is() -> None:
    rule = replace(WEEKLY, name="surge", kind=RuleKind.SURGE)
    mail = alert.render(report(verdict=verdict([PROBABLE, CONFIRMED], rule=rule)))
    assert "surge, 2 landings" in mail.subject
    assert "the chance of as many is" in " ".join(mail.text.split())


def test_local_and_utc_time_stand_side_by_side_with_their_uncertainty() -> None:
    text = alert.render(crossed()).text
    assert "Wed 18 Nov 2026, 14:05 IST (12:05 UTC) ±3 min" in text
    assert "Sat 21 Nov 2026, 00:05:09 IST (Fri 20 Nov 22:05:09 UTC) ±8 s" in text


def test_every_landing_can_be_checked_by_hand() -> None:
    mail = alert.render(crossed())
    for url in (
        "https://globe.adsb.lol/?icao=600865&showTrace=2026-11-18",
        "https://globe.adsbexchange.com/?icao=600864&showTrace=2026-11-20",
    ):
        assert url in mail.text
        assert url.replace("&", "&amp;") in mail.html


def test_a_possible_landing_is_called_not_counted() -> None:
    possible = replace(
        PROBABLE, detection=replace(PROBABLE.detection, grade=Grade.POSSIBLE, probability=0.4)
    )
    text = alert.render(report(verdict=verdict([possible, CONFIRMED]))).text
    assert "graded possible, 40% likely, so it is not counted" in text
    assert "week 47 of 2026 (1 confirmed, 1 possible)" in " ".join(text.split())
    counting = replace(WATCH, count_from=Grade.POSSIBLE)
    counted = verdict([possible, CONFIRMED], watch=counting)
    text = alert.render(report(verdict=counted, watch=counting)).text
    assert "graded possible, 40% likely" in text
    assert "not counted" not in text


def test_each_reader_learns_the_grade_for_his_own_watch() -> None:
    """The aircraft is one of this watch for sure, and perhaps none of the other."""
    doubt = "The aircraft had another callsign, so it may be none that watch other wants."
    both = replace(
        CONFIRMED, watches=(*CONFIRMED.watches, WatchMatch("other", "callsign X*", True, doubt))
    )
    sure, other = WATCH, replace(WATCH, name="other", count_from=Grade.POSSIBLE)
    texts = {
        watch.name: " ".join(
            alert.render(report(verdict=verdict([both], watch=watch), watch=watch)).text.split()
        )
        for watch in (sure, other)
    }
    assert "(1 confirmed)" in texts[sure.name]
    assert "graded confirmed" in texts[sure.name]
    assert doubt not in texts[sure.name]
    assert "(1 possible)" in texts["other"]
    assert "graded confirmed" not in texts["other"]
    assert doubt in texts["other"]


def test_a_reason_that_could_undo_several_landings_is_given_once() -> None:
    text = " ".join(alert.render(report()).text.split())
    alike = replace(verdict().count.counted[0], id="another")
    count = replace(verdict().count, counted=(*verdict().count.counted, alike))
    twice = alert.render(report(verdict=replace(verdict(), count=count))).text
    grouped = " ".join(
        twice.partition("WHAT COULD STILL CHANGE THIS")[2].partition("WHAT THESE")[0].split()
    )
    once = text.partition("WHAT COULD STILL CHANGE THIS")[2].partition("WHAT THESE")[0].strip()
    assert "- Landing 1: " in once
    assert grouped == once.replace("Landing 2:", "Landing 3:").replace(
        "Landing 1:", "Landings 1, 2:"
    )
