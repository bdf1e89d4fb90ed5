"""Which pages do others read? Those of the server for readers, rendered from what may leave."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

from collector.model import Landing
from collector.model.dating import weeks_of_landing
from collector.model.terms import Terms
from collector.publishing.counted import Stage, with_listed
from collector.publishing.edition import Edition, Listed
from collector.publishing.links import ROOT, file_of
from collector.publishing.pictures import PlacePictures
from collector.publishing.withdrawn import withdrawn_words
from collector.queries.snapshot import Snapshot
from collector.reports.exports.table import NOTICE, attribution_lines
from collector.reports.glossary import glossary
from collector.reports.methodology import Note
from collector.reports.titles import week_title
from collector.store.landing_list import Wanted, page_of
from collector.web import aircraft, calendar, corrections, landings, rendering
from collector.web.filters import Choice, Choices
from collector.web.week_sentence import week_sentence
from collector.web.weeks import WatchWeeks, watch_weeks
from collector.weeks import local_date

LATEST = 50
"""Landings on the list that is not of one year."""
ON_FIRST_PAGE = 5
_ALL = 10**9
DERIVED_AGAIN = (
    "Derived from open data alone. Data that may not be passed on had a part in what is known of "
    "this landing; nothing on this page rests on them."
)


@dataclass
class Pages:
    """Renders the pages of one edition, from a snapshot of its counts and one of its landings.

    Every method raises StoreError.
    """

    edition: Edition
    counts: Snapshot
    listed: Snapshot
    stages: Sequence[Stage]
    rendered: dict[str, str] = field(default_factory=dict)
    """By file, with addresses that still begin with `links.ROOT`."""
    _waiting: dict[str, Callable[[Collection[str]], str]] = field(default_factory=dict)
    """By file, how pages are rendered once it is known which pictures could be drawn."""

    @cached_property
    def count_terms(self) -> tuple[Terms, ...]:
        """Whose data the counts rest on."""
        return self.edition.origins(self.edition.derived)

    @cached_property
    def row_terms(self) -> tuple[Terms, ...]:
        """Whose data the landings rest on."""
        return self.edition.origins(self.edition.raw)

    @cached_property
    def by_week(self) -> dict[str, list[Landing]]:
        """The landings of each week, the newest first; one that nobody dated is in several."""
        found: dict[str, list[Landing]] = {}
        for landing in self.newest_first:
            zones = {
                watch.zone for watch in self.edition.public.watches if _is_on(landing, watch.name)
            }
            keys = {key for zone in zones for key in weeks_of_landing(landing.detection, zone)}
            for key in keys:
                found.setdefault(key, []).append(landing)
        return found

    @cached_property
    def by_year(self) -> dict[int, list[Landing]]:
        """The same by year."""
        found: dict[int, list[Landing]] = {}
        for landing in self.newest_first:
            span = landing.detection.touchdown_span
            for year in {local_date(at, self.listed.zone).year for at in span}:
                found.setdefault(year, []).append(landing)
        return found

    @cached_property
    def newest_first(self) -> list[Landing]:
        """Every landing that has a page, as the database for the pages gives it."""
        return page_of(self.listed.store, Wanted(), limit=_ALL)

    @cached_property
    def years(self) -> list[int]:
        """The years of which anything is known, the newest first."""
        first = int(self.counts.coverage.first_week(self.counts.zone, self.counts.now)[:4])
        last = max([int(self.edition.last_week[:4]), *self.by_year])
        return list(range(last, first - 1, -1))

    def add(
        self,
        address: str,
        template: str,
        terms: Sequence[Terms],
        shown: Callable[[Collection[str]], dict[str, Any]] | None = None,
        **data: Any,
    ) -> None:
        """Render the page of an address, now or, with `shown`, in `finish`: that returns the data
        that depend on the files of pictures that could be drawn, and reads no database."""
        render = partial(
            rendering.page,
            template,
            root=ROOT,
            terms=terms,
            published=True,
            notices=[NOTICE, *(line for line in attribution_lines(terms) if "(ODbL)" in line)],
            listed_weeks=self.by_week.keys(),
            **data,
        )
        if shown is None:
            self.rendered[file_of(address)] = render()
        else:
            self._waiting[file_of(address)] = lambda drawn: render(**shown(drawn))

    def finish(self, drawn: Collection[str]) -> None:
        """Render the pages with pictures, of which the files in `drawn` could be drawn."""
        for file, render in self._waiting.items():
            self.rendered[file] = render(drawn)
        self._waiting.clear()

    def add_first(
        self,
        watches: Sequence[WatchWeeks],
        pictures: Callable[[Collection[str]], Sequence[PlacePictures]],
    ) -> None:
        """Add the first page: the last week of each watch, and the last landings.

        `pictures` returns those whose files could be drawn.
        """
        self.add(
            "/",
            "week",
            self.count_terms,
            lambda drawn: {"pictures": pictures(drawn)},
            shown_at=f"the end of {week_title(self.edition.last_week)}",
            warning="",
            conflicts=[],
            watches=[(each, self._sentence(each)) for each in watches],
            landings=landings.rows(self.listed, self.newest_first[:ON_FIRST_PAGE]),
            no_landing="No landing has been published so far.",
        )

    def _sentence(self, weeks: WatchWeeks) -> str:
        listed = weeks.rows[0].cells[0].listed
        more = f" {listed[0].upper()}{listed[1:]}." if listed else ""
        return f"{week_sentence(self.counts, weeks)}{more}"

    def add_weeks(self, watches: Sequence[WatchWeeks]) -> None:
        """Add the weeks of the last half year, and those of each year."""
        as_of = f"the end of {week_title(self.edition.last_week)}"
        for year in (None, *self.years):
            shown = watches
            if year is not None:
                shown = with_listed(watch_weeks(self.counts, year=year), self.stages)
            self.add(
                f"/weeks?year={year}" if year else "/weeks",
                "weeks",
                self.count_terms,
                shown_at=as_of if year in (None, self.years[0]) else "",
                watches=shown,
                year=year,
                years=self.years,
            )

    def add_coverage(self) -> None:
        """Add how much of each week could be seen."""
        for year in self.years:
            for address in (f"/coverage?year={year}", "/coverage"):
                if address == "/coverage" and year != self.years[0]:
                    continue
                self.add(
                    address,
                    "coverage",
                    self.count_terms,
                    places=calendar.place_years(self.counts, year),
                    year=year,
                    years=self.years,
                    days=[],
                    usual="",
                )

    def add_lists(self) -> None:
        """Add the lists of landings: the last ones, those of each year, and of each week."""
        self._add_list("/landings", self.newest_first[:LATEST], len(self.newest_first), None)
        for year in self.years:
            found = self.by_year.get(year, [])
            self._add_list(f"/landings?period={year}", found, len(found), str(year))
        for key, found in self.by_week.items():
            self._add_list(f"/landings?period={key}", found, len(found), key)

    def _add_list(
        self, address: str, found: Sequence[Landing], number: int, period: str | None
    ) -> None:
        periods = [str(year) for year in self.years]
        periods += [period] if period is not None and period not in periods else []
        links = [Choice("the last ones", f"{ROOT}/landings", period is None)]
        links += [
            Choice(each, f"{ROOT}/landings?period={each}", each == period) for each in periods
        ]
        self.add(
            address,
            "landings",
            self.row_terms,
            landings=landings.rows(self.listed, found),
            number=number,
            first=1,
            filters=[Choices("Period", tuple(links))],
            newer="",
            older="",
            json="",
            no_landing="None is published.",
        )

    def add_landing(self, each: Listed, tracks: Collection[str]) -> None:
        """Add the page of a landing, as of when it left or changed since; `tracks` are the files of
        its picture."""
        page = landings.landing_page(self.as_of(each.landing), each.landing.id)
        if page is None:
            return
        self.add(
            f"/landings/{each.landing.id}",
            "landing",
            self.row_terms,
            lambda drawn: {"page": replace(page, picture=all(one in drawn for one in tracks))},
            operator=each.operator,
            withdrawn=withdrawn_words(self.listed, each.landing),
            rests_on="" if each.as_stored else DERIVED_AGAIN,
        )

    def as_of(self, landing: Landing) -> Snapshot:
        """Return the snapshot at the time from which on the page of a landing stays the same."""
        left_at = self.edition.settings.disclosure.landing_leaves_at(landing.detection)
        return replace(self.listed, now=min(self.listed.now, max(left_at, landing.revised_at)))

    def add_aircraft(self) -> None:
        """Add each airframe's year, and a page for each airframe."""
        known: set[str] = set()
        for year in self.years:
            watches = aircraft.watch_years(self.listed, year)
            known |= {row.icao24 for one in watches for row in (*one.rows, *one.silent)}
            data: dict[str, Any] = {"watches": watches, "year": year, "years": self.years}
            self.add(f"/aircraft?year={year}", "aircraft", self.row_terms, **data)
            if year == self.years[0]:
                self.add("/aircraft", "aircraft", self.row_terms, **data)
        for icao24 in sorted(known | {each.detection.icao24 for each in self.newest_first}):
            self._add_airframe(icao24)

    def _add_airframe(self, icao24: str) -> None:
        found = page_of(self.listed.store, Wanted(icao24=icao24), limit=_ALL)
        self.add(
            f"/aircraft/{icao24}",
            "airframe",
            self.row_terms,
            name=aircraft.airframe_name(self.listed, icao24, found) or icao24,
            tables=aircraft.airframe_years(self.listed, icao24),
            landings=landings.rows(self.listed, found),
            newer="",
            older="",
        )

    def add_corrections(self) -> None:
        """Add what was corrected, in pages as the server has them."""
        number, more = 1, True
        weeks = corrections.changed_weeks(self.counts, self.edition.last_week)
        while more:
            rows, more = corrections.correction_rows(self.listed, number)
            self.add(
                _turned(number),
                "corrections",
                self.row_terms,
                rows=rows,
                weeks=weeks if number == 1 else (),
                newer=f"{ROOT}{_turned(number - 1)}" if number > 1 else "",
                older=f"{ROOT}{_turned(number + 1)}" if more else "",
            )
            number += 1

    def add_texts(self, note: Note) -> None:
        """Add the note on the method, and what the words mean."""
        self.add("/methodology", "methodology", self.count_terms, note=note)
        self.add("/glossary", "glossary", (), glossary=glossary())


def _turned(number: int) -> str:
    return "/corrections" if number == 1 else f"/corrections?page={number}"


def _is_on(landing: Landing, watch: str) -> bool:
    return any(match.watch == watch for match in landing.watches)
