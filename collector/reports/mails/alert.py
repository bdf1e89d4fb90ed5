"""What does an alert mail say? Count and coverage come first, then the landings and the doubts.

The first sentence says which watch, how many landings, where, when, and how good the coverage was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from collector.alerts.lifecycle import Reason
from collector.alerts.usual import Usual
from collector.alerts.verdict import Verdict
from collector.coverage.share import Coverage
from collector.coverage.sight import SeenCount, sight_of
from collector.model import Airfield, Grade, Landing, Revision, RuleKind, Watch
from collector.model.notice import Message
from collector.model.terms import Terms
from collector.reports import formatting, rendering, seen
from collector.reports.landing.reversal import reversals
from collector.reports.landing.summary import (
    aircraft,
    change_words,
    place_name,
    places_to_look,
    summarise,
)
from collector.reports.mails import coverage as coverage_part
from collector.reports.mails.glossary import GRADES


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReport:
    """One notice about one rule of a watch."""

    watch: Watch
    verdict: Verdict
    reason: Reason
    airfields: Sequence[Airfield]
    terms: Sequence[Terms] = ()
    """The terms of the feeds that the landings rest on."""
    corrections: Sequence[tuple[Revision, Landing]] = ()
    """What changed since the last notice of this alert."""
    count_before: int | None = None
    """The count of the last notice; None if there was none."""
    coverage: Coverage | None = None
    """The coverage of the rule's place in the window so far."""


def render(report: AlertReport) -> Message:
    """Return `report` as a mail; each reason reads differently."""
    data = _data(report)
    return Message(
        subject=subject(report),
        text=rendering.text("alert", **data),
        html=rendering.html("alert", **data),
    )


def subject(report: AlertReport) -> str:
    """Return `LLOV: 2 landings this week (usual: 0–1) · provisional`."""
    verdict = report.verdict
    place, count = verdict.rule.place.name, _landings(report)
    window = _window(verdict)
    match report.reason:
        case Reason.CROSSED:
            surge = "surge, " if verdict.rule.kind is RuleKind.SURGE else ""
            news = f"{surge}{count} {window}"
        case Reason.ROSE:
            news = f"now {count} {window}"
        case Reason.CORRECTED_BELOW:
            news = f"corrected to {count} {window}"
        case Reason.RESOLVED:
            news = f"over, {count} {window}"
    late = ", found late" if verdict.late and report.reason in _NEWS else ""
    provisional = " · provisional" if verdict.provisional else ""
    return f"{place}: {news}{late} (usual: {usual_words(verdict.usual)}){provisional}"


_NEWS = (Reason.CROSSED, Reason.ROSE)


def usual_words(usual: Usual) -> str:
    """Return `0–1`, or `not known yet`."""
    if usual.low is None or usual.high is None:
        return "not known yet"
    return formatting.interval(usual.low, usual.high)


def _data(report: AlertReport) -> dict[str, Any]:
    verdict, watch = report.verdict, report.watch
    counted, undetermined = verdict.count.counted, verdict.count.undetermined
    return {
        "title": subject(report),
        "lead": _lead(report),
        "facts": _facts(report),
        "landings": [summarise(each, report.airfields, watch.zone, watch) for each in counted],
        "undetermined": [
            summarise(each, report.airfields, watch.zone, watch) for each in undetermined
        ],
        "corrections": [correction(*each, watch.zone) for each in report.corrections],
        "undoing": _undoing(report),
        "links": places_to_look(
            [*counted, *undetermined, *(landing for _, landing in report.corrections)],
            report.airfields,
            verdict.rule.place.airfields,
            verdict.begin,
        ),
        "glossary": GRADES,
        "terms": list(dict.fromkeys(report.terms)),
    }


def _landings(report: AlertReport) -> str:
    count = report.verdict.count
    if report.coverage is None:
        return formatting.landings(count.count, count.at_most)
    told = SeenCount(count.count, count.at_most, sight_of(report.coverage))
    return "none that we know of, but we could not see" if told.blind else seen.landings_words(told)


def _window(verdict: Verdict) -> str:
    if verdict.rule.days is not None:
        return f"in {verdict.rule.days} days"
    return f"in week {verdict.window_key}" if verdict.over else "this week"


def _lead(report: AlertReport) -> list[str]:
    verdict, before = report.verdict, report.count_before
    watch = f"watch {report.watch.name}"
    place = place_name(verdict.rule.place, report.airfields, verdict.begin.date())
    count = f"{_landings(report)} at {place} {_window(verdict)}"
    match report.reason:
        case Reason.CROSSED:
            first = f"{watch}: {count}{_by_grade(verdict, report.watch)}"
        case Reason.ROSE:
            rise = f", up from the {before} reported before" if before else ""
            first = f"{watch}: now {count}{_by_grade(verdict, report.watch)}{rise}"
        case Reason.CORRECTED_BELOW:
            correct = f", not {before} as reported before" if before else ""
            first = f"correction, {watch}: {count}{correct}"
        case Reason.RESOLVED:
            first = f"alert over, {watch}: {count}{_by_grade(verdict, report.watch)}"
    if report.coverage is not None:
        first += f"; {coverage_part.coverage_words(report.coverage)}"
    lines = [f"{first[:1].upper()}{first[1:]}."]
    if report.reason is Reason.CORRECTED_BELOW:
        lines.append(_CORRECTED)
    if verdict.late and report.reason in _NEWS:
        lines.append(_LATE)
    if verdict.provisional:
        lines.append(_PROVISIONAL)
    return lines


_CORRECTED = (
    "The alert is cancelled: landings that it rested on were withdrawn or changed, as listed below."
)
_LATE = (
    "Found late: this time was over before the landings became known, so the digest may have "
    "reported fewer."
)
_PROVISIONAL = "Provisional: at least one landing is inferred, and later reports can still undo it."


def _by_grade(verdict: Verdict, watch: Watch) -> str:
    """Return ` (1 confirmed, 1 probable)`, by the grades for the watch."""
    grades = Counter(each.grade_for(watch.name) for each in verdict.count.counted)
    parts = [f"{grades[grade]} {grade.value}" for grade in Grade if grades[grade]]
    if verdict.count.undetermined:
        parts.append(f"{len(verdict.count.undetermined)} undetermined")
    return f" ({', '.join(parts)})" if parts else ""


def _facts(report: AlertReport) -> list[tuple[str, str]]:
    verdict, watch = report.verdict, report.watch
    needed = formatting.landings(verdict.rule.count, verdict.rule.count)
    return [
        (
            "Probability",
            f"{formatting.percent(verdict.certainty)} that there were at least {needed}",
        ),
        ("Usual", _usual(verdict.usual)),
        ("Rule", f"{verdict.rule.name} (watch {watch.name}): {_condition(verdict)}"),
        ("Window", _period(verdict, watch)),
        ("Least certain landing", _least_certain(verdict)),
    ]


def _usual(usual: Usual) -> str:
    return usual.text.removeprefix("usual: ")


def _condition(verdict: Verdict) -> str:
    rule = verdict.rule
    needed = formatting.landings(rule.count, rule.count)
    window = "a week" if rule.days is None else f"{rule.days} days"
    match rule.kind:
        case RuleKind.THRESHOLD:
            return f"{needed} or more in {window} at {rule.place.name}"
        case RuleKind.SURGE:
            p = verdict.usual.p
            chance = "" if p is None else f"; the chance of as many is {p:.2g}"
            return (
                f"{needed} or more in {window} at {rule.place.name}, if that is improbable by the "
                f"year before (below {rule.p_below:g}){chance}"
            )
        case RuleKind.UNDETERMINED:
            return (
                f"{needed} or more in {window} at {rule.place.name}, if the undetermined landings "
                "were there"
            )


def _period(verdict: Verdict, watch: Watch) -> str:
    days = formatting.period(verdict.begin, verdict.end, watch.zone)
    key = f"{verdict.window_key}, " if verdict.rule.days is None else ""
    return f"{key}{days}, {watch.zone}"


def _least_certain(verdict: Verdict) -> str:
    if verdict.weakest is None:
        return "no landing is counted"
    name = aircraft(verdict.weakest)
    probability = formatting.percent(verdict.weakest.detection.probability)
    met = "is still met" if verdict.holds_without_weakest else "is not met"
    return f"{name} ({probability}); without it, the rule {met}"


def _undoing(report: AlertReport) -> list[tuple[str, tuple[str, ...]]]:
    """Return what could undo which landings; landings with the same sentences stand together."""
    count = report.verdict.count
    names_by_sentences: dict[tuple[str, ...], list[str]] = {}
    for landing in (*count.counted, *count.undetermined):
        sentences = tuple(reversals(landing, report.watch.zone))
        names_by_sentences.setdefault(sentences, []).append(aircraft(landing))
    return [
        ("; ".join(dict.fromkeys(names)), sentences)
        for sentences, names in names_by_sentences.items()
    ]


def correction(revision: Revision, landing: Landing, zone: str) -> str:
    """Return one change of a landing: when, which landing, what changed and why."""
    when = formatting.moment(revision.at, zone)
    where = landing.airfield or "an undetermined airfield"
    touchdown = formatting.moment(landing.detection.touchdown_at, zone)
    return (
        f"{when}: the landing of {aircraft(landing)} at {where} on {touchdown} was "
        f"{change_words(revision)}."
    )
