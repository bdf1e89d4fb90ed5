"""What does a report on any time say? First what it rests on; then counts, comparison, test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from collector.model import Landing, Watch
from collector.model.notice import Message
from collector.model.sighting import Sighting
from collector.model.terms import Terms
from collector.published.grouping import Reported
from collector.published.record import Fighting
from collector.published.summary import Bucket, Compared, PlaceHistory
from collector.reports import formatting, rendering
from collector.reports.period.published import (
    MONTHS,
    compared_row,
    date_words,
    fighting_row,
    reported_row,
)
from collector.reports.period.sentences import (
    HOW_TO_READ,
    answer_words,
    bucket_row,
    month_cell,
    rests_on,
)
from collector.reports.picture.canvas import HOW_TO_DRAW
from collector.untrusted import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchHistory:
    """One watch through the time of a report; the first place leads."""

    watch: Watch
    places: Sequence[PlaceHistory]
    compared: Sequence[Compared] = ()
    """Published counts of a time that lies in that of the report."""
    beyond: int = 0
    """How many published counts reach beyond it, and are left out."""
    matches: Sequence[tuple[Reported, Landing]] = ()
    """Reported landings in the time, with the tracked landing that each is."""
    not_added: Sequence[Sighting] = ()
    """Reported, but dated too loosely, or perhaps another row's landing."""
    feeds: Sequence[str] = ()
    """That any landing rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryReport:
    """Everything that a report is written from."""

    first: date
    last: date
    """Included."""
    told_at: datetime
    zone: str
    before_days: int
    """So many days before the fighting are taken as shortly before it."""
    heard_from: datetime | None
    """None: nobody ever listened."""
    watches: Sequence[WatchHistory]
    fighting: Sequence[Fighting] = ()
    terms: Mapping[str, Terms] | None = None
    """Of each feed by its name."""


def render(report: HistoryReport, pictures: Mapping[tuple[str, str], str] | None = None) -> Message:
    """The report as text and as one HTML file.

    `pictures`: for a watch's name and a place's, the SVG of its weeks, ours and so trusted; None
    where nothing can draw them.
    """
    data = {
        "title": title(report),
        "told_at": formatting.moment(report.told_at, report.zone),
        "watches": [_watch(one, report, pictures) for one in report.watches],
        "several": len(report.watches) > 1,
        "fighting": [fighting_row(one) for one in report.fighting],
        "before_days": report.before_days,
        "month_names": MONTHS,
        "how_to_draw": None if pictures is not None else HOW_TO_DRAW,
        "how_to_read": HOW_TO_READ,
        "terms": _terms(report),
    }
    return Message(
        subject=str(data["title"]),
        text=rendering.text("history", **data),
        html=rendering.html("history", **data),
    )


def title(report: HistoryReport) -> str:
    """`Landings at LLOV, 1 Jan 2016 to 26 Nov 2026`."""
    lead = report.watches[0].places[0]
    first, last = date_words(report.first.isoformat()), date_words(report.last.isoformat())
    return f"Landings at {lead.place.name}, {first} to {last}"


def report_json(report: HistoryReport) -> list[dict[str, Any]]:
    """One row a watch and place, for machines."""
    return [
        {
            "watch": one.watch.name,
            "place": each.place.name,
            "from": report.first.isoformat(),
            "to": report.last.isoformat(),
            **_bucket_json(each.whole),
            "matched": each.matched,
            "weeks": [{"week": b.name, **_bucket_json(b)} for b in each.weeks if _told(b)],
            "months": [{"month": b.name, **_bucket_json(b)} for b in each.months],
            "years": [{"year": b.name, **_bucket_json(b)} for b in each.years],
            "test": _test_json(each, report.before_days),
            "published": [
                _compared_json(c)
                for c in one.compared
                if set(c.published.airfields) == set(each.place.airfields)
            ],
        }
        for one in report.watches
        for each in one.places
    ]


def _bucket_json(bucket: Bucket) -> dict[str, Any]:
    return {
        "count": bucket.count,
        "at_most": bucket.at_most,
        "reported_only": bucket.reported,
        "coverage": round(bucket.coverage, 4),
        "told": bucket.finding.value,
    }


def _test_json(place: PlaceHistory, before_days: int) -> dict[str, Any]:
    rates = place.rates
    return {
        "before_days": before_days,
        "answer": rates.answer.value,
        "landings_inside": rates.inside,
        "landings_outside": rates.outside,
        "covered_days_inside": round(rates.inside_days, 2),
        "covered_days_outside": round(rates.outside_days, 2),
        **{name: _finite(getattr(rates, name)) for name in ("ratio", "low", "high", "p")},
    }


def _finite(number: float | None) -> float | None:
    """JSON has no infinity: there is no upper end."""
    return None if number is None or number == float("inf") else number


def _compared_json(one: Compared) -> dict[str, Any]:
    published = one.published
    return {
        "period": published.period.written,
        "published": published.count,
        "kind": published.kind.value,
        "unit": published.unit.value if published.unit else None,
        "what": published.what,
        "source": published.source,
        "count": one.count,
        "at_most": one.at_most,
        "dated_reports": one.dated,
        "dated_reports_of_others": one.dated_of_others,
        "coverage": round(one.coverage, 4),
        "verdict": one.verdict,
    }


def _watch(
    one: WatchHistory, report: HistoryReport, pictures: Mapping[tuple[str, str], str] | None
) -> dict[str, Any]:
    lead, *others = one.places
    shown = shown_places(one.places)
    silent = [each for each in others if not (each.whole.at_most or each.only_reported)]
    return {
        "name": one.watch.name,
        "rests_on": rests_on(lead, one.compared, report.heard_from, one.watch.zone),
        "places": [_place(each, report, one, pictures) for each in shown],
        "silent_places": [each.place.name for each in silent],
        "same_places": [
            each.place.name for each in others if each not in shown and each not in silent
        ],
        "compared": [compared_row(each) for each in one.compared],
        "beyond": one.beyond,
        "only_reported": [
            reported_row(each.sightings, report.fighting)
            for each in _once(row for place in shown for row in place.only_reported)
        ],
        "not_added": [reported_row([row], report.fighting) for row in one.not_added],
        "matched": [
            {"landing": landing.id, **reported_row(each.sightings, report.fighting)}
            for each, landing in one.matches
        ],
    }


def shown_places(places: Sequence[PlaceHistory]) -> list[PlaceHistory]:
    """The first, and those at which there is more to see than there."""
    lead, *others = places
    return [
        lead,
        *(
            each
            for each in others
            if (each.whole.at_most or each.only_reported)
            and (each.weeks, each.only_reported) != (lead.weeks, lead.only_reported)
        ),
    ]


def _place(
    one: PlaceHistory,
    report: HistoryReport,
    watch: WatchHistory,
    pictures: Mapping[tuple[str, str], str] | None,
) -> dict[str, Any]:
    picture = (pictures or {}).get((watch.watch.name, one.place.name))
    most = max((each.at_most + each.reported for each in one.weeks), default=0)
    return {
        "name": one.place.name,
        # S704: drawn here from numbers and from names that matplotlib escapes.
        "picture": None if picture is None else Markup(picture),  # noqa: S704
        "weeks": [bucket_row(each, report.fighting, most) for each in one.weeks if _told(each)],
        "years": [bucket_row(each, (), most) for each in one.years],
        "whole": bucket_row(one.whole, (), most),
        "months": _months(one.months),
        "test": answer_words(one, report.before_days),
    }


def _months(months: Iterable[Bucket]) -> list[tuple[str, list[dict[str, Any] | None]]]:
    """A row a year, a cell a month; None: not in the time of the report."""
    years: dict[str, list[dict[str, Any] | None]] = {}
    for each in months:
        row = years.setdefault(each.name[:4], [None] * len(MONTHS))
        row[int(each.name[5:]) - 1] = month_cell(each)
    return list(years.items())


def _told(bucket: Bucket) -> bool:
    return bool(bucket.at_most or bucket.reported)


def _once(rows: Iterable[Reported]) -> list[Reported]:
    return sorted(dict.fromkeys(rows), key=Reported.order)


def foot(report: HistoryReport) -> list[str]:
    """What must go with a picture that goes about alone: of when, what not, and whose data."""
    day = formatting.moment(report.told_at, report.zone).partition(",")[0]
    return [
        f"Written {day}. A landing says nothing about cargo or purpose.",
        "Sources of what is only reported, and of the fighting: in the report.",
        *(f"Tracked with data by {visible(one.attribution, 120)}" for one in _terms(report)),
    ]


def _terms(report: HistoryReport) -> list[Terms]:
    known = report.terms or {}
    feeds = dict.fromkeys(feed for one in report.watches for feed in one.feeds)
    return list(dict.fromkeys(known[feed] for feed in feeds if feed in known))
