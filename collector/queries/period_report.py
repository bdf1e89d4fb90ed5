"""What does a report on any time say? The published record and the stored landings together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from collector.model import Airfield, Place, Watch
from collector.model.sighting import Kind, Period
from collector.model.terms import Terms
from collector.published.grouping import reported
from collector.published.matching import Airframes, matched
from collector.published.record import Record, touching
from collector.published.summary import PlaceFacts, compared, place_history
from collector.queries import coverage_days, published_record
from collector.reports.period.report import HistoryReport, WatchHistory
from collector.store import Store, coverage_slots, landings
from collector.weeks import local_date


def report_on(
    store: Store,
    watches: Sequence[Watch],
    airfields: Sequence[Airfield],
    terms: Mapping[str, Terms],
    *,
    first: date | None,
    last: date | None,
    before_days: int,
    now: datetime,
    progress: coverage_days.Watching | None = None,
) -> HistoryReport:
    """The report from `first` to `last`, both included; None: as far as anything is known.

    Raises StoreError; ValueError if there is no day between the two, or no watch.
    """
    if not watches:
        raise ValueError("there is no watch to report on")
    zone = watches[0].zone
    record = published_record.known(store)
    today = local_date(now, zone)
    begins = first or _first_known(store, record, zone) or today
    ends = min(last or today, today)
    if ends < begins:
        raise ValueError(f"no day between {begins} and {ends}: it ends with today")
    return HistoryReport(
        first=begins,
        last=ends,
        told_at=now,
        zone=zone,
        before_days=before_days,
        heard_from=coverage_slots.first_slot_at(store),
        fighting=tuple(touching(record.fighting, begins, ends + timedelta(days=before_days))),
        watches=tuple(
            _watch(
                store,
                airfields,
                watch,
                record=record,
                asked=_Asked(begins, ends, before_days, now),
                progress=progress,
            )
            for watch in watches
        ),
        terms=terms,
    )


def zones_of(airfields: Sequence[Airfield]) -> dict[str, str]:
    """The zone of each airfield that is known."""
    return {each.icao: each.zone for each in airfields}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the report is on."""

    first: date
    last: date
    before_days: int
    now: datetime

    def holds(self, period: Period) -> bool:
        """Whether all of it lies in the time."""
        return period.within(self.first, self.last)

    def touches(self, period: Period) -> bool:
        """Whether any of it may."""
        begins, ends = period.first, period.last
        return (begins is None or begins <= self.last) and (ends is None or self.first <= ends)


def _watch(
    store: Store,
    airfields: Sequence[Airfield],
    watch: Watch,
    *,
    record: Record,
    asked: _Asked,
    progress: coverage_days.Watching | None,
) -> WatchHistory:
    airframes = Airframes.of([watch])
    mine = [one for one in record.sightings if airframes.wanted(one, watch)]
    reports = reported(mine, zones_of(airfields))
    found = landings.find(store, watch=watch.name, include_retracted=True)
    facts = PlaceFacts(
        *(watch, found, reports, matched(reports, found, airframes), airframes),
        known=coverage_days.known_days(store, asked.first, asked.last),
    )
    mine_too = [
        one
        for one in record.counts
        if asked.touches(one.period)
        and set(one.airfields) & set(watch.airfields)
        and airframes.meant(one.operator, watch)
    ]
    counts = [one for one in mine_too if asked.holds(one.period)]
    shares = coverage_days.seen_days(
        store,
        airfields,
        watch.airfields,
        watch.zone,
        first=asked.first,
        last=asked.last,
        now=asked.now,
        progress=progress,
    )
    return WatchHistory(
        watch=watch,
        places=tuple(
            place_history(
                facts,
                place,
                coverage_days.of_place(shares, place),
                record.fighting,
                first=asked.first,
                last=asked.last,
                before_days=asked.before_days,
            )
            for place in watch.places
        ),
        compared=tuple(
            compared(facts, one, coverage_days.of_place(shares, Place(one.airfields)))
            for one in counts
        ),
        beyond=len(mine_too) - len(counts),
        matches=tuple(
            (reports[number], landing)
            for number, landing in facts.matches.items()
            if asked.holds(reports[number].period)
        ),
        not_added=tuple(
            one
            for one in mine
            if one.kind is Kind.LANDING
            and one.airfield in watch.airfields
            and (not one.landed or not asked.holds(one.period))
            and asked.touches(one.period)
        ),
        feeds=tuple(sorted({feed for one in found for feed in one.detection.feeds})),
    )


def _first_known(store: Store, record: Record, zone: str) -> date | None:
    """The first day that anything is known of: published, heard, reported or landed."""
    periods = [one.period for one in record.sightings] + [one.period for one in record.counts]
    told = [period.first for period in periods]
    days = [day for day in told if day is not None]
    heard = coverage_slots.first_record_at(store)
    return min([*days, *([local_date(heard, zone)] if heard else [])], default=None)
