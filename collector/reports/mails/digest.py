"""What does the weekly digest say? One sentence first; then all that it rests on, also at zero."""

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
from collector.reports.landing.summary import LandingSummary, places_to_look, summarise
from collector.reports.mails import coverage as coverage_part
from collector.reports.mails.alert import usual_words
from collector.reports.mails.corrections import correction_lines
from collector.reports.mails.fleet_ledger import followed, ledger_lines, silent, upper_bound
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
    """One watch's week; the first place is the one that the digest leads with."""

    watch: Watch
    places: Sequence[PlaceWeek]
    corrections: Sequence[tuple[Revision, Landing]] = ()
    """Since the last digest, of weeks that it or an earlier one told."""
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
    """What is wrong with it now, e.g. that it refused us; may quote the feed."""
    archive: bool = False
    """Nobody asked it: an archive was read, and `answered` are the minutes it proves hearing in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReport:
    """One recipient's week: all watches that name them, at least one."""

    week: str
    told_at: datetime
    watches: Sequence[WatchWeek]
    airfields: Sequence[Airfield]
    visibility: Sequence[tuple[str, Sequence[DayCoverage]]] = ()
    """For each airfield (its ICAO code), the days of the week in order."""
    feeds: Sequence[FeedHealth] = ()
    terms: Sequence[Terms] = ()
    visitors: Sequence[Landing] | None = None
    """Landings of aircraft on no watch, in order; None where nobody looked for them."""
    conflicts: Sequence[Conflict] = ()
    """What was seen of watched addresses and does not fit the airframe."""


def render(report: DigestReport) -> Message:
    """`report` as a mail. Raises ValueError if it has no watch or `week` is none."""
    if not report.watches:
        raise ValueError("a digest needs at least one watch")
    data = _data(report)
    return Message(
        subject=subject(report),
        text=rendering.text("digest", **data),
        html=rendering.html("digest", **data),
    )


def subject(report: DigestReport) -> str:
    """`Week 2026-W47 · LLOV: 2–3 landings (usual 0–1) · heard 82% of the time`."""
    lead = report.watches[0].places[0]
    coverage = lead.coverage
    share = formatting.percent(coverage.share)
    if _blind(lead):
        said = "could not see"
    elif lead.count.at_most == 0 and coverage.share < coverage_part.POOR_BELOW:
        said = f"none seen, but could hardly see (heard {share} of the time)"
    elif lead.count.at_most == 0 and coverage_part.is_high(coverage):
        said = "none seen, but heard only in cruise"
    else:
        found = _found(lead.count)
        said = f"{found} (usual {usual_words(lead.usual)}) · heard {share} of the time"
    return f"Week {report.week} · {lead.place.name}: {said}"


def sentence(week: str, lead: PlaceWeek) -> str:
    """The first sentence: how many, what is usual, and could we see.

    It never calls a week quiet that could not be seen.
    """
    coverage, place = lead.coverage, lead.place.name
    if _blind(lead):
        return (
            f"We could not see {place} in week {week}: nobody was heard near it, so nothing can "
            "be said about landings there."
        )
    said = f"{_found(lead.count)} at {place} in week {week} (usual {usual_words(lead.usual)})"
    said = said[:1].upper() + said[1:]
    if not coverage_part.is_poor(coverage):
        return f"{said}; {coverage_part.heard(coverage)}."
    if lead.count.at_most == 0:
        return (
            f"{said}, but {coverage_part.heard(coverage)}: this does not mean that there was none."
        )
    return f"{said}, and perhaps more: {coverage_part.heard(coverage)}."


def _found(count: Count) -> str:
    if count.at_most == 0:
        return "no landing seen"
    return formatting.landings(count.count, count.at_most)


def _data(report: DigestReport) -> dict[str, Any]:
    zone = report.watches[0].watch.zone
    begin, end = week_bounds(report.week, zone)
    return {
        "title": subject(report),
        "period": f"{formatting.period(begin, end, zone)}, {zone}",
        "unfinished": report.told_at < end,
        "watches": [_watch(one, report) for one in report.watches],
        "several": len(report.watches) > 1,
        "visibility": [
            (code, [_day(one) for one in days]) for code, days in report.visibility if days
        ],
        "feeds": [(one.name, _feed(one, zone)) for one in report.feeds],
        "visitors": None
        if report.visitors is None
        else [summarise(each, report.airfields, zone) for each in report.visitors],
        "conflicts": conflict_lines(report.conflicts, zone),
        "terms": list(dict.fromkeys(report.terms)),
        "links": places_to_look(
            _all_landings(report.watches),
            report.airfields,
            list(dict.fromkeys(c for one in report.watches for c in one.watch.airfields)),
            begin,
        ),
    }


def _watch(one: WatchWeek, report: DigestReport) -> dict[str, Any]:
    zone = one.watch.zone

    def told(landings: Iterable[Landing]) -> list[LandingSummary]:
        return [summarise(each, report.airfields, zone) for each in landings]

    named, undetermined = _sorted_out(one.places)
    return {
        "name": one.watch.name,
        "sentence": sentence(report.week, one.places[0]),
        "places": [_place(each) for each in one.places],
        "corrections": correction_lines(one.corrections, zone),
        "blind": all(map(_blind, one.places)),
        "landings": told(named),
        "undetermined": told(undetermined),
        "followed": told(one.followed),
        "ledger": [line for line in ledger_lines(one.ledger, zone) if line.counted and line.heard],
        "ledger_besides": [said for said in (silent(one.ledger), followed(one.ledger)) if said],
        "upper_bound": upper_bound(one.ledger),
        "mutes": [_mute(each, zone) for each in one.mutes],
    }


def _mute(one: Mute, zone: str) -> str:
    what = f"Rule {one.rule} is" if one.rule else "All rules are"
    said = f"{what} muted until {formatting.moment(one.until, zone)}"
    return f"{said}: {one.note}" if one.note else f"{said}."


def _place(one: PlaceWeek) -> dict[str, str]:
    return {
        "name": one.place.name,
        "found": formatting.counted(one.count.count, one.count.at_most, one.coverage.share),
        "usual": usual_words(one.usual),
        "heard": formatting.percent(one.coverage.share),
        "alert": "could not see" if _blind(one) and one.alert == "ok" else one.alert,
    }


def _blind(one: PlaceWeek) -> bool:
    """Whether nothing could be seen, and so nothing was."""
    return one.count.at_most == 0 and one.coverage.share == 0


def _sorted_out(places: Sequence[PlaceWeek]) -> tuple[list[Landing], list[Landing]]:
    """Landings counted at a named airfield, and those between airfields or below the grade."""
    counted = _once(each for one in places for each in one.count.counted)
    doubtful = _once(each for one in places for each in one.count.undetermined)
    named = [each for each in counted if each.airfield is not None]
    settled = {each.id for each in named}
    rest = _once([*counted, *doubtful])
    return named, [each for each in rest if each.id not in settled]


def _once(landings: Iterable[Landing]) -> list[Landing]:
    by_id = {each.id: each for each in landings}
    return sorted(by_id.values(), key=lambda each: (each.detection.touchdown_at, each.id))


def _all_landings(watches: Iterable[WatchWeek]) -> list[Landing]:
    found: list[Landing] = []
    for one in watches:
        for part in _sorted_out(one.places):
            found += part
    return _once(found)


def _day(one: DayCoverage) -> dict[str, Any]:
    return {
        "day": formatting.day(one.day).rsplit(" ", 1)[0],
        "share": one.coverage.share,
        "filled": formatting.filled(one.coverage.share, 100),
        "remarks": coverage_part.remarks(one.coverage),
    }


def _feed(one: FeedHealth, zone: str) -> str:
    """`8,266 of 10,080 polls answered (82%), last Mon …`, and what is wrong with it now."""
    said = "not asked."
    if one.archive:
        said = f"read from an archive; somebody was heard near in {one.answered:,} minutes."
    elif one.polls:
        last = one.last_answer_at
        when = f", last {formatting.moment(last, zone)}" if last else ""
        share = formatting.percent(one.answered / one.polls)
        said = f"{one.answered:,} of {one.polls:,} polls answered ({share}){when}."
    return f"{said} {one.remark}" if one.remark else said
