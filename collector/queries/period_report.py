"""What does a report on a period contain? The published record and the stored landings are read and
put side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from collector.model import Airfield, Landing, Place, Watch
from collector.model.sighting import Kind, Period
from collector.model.terms import Terms
from collector.published.comparison import count_comparison
from collector.published.grouping import reported_landings
from collector.published.matching import Airframes, matches_by_report
from collector.published.record import PublishedRecord, fighting_between
from collector.published.summary import WatchData, place_summary
from collector.queries import coverage_days, published_record
from collector.queries.as_of import landings_known_at
from collector.reports.period.report import PeriodReport, WatchPeriod
from collector.store import Store, coverage_slots, landings
from collector.weeks import local_date


def read_period_report(
    store: Store,
    watches: Sequence[Watch],
    airfields: Sequence[Airfield],
    terms: Mapping[str, Terms],
    *,
    first: date | None,
    last: date | None,
    before_days: int,
    now: datetime,
    as_of: bool = False,
    progress: coverage_days.Progress | None = None,
) -> PeriodReport:
    """Return the report from `first` to `last`, both included.

    With `as_of`, the landings are as they were known at `now` (`queries.as_of`).

    `first` None means the first day of which anything is known, `last` None today. Raises
    StoreError, and ValueError if the period has no day or if no watch is given.
    """
    if not watches:
        raise ValueError("there is no watch to report on")
    zone = watches[0].zone
    record = published_record.whole_record(store)
    today = local_date(now, zone)
    begins = first or _first_day_known(store, record, zone) or today
    ends = min(last or today, today)
    if ends < begins:
        raise ValueError(f"no day between {begins} and {ends}: a report ends today at the latest")
    return PeriodReport(
        first=begins,
        last=ends,
        written_at=now,
        zone=zone,
        before_days=before_days,
        airfields=airfields,
        covered_from=coverage_slots.first_slot_at(store),
        fighting=tuple(
            fighting_between(record.fighting, begins, ends + timedelta(days=before_days))
        ),
        watches=tuple(
            _watch(
                store,
                airfields,
                watch,
                record=record,
                requested=_RequestedPeriod(begins, ends, before_days, now, as_of),
                progress=progress,
            )
            for watch in watches
        ),
        terms=terms,
    )


def zones_of(airfields: Sequence[Airfield]) -> dict[str, str]:
    """Return the time zone of each airfield by its code."""
    return {airfield.icao: airfield.zone for airfield in airfields}


@dataclass(frozen=True, slots=True)
class _RequestedPeriod:
    """The days of the report, and the days before the fighting that its test includes."""

    first: date
    last: date
    before_days: int
    now: datetime
    as_of: bool
    """Whether landings are as they were known at `now`."""

    def contains(self, period: Period) -> bool:
        """Return whether all of `period` lies in the report's days."""
        return period.within(self.first, self.last)

    def may_overlap(self, period: Period) -> bool:
        """Return whether any day of `period` may lie in the report's days."""
        begins, ends = period.first, period.last
        return (begins is None or begins <= self.last) and (ends is None or self.first <= ends)


def _watch(
    store: Store,
    airfields: Sequence[Airfield],
    watch: Watch,
    *,
    record: PublishedRecord,
    requested: _RequestedPeriod,
    progress: coverage_days.Progress | None,
) -> WatchPeriod:
    airframes = Airframes.of_watches([watch])
    sightings = [one for one in record.sightings if airframes.may_concern(one, watch)]
    reports = reported_landings(sightings, zones_of(airfields))
    tracked: Sequence[Landing] = landings.find(store, watch=watch.name, include_retracted=True)
    if requested.as_of:
        tracked = landings_known_at(store, requested.now, watch=watch.name).landings
    matches = matches_by_report(reports, tracked, airframes)
    watch_data = WatchData(
        *(watch, tracked, reports, matches, airframes),
        days_with_data=coverage_days.days_with_data(store, requested.first, requested.last),
    )
    overlapping = [
        one
        for one in record.counts
        if requested.may_overlap(one.period)
        and set(one.airfields) & set(watch.airfields)
        and airframes.may_fly_for(one.operator, watch)
    ]
    counts = [one for one in overlapping if requested.contains(one.period)]
    sights = coverage_days.sights_by_day(
        store,
        airfields,
        watch.airfields,
        watch.zone,
        first=requested.first,
        last=requested.last,
        now=requested.now,
        progress=progress,
    )
    return WatchPeriod(
        watch=watch,
        places=tuple(
            place_summary(
                watch_data,
                place,
                coverage_days.sights_of_place(sights, place),
                record.fighting,
                first=requested.first,
                last=requested.last,
                before_days=requested.before_days,
            )
            for place in watch.places
        ),
        comparisons=tuple(
            count_comparison(
                watch_data,
                one,
                coverage_days.sights_of_place(
                    sights, Place(one.airfields, watch.places[0].followed)
                ),
            )
            for one in counts
        ),
        counts_left_out=len(overlapping) - len(counts),
        matches=tuple(
            (reports[number], landing)
            for number, landing in matches.items()
            if requested.contains(reports[number].period)
        ),
        not_added=tuple(
            one
            for one in sightings
            if one.kind is Kind.LANDING
            and one.airfield in watch.airfields
            and (not one.landed or not requested.contains(one.period))
            and requested.may_overlap(one.period)
        ),
        feeds=tuple(sorted({feed for one in tracked for feed in one.detection.feeds})),
    )


def _first_day_known(store: Store, record: PublishedRecord, zone: str) -> date | None:
    """The first day with a published count, a sighting, coverage or a landing."""
    periods = [one.period for one in record.sightings] + [one.period for one in record.counts]
    days = [period.first for period in periods if period.first is not None]
    first_stored = coverage_slots.first_record_at(store)
    return min([*days, *([local_date(first_stored, zone)] if first_stored else [])], default=None)
