"""What does a notice about one rule say? It is a part of a mail, or a mail of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from collector.alerts.lifecycle import Reason
from collector.alerts.usual import Usual
from collector.alerts.verdict import Verdict
from collector.coverage.share import Coverage
from collector.coverage.sight import SeenCount, sight_of
from collector.model import Airfield, Grade, Landing, Revision, RuleKind, Watch
from collector.model.notice import Message
from collector.model.terms import Terms
from collector.reports import formatting, seen
from collector.reports.landing.links import page_links, places_to_look
from collector.reports.landing.reversal import reversals
from collector.reports.landing.summary import (
    aircraft,
    summarise,
)
from collector.reports.mails import alert_mail
from collector.reports.mails import coverage as coverage_part
from collector.reports.mails.alert_mail import (
    CORRECTED,
    NOT_KNOWN_YET,
    SURGE,
    AlertPart,
    ShownLanding,
)
from collector.reports.mails.corrections import correction
from collector.reports.titles import (
    place_title,
    place_with_codes,
    week_title,
    whose_and_where,
)
from collector.weeks import local_date

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReport:
    """One notice about one rule of a watch."""

    watch: Watch
    verdict: Verdict
    reason: Reason
    airfields: Sequence[Airfield]
    terms: Sequence[Terms] = ()
    """The terms of the feeds that the landings rest on."""
    pages: str = ""
    """The address of the pages, without the last slash; empty if only the operator opens them."""
    corrections: Sequence[tuple[Revision, Landing]] = ()
    """What changed since the last notice of this alert."""
    count_before: int | None = None
    """The count of the last notice; None if there was none."""
    coverage: Coverage | None = None
    """The coverage of the rule's place in the window so far."""
    chance: str = ""
    """How often the rule, and the watch, fire by chance, in words; empty: it is not said."""


def render(report: AlertReport) -> Message:
    """Return `report` as a mail of its own; each reason reads differently."""
    return alert_mail.render([part(report)])


def subject(report: AlertReport) -> str:
    """Return the subject of `report` as a mail of its own."""
    return render(report).subject


def part(report: AlertReport) -> AlertPart:
    """Return what `report` contributes to a mail."""
    verdict, watch, fields = report.verdict, report.watch, report.airfields
    counted, undetermined = verdict.count.counted, verdict.count.undetermined
    landings = [*counted, *undetermined]
    return AlertPart(
        rule=verdict.rule.name,
        order=watch.rules.index(verdict.rule) if verdict.rule in watch.rules else 0,
        window=verdict.window_key,
        reason=report.reason,
        headline=_headline(report),
        place=place_title(verdict.rule.place, fields, verdict.begin.date()),
        statement=_statement(report),
        usual=usual_words(verdict.usual),
        provisional=verdict.provisional,
        first=_first_sentence(report),
        coverage=coverage_part.coverage_words(report.coverage) if report.coverage else "",
        notes=tuple(_notes(report)),
        facts=tuple(_facts(report)),
        landings=_shown(counted, report),
        undetermined=_shown(undetermined, report),
        corrections=tuple(correction(*each, watch.zone, fields) for each in report.corrections),
        undoing=tuple(
            (each.id, aircraft(each), tuple(reversals(each, watch.zone, fields)))
            for each in landings
        ),
        links=(
            *page_links(report.pages, landings),
            *places_to_look(
                [*landings, *(landing for _, landing in report.corrections)],
                *(fields, verdict.rule.place.airfields, verdict.begin),
            ),
        ),
        terms=tuple(dict.fromkeys(report.terms)),
    )


def _shown(landings: Sequence[Landing], report: AlertReport) -> tuple[ShownLanding, ...]:
    return tuple(
        ShownLanding(
            touchdown_at=formatting.iso_z(each.detection.touchdown_at),
            summary=summarise(each, report.airfields, report.watch.zone, report.watch),
        )
        for each in landings
    )


def _statement(report: AlertReport) -> str:
    """Return the count and its window, as they stand in a subject."""
    verdict, count = report.verdict, _landings(report)
    surge = SURGE if verdict.rule.kind is RuleKind.SURGE else ""
    words = {
        Reason.CROSSED: f"{surge}{count}",
        Reason.ROSE: f"now {count}",
        Reason.CORRECTED_BELOW: f"{CORRECTED}{count}",
        Reason.RESOLVED: f"in the end {count}",
    }
    late = ", found late" if verdict.late and report.reason in _NEWS else ""
    return f"{words[report.reason]}{_joint(verdict)}{_window(report)}{late}"


def _headline(report: AlertReport) -> str:
    verdict = report.verdict
    day = verdict.begin.date()
    return whose_and_where(report.watch, verdict.rule.place, report.airfields, day)


def _joint(verdict: Verdict) -> str:
    """Return what stands in a subject between a count and its window."""
    return ", " if verdict.days is None else " "


_NEWS = (Reason.CROSSED, Reason.ROSE)


def usual_words(usual: Usual) -> str:
    """Return `0–1`, or `not known yet`."""
    if usual.low is None or usual.high is None:
        return NOT_KNOWN_YET
    return formatting.interval(usual.low, usual.high)


def _landings(report: AlertReport) -> str:
    count = report.verdict.count
    if report.coverage is None:
        return formatting.landings(count.count, count.at_most)
    told = SeenCount(count.count, count.at_most, sight_of(report.coverage))
    return "none that we know of, but we could not see" if told.blind else seen.landings_words(told)


def _window(report: AlertReport) -> str:
    """Return `week 6 of 2026`, or `in 14 days (to 12 Nov 2026)`, the day of the last landing."""
    verdict = report.verdict
    if verdict.days is None:
        return week_title(verdict.window_key)
    found = (*verdict.count.counted, *verdict.count.undetermined)
    last_at = max((each.detection.touchdown_at for each in found), default=None)
    last = local_date(last_at or verdict.end - _INSTANT, report.watch.zone)
    return f"in {verdict.days} days (to {formatting.day(last).partition(' ')[2]})"


def _first_sentence(report: AlertReport) -> str:
    """Return whose landings, where, how many and when, without the full stop."""
    verdict, before, window = report.verdict, report.count_before, _window(report)
    if verdict.days is None:
        window = f"in {window}"
        if report.reason in _NEWS and not verdict.over:
            window = f"so far {window}"
    headline, count = _headline(report), f"{_landings(report)} {window}"
    match report.reason:
        case Reason.CROSSED:
            return f"{headline}: {count}{_by_grade(verdict, report.watch)}"
        case Reason.ROSE:
            rise = f", up from the {before} reported before" if before else ""
            return f"{headline}: now {count}{_by_grade(verdict, report.watch)}{rise}"
        case Reason.CORRECTED_BELOW:
            correct = f", not {before} as reported before" if before else ""
            return f"Correction. {headline}: {count}{correct}"
        case Reason.RESOLVED:
            return f"{headline}: in the end {count}{_by_grade(verdict, report.watch)}"


def _notes(report: AlertReport) -> Iterable[str]:
    if report.reason is Reason.CORRECTED_BELOW:
        yield _CORRECTED.format(rule=report.verdict.rule.name)
    if report.reason is Reason.RESOLVED:
        yield _ENDED
    if report.verdict.late and report.reason in _NEWS:
        yield _LATE
    if report.verdict.provisional:
        yield _PROVISIONAL


_ENDED = "This time is over. Its count had reached the threshold, as was reported before."
_CORRECTED = (
    "The alert of the rule {rule} is cancelled: landings that it rested on were withdrawn or "
    "changed."
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
    unsure = Counter(_unsure(each, verdict, watch) for each in verdict.count.undetermined)
    parts += [f"{number} {what}" for what, number in sorted(unsure.items(), reverse=True)]
    return f" ({', '.join(parts)})" if parts else ""


def _unsure(landing: Landing, verdict: Verdict, watch: Watch) -> str:
    """Return why a landing does not count for sure, in the words in which the mail lists it."""
    if landing in verdict.count.undated:
        return "perhaps at another time"
    graded_below = landing.grade_for(watch.name).rank < watch.count_from.rank
    return "possible" if landing.airfield is not None and graded_below else "undetermined"


def _facts(report: AlertReport) -> list[tuple[str, str]]:
    verdict, watch = report.verdict, report.watch
    needed = formatting.landings(verdict.needed, verdict.needed)
    certainty = formatting.percent(verdict.certainty)
    were = "was" if verdict.needed == 1 else "were"
    return [
        ("Rule", f"{verdict.rule.name} (watch {watch.name}): {_condition(verdict)}"),
        ("Where", place_with_codes(verdict.rule.place, report.airfields, verdict.begin.date())),
        ("Window", _period(verdict, watch)),
        ("Probability", f"{certainty} that there {were} at least {needed}"),
        ("Usual", _usual(verdict.usual)),
        ("Least certain landing", _least_certain(verdict)),
        *([("By chance", report.chance)] if report.chance else []),
    ]


def _usual(usual: Usual) -> str:
    return usual.text.removeprefix("usual: ")


def _condition(verdict: Verdict) -> str:
    rule = verdict.rule
    needed = formatting.landings(rule.count, rule.count)
    window = "a week" if rule.days is None else f"{rule.days} days"
    match rule.kind:
        case RuleKind.THRESHOLD:
            return f"{needed} or more in {window}"
        case RuleKind.SURGE:
            p = verdict.usual.p
            chance = "" if p is None else f"; the chance of as many is {p:.2g}"
            return (
                f"{needed} or more in 1, 2, 4, 8, 16 or 26 weeks, if so many are improbable by the "
                f"weeks before{chance}"
            )
        case RuleKind.UNDETERMINED:
            return f"{needed} or more in {window}, if the undetermined landings were there"


def _period(verdict: Verdict, watch: Watch) -> str:
    if verdict.days is not None:
        # Days of 24 h: from a touchdown on they reach into one more day of the calendar.
        begin = formatting.moment(verdict.begin, watch.zone)
        return f"the {verdict.days} days from {begin}"
    days = formatting.period(verdict.begin, verdict.end, watch.zone)
    return f"{verdict.window_key}, {days}, {watch.zone}"


def _least_certain(verdict: Verdict) -> str:
    if verdict.weakest is None:
        return "no landing is counted"
    name = aircraft(verdict.weakest)
    probability = formatting.percent(verdict.weakest.detection.probability)
    if not verdict.crossed:  # as in a correction: the rule is not met with it either
        return f"{name} ({probability})"
    met = "is still met" if verdict.holds_without_weakest else "is not met"
    return f"{name} ({probability}); without it, the rule {met}"
