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
from collector.landings.fleet_ledger import LedgerRow
from collector.landings.identity_conflicts import Conflict
from collector.model import Airfield, Landing, Place, Revision, Watch
from collector.model.notice import Message
from collector.model.terms import Terms
from collector.reports import formatting, rendering
from collector.reports.landing.identity_conflicts import conflict_lines
from collector.reports.landing.summary import (
    LandingSummary,
    place_name,
    places_to_look,
    summarise,
)
from collector.reports.mails import coverage as coverage_part
from collector.reports.mails.alert import usual_words
from collector.reports.mails.corrections import correction_lines
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
    """`ok`, `firing` or `resolved`."""


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
class FeedHealth:
    """How one feed did in the week."""

    name: str
    polls: int
    answered: int
    last_answer_at: datetime | None = None
    remark: str = ""
    """What is wrong with the feed now, such as a refusal; may quote the feed."""
    archive: bool = False
    """An archive was read and no poll made; `answered` counts the minutes with aircraft in it."""


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
    if _blind(lead):
        news = "could not see"
    elif lead.count.at_most == 0 and coverage.share < coverage_part.POOR_BELOW:
        news = f"none seen, but we could hardly see (coverage {share})"
    elif lead.count.at_most == 0 and coverage_part.is_high(coverage):
        news = "none seen, but aircraft were heard only in cruise"
    else:
        usual = usual_words(lead.usual)
        news = f"{_landings_seen(lead.count)} (usual: {usual}) · coverage {share}"
    return f"Week {report.week} · {lead.place.name}: {news}"


def sentence(week: str, watch: str, place: str, lead: PlaceWeek) -> str:
    """Return the first sentence: whose landings, how many, where, what is usual, and the coverage.

    `watch` and `place` are names. The sentence never calls a week quiet that could not be seen.
    """
    if _blind(lead):
        return (
            f"Watch {watch}: we could not see {place} in week {week}. No aircraft was heard near "
            "it, so nothing can be said about landings there."
        )
    count = _landings_seen(lead.count)
    usual = usual_words(lead.usual)
    coverage = coverage_part.coverage_words(lead.coverage)
    first = f"Watch {watch}: {count} at {place} in week {week} (usual: {usual})"
    if not coverage_part.is_poor(lead.coverage):
        return f"{first}; {coverage}."
    if lead.count.at_most == 0:
        return f"{first}, but {coverage}. This does not mean that there was none."
    return f"{first}, and perhaps more: {coverage}."


def _landings_seen(count: Count) -> str:
    if count.at_most == 0:
        return "no landing seen"
    return formatting.landings(count.count, count.at_most)


def _data(report: DigestReport) -> dict[str, Any]:
    zone = report.watches[0].watch.zone
    begin, end = week_bounds(report.week, zone)
    return {
        "title": subject(report),
        "period": f"{formatting.period(begin, end, zone)}, {zone}",
        "unfinished": report.written_at < end,
        "watches": [_watch(week, report) for week in report.watches],
        "several": len(report.watches) > 1,
        "coverage_by_day": [
            (code, [_day(day) for day in days]) for code, days in report.coverage_by_day if days
        ],
        "feeds": [(feed.name, _feed(feed, zone)) for feed in report.feeds],
        "visitors": None
        if report.visitors is None
        else [summarise(each, report.airfields, zone) for each in report.visitors],
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
        return [summarise(each, report.airfields, zone) for each in landings]

    begin, _ = week_bounds(report.week, zone)
    place = place_name(lead.place, report.airfields, begin.date())
    named, undetermined = _named_and_undetermined(week.places)
    return {
        "name": week.watch.name,
        "sentence": sentence(report.week, week.watch.name, place, lead),
        "places": [_place(each) for each in week.places],
        "corrections": correction_lines(week.corrections, zone),
        "blind": all(map(_blind, week.places)),
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
        "count": formatting.counted(week.count.count, week.count.at_most, week.coverage.share),
        "usual": usual_words(week.usual),
        "coverage": formatting.percent(week.coverage.share),
        "alert": "could not see" if _blind(week) and week.alert == "ok" else week.alert,
    }


def _blind(week: PlaceWeek) -> bool:
    """Return whether there was no coverage, and so no landing was seen."""
    return week.count.at_most == 0 and week.coverage.share == 0


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


def _feed(feed: FeedHealth, zone: str) -> str:
    """Return `8,266 of 10,080 polls answered (82%), the last on Mon …`, and what is wrong now."""
    text = "not polled."
    if feed.archive:
        text = f"read from an archive; aircraft were heard nearby in {feed.answered:,} minutes."
    elif feed.polls:
        last = feed.last_answer_at
        when = f", the last on {formatting.moment(last, zone)}" if last else ""
        share = formatting.percent(feed.answered / feed.polls)
        text = f"{feed.answered:,} of {feed.polls:,} polls answered ({share}){when}."
    return f"{text} {feed.remark}" if feed.remark else text
