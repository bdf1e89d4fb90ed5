"""What does the weekly digest say? One sentence sums up the week, and its grounds follow.

The sentence says which watch, how many landings, where, when, what is usual, and how good the
coverage was. It never calls a week quiet that could not be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from collector.alerts.lifecycle import Mute
from collector.coverage.share import DayCoverage
from collector.coverage.sight import SEEN_FROM, Level
from collector.landings.identity_conflicts import Conflict
from collector.model import Airfield, Landing, Watch
from collector.model.notice import Message
from collector.model.terms import Terms
from collector.reports import formatting, rendering, seen
from collector.reports.final_leg import final_leg_sentence
from collector.reports.landing.identity_conflicts import conflict_lines
from collector.reports.landing.links import page_links, pages_by_id, places_to_look
from collector.reports.landing.summary import (
    LandingSummary,
    all_at,
    briefly,
    summarise,
)
from collector.reports.mails import coverage as coverage_part
from collector.reports.mails import digest_corrections
from collector.reports.mails.alert import usual_words
from collector.reports.mails.alert_mail import MOST_ABOVE
from collector.reports.mails.corrections import judged_again_lines
from collector.reports.mails.digest_dates import (
    CHANGED_SINCE,
    CORRECTED_SINCE,
    known_words,
    period_words,
)
from collector.reports.mails.digest_subject import by_news, headline, subject
from collector.reports.mails.feeds import FeedHealth, feed_line, pauses_sentence
from collector.reports.mails.fleet_ledger import (
    landings_where,
    ledger_lines,
    ledger_notes,
    silent_aircraft,
)
from collector.reports.mails.glossary import GRADES
from collector.reports.mails.illustrations import pictures_of, tracks_picture, weeks_picture
from collector.reports.mails.watch_week import (
    PlaceWeek,
    WatchWeek,
    all_landings,
    named_and_undetermined,
    none_words,
)
from collector.reports.stops import previous_stops_sentence
from collector.reports.titles import (
    airfield_with_code,
    place_title,
    week_title,
    whose,
    with_names,
)
from collector.reports.undated import undated_words
from collector.weeks import week_bounds

_NOTHING_ELSE = (
    "Nothing is undetermined or possible, and there is no correction since the last digest."
)
"""Of one of several watches, in place of empty sections."""
_ONLY_UNSURE = "None that counts for sure: see below."
_ONLY_BETWEEN = "None that counts at a single airfield: see below."
"""In place of the landings, where all that are known are undetermined or possible; the second if
one of them counts at several airfields together."""


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
    pages: str = ""
    """The address of the pages, without the last slash; empty if only the operator opens them."""
    conflicts: Sequence[Conflict] = ()
    """The identity conflicts of watched addresses."""
    due_at: datetime | None = None
    """When this week's digest was due, if a later one was due since: this one says what is known
    now, and lists what changed since then, in this week too."""


def render(report: DigestReport) -> Message:
    """Return `report` as a mail. Raises ValueError if it has no watch, or `week` is no week."""
    if not report.watches:
        raise ValueError("a digest needs at least one watch")
    data = _data(report)
    return Message(
        subject=subject(report.watches, report.week, report.airfields),
        text=rendering.text("digest", **data),
        html=rendering.html("digest", **data),
        illustrations=pictures_of(data["watches"]),
    )


def sentences(
    week: str, headline: str, place: str, lead: PlaceWeek, *, later: bool = False
) -> tuple[str, str]:
    """Return what stands first: whose landings, where, how many and what is usual; and then how
    much could be seen.

    `headline` says whose and where (`titles.whose_and_where`), `place` only where. The first
    sentence never calls a week quiet that could not be seen. `later`: other digests were due since.
    """
    told, week = lead.seen, f"{week_title(week)}{', as known now' if later else ''}"
    if told.blind:
        why = _capital(seen.reason(told.sight))
        return (
            f"{headline}: we could not see in {week}.",
            f"{why}, so nothing can be said about landings at {place}.",
        )
    usual = usual_words(lead.usual)
    coverage = coverage_part.coverage_words(lead.coverage)
    if told.in_part:
        part = f"in the {formatting.percent(told.sight.seen)} of the time that we could see"
        return (
            f"{headline}: none seen in {week}, {part} (usual: {usual}).",
            f"{_capital(coverage)}. This does not mean that there was none.",
        )
    undated = len(lead.count.undated)
    landings = seen.landings_words(told) + (f", {undated_words(undated)}" if undated else "")
    first = f"{headline}: {seen.closed(landings)} in {week} (usual: {usual})."
    if told.is_zero or told.sight.level is Level.SEEN:
        return first, f"{_capital(coverage)}."
    return first, f"There may have been more: {coverage}."


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _data(report: DigestReport) -> dict[str, Any]:
    zone = report.watches[0].watch.zone
    begin, end = week_bounds(report.week, zone)
    return {
        "title": subject(report.watches, report.week, report.airfields),
        "period": period_words(
            report.week,
            [each.watch for each in report.watches],
            all_landings(report.watches),
            report.airfields,
        ),
        "known": known_words(report.written_at, report.due_at, zone),
        "since": CHANGED_SINCE if report.due_at else CORRECTED_SINCE,
        "pauses": pauses_sentence(report.pauses, begin, min(end, report.written_at), zone),
        "unfinished": any(
            report.written_at < week_bounds(report.week, each.watch.zone)[1]
            for each in report.watches
        ),
        "watches": [_watch(week, report, n) for n, week in enumerate(by_news(report.watches), 1)],
        "several": len(report.watches) > 1,
        "coverage_by_day": [
            (airfield_with_code(code, report.airfields, begin.date()), [_day(day) for day in days])
            for code, days in report.coverage_by_day
            if days
        ],
        "all_seen": all(
            day.coverage.seen >= SEEN_FROM for _, days in report.coverage_by_day for day in days
        ),
        "not_seen": coverage_part.day_lines(report.coverage_by_day, report.airfields, begin.date()),
        "feeds": [(feed.name, feed_line(feed, zone)) for feed in report.feeds],
        "visitors": None
        if report.visitors is None
        else [summarise(each, report.airfields, zone) for each in report.visitors],
        "visitors_none": with_names(
            none_words([each for week in report.watches for each in week.places]),
            report.airfields,
            begin.date(),
        ),
        "conflicts": conflict_lines(report.conflicts, zone),
        "glossary": GRADES,
        "terms": list(dict.fromkeys(report.terms)),
        "pages": (pages := page_links(report.pages, all_landings(report.watches), report.week)),
        "page_of": pages_by_id(pages),
        "most_above": MOST_ABOVE,
        "links": places_to_look(
            all_landings(report.watches),
            report.airfields,
            list(dict.fromkeys(code for each in report.watches for code in each.watch.airfields)),
            begin,
        ),
    }


def _watch(week: WatchWeek, report: DigestReport, number: int) -> dict[str, Any]:
    zone, ledger, lead = week.watch.zone, week.ledger, week.places[0]

    def summaries(landings: Iterable[Landing]) -> list[LandingSummary]:
        return [summarise(each, report.airfields, zone, week.watch) for each in landings]

    begin, _ = week_bounds(report.week, zone)
    place = place_title(lead.place, report.airfields, begin.date())
    named, undetermined = named_and_undetermined(week.places)
    told = {
        "title": whose(week.watch),
        "sentences": sentences(
            *(report.week, headline(week, report.week, report.airfields), place, lead),
            later=report.due_at is not None,
        ),
        "places": [
            _place(each, week.watch, report.airfields, begin.date()) for each in week.places
        ],
        "corrections": digest_corrections.lines(week, report.airfields),
        "judged_again": judged_again_lines(week.corrections, zone, report.airfields),
        "none": (_ONLY_BETWEEN if any(one.count.count for one in week.places) else _ONLY_UNSURE)
        if undetermined
        else with_names(none_words(week.places), report.airfields, begin.date()),
        "before": previous_stops_sentence(lead.count.counted, known_only=True),
        "final_leg": final_leg_sentence(_final_legs(week)),
        "landings": (listed := summaries(named)),
        "places_told": not all_at(place, listed),
        "undetermined": [briefly(each) for each in summaries(undetermined)],
        "followed": summaries(week.followed),
        "ledger": [line for line in ledger_lines(ledger, zone) if line.counted and line.was_heard],
        "ledger_where": with_names(
            landings_where(week.watch.airfields), report.airfields, begin.date()
        ),
        "ledger_notes": ledger_notes(ledger),
        "silent_aircraft": ""
        if all(one.seen.blind for one in week.places)
        else silent_aircraft(ledger),
        "mutes": [_mute(each, zone) for each in week.mutes],
        "chart": weeks_picture(week.chart, number) if week.chart else None,
        "tracks": tracks_picture(week.tracks, number) if week.tracks else None,
    }
    shown = ("landings", "undetermined", "followed", "corrections", "judged_again")
    nothing = len(report.watches) > 1 and not any(told[part] for part in shown)
    rest = ("landings", "undetermined", "chart", "ledger", "ledger_notes", "mutes", "tracks")
    return told | {
        "quiet": _NOTHING_ELSE if nothing else "",
        "more": any(told[part] for part in rest),
    }


def _final_legs(week: WatchWeek) -> int:
    """Return how many aircraft fell silent on their way in, at any of the watch's places."""
    return len({each.id for one in week.places for each in one.count.final_leg_not_seen})


def _mute(mute: Mute, zone: str) -> str:
    rules = f"Rule {mute.rule} is" if mute.rule else "All rules are"
    text = f"{rules} muted until {formatting.moment(mute.until, zone)}"
    return f"{text}: {mute.note}" if mute.note else f"{text}."


def _place(
    week: PlaceWeek, watch: Watch, airfields: Sequence[Airfield], day: date
) -> dict[str, Any]:
    ok = seen.ok_words(watch.rules, week.place)
    return {
        "name": place_title(week.place, airfields, day),
        "codes": week.place.name,
        "count": seen.number(week.seen),
        "usual": usual_words(week.usual),
        "could_see": formatting.percent(week.seen.sight.seen),
        "alert": seen.week_alert_words(week.seen, week.alert, ok),
        "ruled": week.alert != "ok" or ok == seen.alert_words("ok"),
    }


def _day(day: DayCoverage) -> dict[str, Any]:
    return {
        "day": formatting.day(day.day).rsplit(" ", 1)[0],
        "share": day.coverage.share,
        "filled": formatting.filled(day.coverage.share, 100),
        "remarks": coverage_part.remarks(day.coverage),
    }
