"""What does the weekly digest say? One sentence sums up the week, and its grounds follow.

The sentence says which watch, how many landings, where, when, what is usual, and how good the
coverage was. It never calls a week quiet that could not be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collector.alerts.counts import Count
from collector.alerts.lifecycle import Mute
from collector.alerts.usual import Usual
from collector.coverage.share import Coverage, DayCoverage
from collector.coverage.sight import Level, SeenCount, sight_of
from collector.landings.fleet_ledger import LedgerRow
from collector.landings.identity_conflicts import Conflict
from collector.model import Airfield, Landing, Place, Revision, Watch
from collector.model.notice import Message
from collector.model.terms import Terms
from collector.reports import formatting, rendering, seen
from collector.reports.landing.identity_conflicts import conflict_lines
from collector.reports.landing.summary import (
    LandingSummary,
    place_name,
    places_to_look,
    summarise,
)
from collector.reports.mails import coverage as coverage_part
from collector.reports.mails.alert import usual_words
from collector.reports.mails.corrections import correction_lines, judged_again_lines
from collector.reports.mails.feeds import FeedHealth, feed_line, pauses_sentence
from collector.reports.mails.fleet_ledger import ledger_lines, ledger_notes, silent_aircraft
from collector.reports.mails.glossary import GRADES
from collector.weeks import week_bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWeek:
    """One place's week."""

    place: Place
    count: Count
    coverage: Coverage
    usual: Usual
    alert: str = "ok"
    """The state of the rules: `ok`, `firing` or `resolved`."""

    @property
    def seen(self) -> SeenCount:
        """The count with what may be said of it."""
        return SeenCount(self.count.count, self.count.at_most, sight_of(self.coverage))


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchWeek:
    """One watch's week; the digest leads with the first place."""

    watch: Watch
    places: Sequence[PlaceWeek]
    corrections: Sequence[tuple[Revision, Landing]] = ()
    """Changes since the last digest, in weeks that a digest has reported before."""
    followed: Sequence[Landing] = ()
    """Landings of aircraft that are shown but not counted."""
    ledger: Sequence[LedgerRow] = ()
    mutes: Sequence[Mute] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReport:
    """One recipient's week: all watches that name the recipient, at least one."""

    week: str
    written_at: datetime
    watches: Sequence[WatchWeek]
    airfields: Sequence[Airfield]
    coverage_by_day: Sequence[tuple[str, Sequence[DayCoverage]]] = ()
    """For each airfield (its ICAO code), the coverage of each day of the week, in order."""
    feeds: Sequence[FeedHealth] = ()
    pauses: Sequence[tuple[datetime, datetime]] = ()
    """The long times in which no feed was asked, in order."""
    terms: Sequence[Terms] = ()
    visitors: Sequence[Landing] | None = None
    """Landings of unlisted visitors, in order; None if visitors are not followed."""
    conflicts: Sequence[Conflict] = ()
    """The identity conflicts of watched addresses."""


def render(report: DigestReport) -> Message:
    """Return `report` as a mail. Raises ValueError if it has no watch, or `week` is no week."""
    if not report.watches:
        raise ValueError("a digest needs at least one watch")
    data = _data(report)
    return Message(
        subject=subject(report),
        text=rendering.text("digest", **data),
        html=rendering.html("digest", **data),
    )


def subject(report: DigestReport) -> str:
    """Return `Week 2026-W47 · LLOV: 2–3 landings (usual: 0–1) · coverage 82%`."""
    lead = report.watches[0].places[0]
    coverage = lead.coverage
    share = formatting.percent(coverage.share)
    news = seen.landings_words(lead.seen)
    if lead.seen.blind:
        if lead.seen.sight.only_high:
            news += ", aircraft were heard mostly in cruise or far off"
        elif coverage.share > 0:
            news += f" (coverage {share})"
    elif lead.seen.in_part:
        news += f" (usual: {usual_words(lead.usual)})"
    else:
        news += f" (usual: {usual_words(lead.usual)}) · coverage {share}"
    return f"Week {report.week} · {lead.place.name}: {news}"


def sentence(week: str, watch: str, place: str, lead: PlaceWeek) -> str:
    """Return the first sentence: whose landings, how many, where, what is usual, and the coverage.

    `watch` and `place` are names. The sentence never calls a week quiet that could not be seen.
    """
    told = lead.seen
    if told.blind:
        why = seen.reason(told.sight)
        return (
            f"Watch {watch}: we could not see {place} in week {week}. {why[:1].upper()}{why[1:]}, "
            "so nothing can be said about landings there."
        )
    usual = usual_words(lead.usual)
    coverage = coverage_part.coverage_words(lead.coverage)
    if told.in_part:
        part = formatting.percent(told.sight.seen)
        return (
            f"Watch {watch}: none seen at {place} in week {week}, in the {part} of the time that "
            f"we could see (usual: {usual}); {coverage}. This does not mean that there was none."
        )
    first = f"Watch {watch}: {seen.landings_words(told)} at {place} in week {week} (usual: {usual})"
    if told.is_zero or told.sight.level is Level.SEEN:
        return f"{first}; {coverage}."
    return f"{first}, and perhaps more: {coverage}."


def _data(report: DigestReport) -> dict[str, Any]:
    zone = report.watches[0].watch.zone
    begin, end = week_bounds(report.week, zone)
    return {
        "title": subject(report),
        "period": f"{formatting.period(begin, end, zone)}, {zone}",
        "pauses": pauses_sentence(report.pauses, begin, min(end, report.written_at), zone),
        "unfinished": report.written_at < end,
        "watches": [_watch(week, report) for week in report.watches],
        "several": len(report.watches) > 1,
        "coverage_by_day": [
            (code, [_day(day) for day in days]) for code, days in report.coverage_by_day if days
        ],
        "feeds": [(feed.name, feed_line(feed, zone)) for feed in report.feeds],
        "visitors": None
        if report.visitors is None
        else [summarise(each, report.airfields, zone) for each in report.visitors],
        "visitors_none": _none_words(report.watches[0].places),
        "conflicts": conflict_lines(report.conflicts, zone),
        "glossary": GRADES,
        "terms": list(dict.fromkeys(report.terms)),
        "links": places_to_look(
            _all_landings(report.watches),
            report.airfields,
            list(dict.fromkeys(code for week in report.watches for code in week.watch.airfields)),
            begin,
        ),
    }


def _watch(week: WatchWeek, report: DigestReport) -> dict[str, Any]:
    zone, ledger, lead = week.watch.zone, week.ledger, week.places[0]

    def summaries(landings: Iterable[Landing]) -> list[LandingSummary]:
        return [summarise(each, report.airfields, zone, week.watch) for each in landings]

    begin, _ = week_bounds(report.week, zone)
    place = place_name(lead.place, report.airfields, begin.date())
    named, undetermined = _named_and_undetermined(week.places)
    return {
        "name": week.watch.name,
        "sentence": sentence(report.week, week.watch.name, place, lead),
        "places": [_place(each) for each in week.places],
        "corrections": correction_lines(week.corrections, zone),
        "judged_again": judged_again_lines(week.corrections, zone),
        "none": _none_words(week.places),
        "landings": summaries(named),
        "undetermined": summaries(undetermined),
        "followed": summaries(week.followed),
        "ledger": [line for line in ledger_lines(ledger, zone) if line.counted and line.was_heard],
        "ledger_notes": ledger_notes(ledger),
        "silent_aircraft": silent_aircraft(ledger),
        "mutes": [_mute(each, zone) for each in week.mutes],
    }


def _mute(mute: Mute, zone: str) -> str:
    rules = f"Rule {mute.rule} is" if mute.rule else "All rules are"
    text = f"{rules} muted until {formatting.moment(mute.until, zone)}"
    return f"{text}: {mute.note}" if mute.note else f"{text}."


def _place(week: PlaceWeek) -> dict[str, str]:
    return {
        "name": week.place.name,
        "count": seen.number(week.seen),
        "usual": usual_words(week.usual),
        "coverage": formatting.percent(week.coverage.share),
        "alert": seen.week_alert_words(week.seen, week.alert),
    }


def _none_words(places: Sequence[PlaceWeek]) -> str:
    """Return what stands in place of a list of landings at these places."""
    best = max((week.seen.sight for week in places), key=lambda each: each.seen)
    if best.level is Level.NOT_SEEN:
        return "None known: we could not see in this week."
    if best.level is Level.IN_PART:
        return f"None seen in the {formatting.percent(best.seen)} of the time that we could see."
    return "None seen."


def _named_and_undetermined(
    places: Sequence[PlaceWeek],
) -> tuple[list[Landing], list[Landing]]:
    """Return the landings counted at a named airfield, and the undetermined or ungraded others."""
    counted = _once(each for week in places for each in week.count.counted)
    undetermined = _once(each for week in places for each in week.count.undetermined)
    named = [each for each in counted if each.airfield is not None]
    named_ids = {each.id for each in named}
    others = _once([*counted, *undetermined])
    return named, [each for each in others if each.id not in named_ids]


def _once(landings: Iterable[Landing]) -> list[Landing]:
    by_id = {each.id: each for each in landings}
    return sorted(by_id.values(), key=lambda each: (each.detection.touchdown_at, each.id))


def _all_landings(watches: Iterable[WatchWeek]) -> list[Landing]:
    landings: list[Landing] = []
    for week in watches:
        for part in _named_and_undetermined(week.places):
            landings += part
    return _once(landings)


def _day(day: DayCoverage) -> dict[str, Any]:
    return {
        "day": formatting.day(day.day).rsplit(" ", 1)[0],
        "share": day.coverage.share,
        "filled": formatting.filled(day.coverage.share, 100),
        "remarks": coverage_part.remarks(day.coverage),
    }
