"""How is a report on a period written? The text, the HTML page and the JSON first state the data
they rest on, then the counts, the comparison with published counts, and the test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from collector.coverage.sight import SeenCount
from collector.model import Airfield, Landing, Place, Watch
from collector.model.notice import Message
from collector.model.sighting import Sighting
from collector.model.terms import Terms
from collector.published.comparison import CountComparison
from collector.published.grouping import ReportedLanding
from collector.published.record import Fighting
from collector.published.summary import PeriodCount, PlaceSummary
from collector.reports import formatting, rendering, seen
from collector.reports.period.published import (
    MONTHS,
    comparison_row,
    date_words,
    fighting_row,
    reported_row,
)
from collector.reports.period.sentences import (
    HOW_TO_READ,
    MONTHS_WORDS,
    basis_sentences,
    count_row,
    month_cell,
    result_sentences,
)
from collector.reports.period.totals import total_words
from collector.reports.stops import previous_stops_sentence
from collector.reports.titles import place_title, place_with_codes, whose, whose_and_where
from collector.untrusted import visible

MONTHS_IN_TEXT = 7
"""Of so many months or more the text has a table; the weeks show what fewer hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchPeriod:
    """The landings of one watch in the period of a report; the first place is the main place."""

    watch: Watch
    places: Sequence[PlaceSummary]
    comparisons: Sequence[CountComparison] = ()
    """Published counts whose time lies in the period."""
    counts_left_out: int = 0
    """How many published counts reach beyond the period, and are left out."""
    matches: Sequence[tuple[ReportedLanding, Landing]] = ()
    """The reported landings in the period that were tracked, each with its tracked landing."""
    not_added: Sequence[Sighting] = ()
    """Sightings that are dated too loosely or may report the landing of another row."""
    feeds: Sequence[str] = ()
    """The names of the feeds on which any of the landings rests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReport:
    """All values from which a report is written."""

    first: date
    last: date
    """Included."""
    written_at: datetime
    zone: str
    before_days: int
    """The number of days before the fighting that count as shortly before it."""
    covered_from: datetime | None
    """The time of the first coverage; None if no feed has ever answered."""
    watches: Sequence[WatchPeriod]
    airfields: Sequence[Airfield] = ()
    """The airfields that the report names."""
    fighting: Sequence[Fighting] = ()
    terms: Mapping[str, Terms] | None = None
    """The terms of each feed by its name."""


def render(
    report: PeriodReport,
    pictures: Mapping[tuple[str, str], str] | None = None,
    *,
    brief: bool = False,
) -> Message:
    """Return the report as text and as one HTML page.

    `pictures` holds the SVG of the weeks by the names of watch and place. The SVGs are drawn by
    this package and so trusted; the text needs none. With `brief` the text says in two sentences
    how to read it, for a terminal.
    """
    watches = [_watch_data(one, report, pictures) for one in report.watches]
    data = {
        "title": title(report),
        "written_at": formatting.moment(report.written_at, report.zone),
        "watches": watches,
        "brief": brief,
        "several": len(report.watches) > 1,
        "fighting": [fighting_row(one) for one in report.fighting],
        "before_days": report.before_days,
        "month_names": MONTHS,
        "months_words": MONTHS_WORDS,
        "months_shown": any(place["months_in_text"] for one in watches for place in one["places"]),
        "how_to_read": HOW_TO_READ,
        "terms": _terms(report),
    }
    return Message(
        subject=str(data["title"]),
        text=rendering.text("period", **data),
        html=rendering.html("period", **data),
    )


def title(report: PeriodReport) -> str:
    """Return the title: `Silk Way Il-76s at Ovda: landings, 1 Jan 2016 to 26 Nov 2026`.

    Each of several watches is named with its main place.
    """
    first, last = date_words(report.first.isoformat()), date_words(report.last.isoformat())
    return f"{headlines(report)}: landings, {first} to {last}"


def headlines(report: PeriodReport) -> str:
    """Return whose landings at which places the report is about: each watch at its main place."""
    return "; ".join(headline(report, each.watch, each.places[0].place) for each in report.watches)


def headline(report: PeriodReport, watch: Watch, place: Place) -> str:
    """Return whose landings at which place, by the names on the last day of the report."""
    return whose_and_where(watch, place, report.airfields, report.last)


def _watch_data(
    one: WatchPeriod, report: PeriodReport, pictures: Mapping[tuple[str, str], str] | None
) -> dict[str, Any]:
    main, *others = one.places

    def name(summary: PlaceSummary) -> str:
        return place_title(summary.place, report.airfields, report.last)

    shown = shown_places(one.places)
    empty = [each for each in others if not (each.whole.at_most or each.only_reported)]
    return {
        "title": whose(one.watch),
        "basis": basis_sentences(
            main,
            one.comparisons,
            report.covered_from,
            one.watch.zone,
            headline=headline(report, one.watch, main.place),
            place=name(main),
        ),
        "places": [_place_data(each, report, one, pictures) for each in shown],
        "empty_places": _empty_places([(name(each), each.whole.seen) for each in empty]),
        "same_places": [name(each) for each in others if each not in shown and each not in empty],
        "comparisons": [comparison_row(each) for each in one.comparisons],
        "counts_left_out": one.counts_left_out,
        "only_reported": [
            reported_row(each.sightings, report.fighting)
            for each in _distinct(row for place in shown for row in place.only_reported)
        ],
        "not_added": [reported_row([row], report.fighting) for row in one.not_added],
        "matched": [
            {"landing": landing.id, **reported_row(each.sightings, report.fighting)}
            for each, landing in one.matches
        ],
    }


def _empty_places(places: Iterable[tuple[str, SeenCount]]) -> list[str]:
    """Return sentences about the places without any landing, those that could be seen first."""
    by_words: dict[str, list[str]] = {}
    for name, told in sorted(places, key=lambda each: -each[1].sight.seen):
        words = "no landing was tracked or reported" if not told.blind else ""
        if told.in_part:
            words = f"none was {seen.landings_words(told).removeprefix('none ')}"
        by_words.setdefault(words or "could not see, and none was reported", []).append(name)
    return [
        f"{words[:1].upper()}{words[1:]}: {'; '.join(names)}." for words, names in by_words.items()
    ]


def shown_places(places: Sequence[PlaceSummary]) -> list[PlaceSummary]:
    """Return the main place and every other place that has landings of its own."""
    main, *others = places
    return [
        main,
        *(
            each
            for each in others
            if (each.whole.at_most or each.only_reported)
            and (each.weeks, each.only_reported) != (main.weeks, main.only_reported)
        ),
    ]


def _place_data(
    one: PlaceSummary,
    report: PeriodReport,
    watch: WatchPeriod,
    pictures: Mapping[tuple[str, str], str] | None,
) -> dict[str, Any]:
    picture = (pictures or {}).get((watch.watch.name, one.place.name))
    most = max((each.at_most + each.reported for each in one.weeks), default=0)
    return {
        "name": place_title(one.place, report.airfields, report.last),
        "headline": headline(report, watch.watch, one.place),
        "with_codes": place_with_codes(one.place, report.airfields, report.last),
        # S704: drawn by this package from numbers and from names that matplotlib escapes.
        "picture": None if picture is None else Markup(picture),  # noqa: S704
        "weeks": [
            count_row(each, report.fighting, most) for each in one.weeks if has_landings(each)
        ],
        "years": [count_row(each, (), most) for each in one.years],
        "whole": count_row(one.whole, (), most) | total_words(one),
        "months": _months(one.months),
        "months_in_text": len(one.months) >= MONTHS_IN_TEXT,
        "before": previous_stops_sentence(one.counted),
        "test": result_sentences(one, report.before_days) if report.fighting else [],
    }


def _months(months: Iterable[PeriodCount]) -> list[tuple[str, list[dict[str, Any] | None]]]:
    """A row for each year with a cell for each month; None for a month outside of the period."""
    years: dict[str, list[dict[str, Any] | None]] = {}
    for each in months:
        row = years.setdefault(each.name[:4], [None] * len(MONTHS))
        row[int(each.name[5:]) - 1] = month_cell(each)
    return list(years.items())


def has_landings(counted: PeriodCount) -> bool:
    """Return whether any landing was found or reported."""
    return bool(counted.at_most or counted.reported)


def _distinct(rows: Iterable[ReportedLanding]) -> list[ReportedLanding]:
    return sorted(dict.fromkeys(rows), key=ReportedLanding.order)


def picture_footer(report: PeriodReport) -> list[str]:
    """Return the lines below a picture that is shown without its report.

    They say when it was written, what it does not show, and whose data it uses.
    """
    day = formatting.moment(report.written_at, report.zone).partition(",")[0]
    return [
        f"Written {day}. A landing says nothing about cargo or purpose.",
        "The report names the sources of the reported landings and of the fighting.",
        *(f"Tracked with data from {visible(one.credit, 120)}" for one in _terms(report)),
    ]


def _terms(report: PeriodReport) -> list[Terms]:
    by_feed = report.terms or {}
    feeds = dict.fromkeys(feed for one in report.watches for feed in one.feeds)
    return list(dict.fromkeys(by_feed[feed] for feed in feeds if feed in by_feed))
