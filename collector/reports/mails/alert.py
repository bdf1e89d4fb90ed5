"""What does an alert mail say? The count, how sure, the usual; then why, and what may undo it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from collector.alerts.lifecycle import Reason
from collector.alerts.usual import Usual
from collector.alerts.verdict import Verdict
from collector.coverage.share import Coverage
from collector.model import Airfield, Grade, Landing, Revision, RuleKind, Watch
from collector.model.notice import Message
from collector.model.terms import Terms
from collector.reports import formatting, rendering
from collector.reports.landing.reversal import reversals
from collector.reports.landing.summary import aircraft, places_to_look, summarise
from collector.reports.mails import coverage as coverage_part


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReport:
    """One notice about one rule of a watch."""

    watch: Watch
    verdict: Verdict
    reason: Reason
    airfields: Sequence[Airfield]
    terms: Sequence[Terms] = ()
    """Of the feeds that the landings rest on."""
    corrections: Sequence[tuple[Revision, Landing]] = ()
    """What changed since the last notice of this alert; told where it was corrected."""
    told_before: int | None = None
    """The count of the last notice."""
    coverage: Coverage | None = None
    """Of the rule's place in the window so far."""


def render(report: AlertReport) -> Message:
    """`report` as a mail; the different reasons read differently."""
    data = _data(report)
    return Message(
        subject=subject(report),
        text=rendering.text("alert", **data),
        html=rendering.html("alert", **data),
    )


def subject(report: AlertReport) -> str:
    """`LLOV: 2 landings this week (usual 0–1) · provisional`."""
    verdict = report.verdict
    place, found = verdict.rule.place.name, _landings(verdict)
    window, unsure = _window(verdict), " · provisional" if verdict.provisional else ""
    usual = f" (usual {usual_words(verdict.usual)})"
    match report.reason:
        case Reason.CROSSED:
            surge = "surge, " if verdict.rule.kind is RuleKind.SURGE else ""
            said = f"{surge}{found} {window}"
        case Reason.ROSE:
            said = f"now {found} {window}"
        case Reason.CORRECTED_BELOW:
            said = f"corrected to {found} {window}"
        case Reason.RESOLVED:
            said = f"over, {found} {window}"
    late = ", found late" if verdict.late and report.reason in _NEWS else ""
    return f"{place}: {said}{late}{usual}{unsure}"


_NEWS = (Reason.CROSSED, Reason.ROSE)


def usual_words(usual: Usual) -> str:
    """`0–1`, or that it is not known yet."""
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
        "landings": [summarise(one, report.airfields, watch.zone) for one in counted],
        "undetermined": [summarise(one, report.airfields, watch.zone) for one in undetermined],
        "corrections": [correction(*one, watch.zone) for one in report.corrections],
        "undoing": _undoing(report),
        "links": places_to_look(
            [*counted, *undetermined, *(one for _, one in report.corrections)],
            report.airfields,
            verdict.rule.place.airfields,
            verdict.begin,
        ),
        "terms": list(dict.fromkeys(report.terms)),
    }


def _landings(verdict: Verdict) -> str:
    return formatting.landings(verdict.count.count, verdict.count.at_most)


def _window(verdict: Verdict) -> str:
    if verdict.rule.days is not None:
        return f"in {verdict.rule.days} days"
    return f"in week {verdict.window_key}" if verdict.over else "this week"


def _lead(report: AlertReport) -> list[str]:
    verdict, place = report.verdict, report.verdict.rule.place.name
    found, window = _landings(verdict), _window(verdict)
    match report.reason:
        case Reason.CROSSED:
            said = [f"{found} at {place} {window}{_of_grades(verdict)}."]
        case Reason.ROSE:
            before = f", after the {report.told_before} told before" if report.told_before else ""
            said = [f"It rose further: {found} at {place} {window}{before}{_of_grades(verdict)}."]
        case Reason.CORRECTED_BELOW:
            before = f" It was told as {report.told_before}." if report.told_before else ""
            said = [f"Correction: {found} at {place} {window}.{before}", _CORRECTED]
        case Reason.RESOLVED:
            said = [f"It is over: {found} at {place} {window}{_of_grades(verdict)}."]
    if verdict.late and report.reason in _NEWS:
        said.append(_LATE)
    if verdict.provisional:
        said.append(_PROVISIONAL)
    return [one[:1].upper() + one[1:] for one in said]


_CORRECTED = "The alert no longer holds: what it rested on was taken back or moved, as told below."
_LATE = (
    "Found late: this time was over when the landings became known, and the digest may have told "
    "fewer."
)
_PROVISIONAL = (
    "Provisional: at least one landing is inferred, and what is heard next can still undo it."
)


def _of_grades(verdict: Verdict) -> str:
    """`: 1 confirmed, 1 probable`."""
    grades = Counter(one.detection.grade for one in verdict.count.counted)
    parts = [f"{grades[grade]} {grade.value}" for grade in Grade if grades[grade]]
    if verdict.count.undetermined:
        parts.append(f"{len(verdict.count.undetermined)} undetermined")
    return f": {', '.join(parts)}" if parts else ""


def _facts(report: AlertReport) -> list[tuple[str, str]]:
    verdict, watch = report.verdict, report.watch
    needed = formatting.landings(verdict.rule.count, verdict.rule.count)
    facts = [
        ("Certainty", f"{formatting.percent(verdict.certainty)} that there were at least {needed}"),
        ("Usual", _usual(verdict.usual)),
        ("Rule", f"{verdict.rule.name} of watch {watch.name}: {_asks(verdict)}"),
        ("Window", _period(verdict, watch)),
        ("Without the weakest", _without_weakest(verdict)),
    ]
    if report.coverage is not None:
        facts.append(("Could we see", coverage_part.heard(report.coverage)))
    return facts


def _usual(usual: Usual) -> str:
    return usual.text.removeprefix("usual: ")


def _asks(verdict: Verdict) -> str:
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
                f"at least {needed} in {window} at {rule.place.name}, and improbable against the "
                f"trailing year (below {rule.p_below:g}){chance}"
            )
        case RuleKind.UNDETERMINED:
            return (
                f"{needed} or more in {window} at {rule.place.name}, if the undetermined ones "
                "came there"
            )


def _period(verdict: Verdict, watch: Watch) -> str:
    days = formatting.period(verdict.begin, verdict.end, watch.zone)
    key = f"{verdict.window_key}, " if verdict.rule.days is None else ""
    return f"{key}{days}, {watch.zone}"


def _without_weakest(verdict: Verdict) -> str:
    if verdict.weakest is None:
        return "there is none to leave out"
    name = aircraft(verdict.weakest)
    probability = formatting.percent(verdict.weakest.detection.probability)
    if verdict.holds_without_weakest:
        return f"it still holds without {name} ({probability})"
    return f"it does not hold without {name} ({probability})"


def _undoing(report: AlertReport) -> list[tuple[str, tuple[str, ...]]]:
    """What could undo which landings; what holds for several is said once."""
    count = report.verdict.count
    several: dict[tuple[str, ...], list[str]] = {}
    for one in (*count.counted, *count.undetermined):
        several.setdefault(tuple(reversals(one, report.watch.zone)), []).append(aircraft(one))
    return [("; ".join(dict.fromkeys(names)), said) for said, names in several.items()]


def correction(revision: Revision, landing: Landing, zone: str) -> str:
    """One change of a landing in a sentence: when, which, what and why."""
    when = formatting.moment(revision.at, zone)
    where = landing.airfield or "undetermined airfield"
    touchdown = formatting.moment(landing.detection.touchdown_at, zone)
    return (
        f"{when}: {aircraft(landing)} at {where}, {touchdown}: {revision.change}. {revision.reason}"
    )
