"""What may leave the operator's own pages, as tables? Landings, weeks, fixes and aircraft, by the
rules in `disclosure/`. What stays behind is counted, so that the operator can be told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import product

from collector.alerts.counts import standing, standing_between
from collector.disclosure.delay import Delay
from collector.disclosure.operators import Operator, airframe_operator, names_operators, operator_of
from collector.disclosure.origins import may_be_passed_on, origins_of
from collector.model import Aircraft, Airfield, Landing, Observation, Place, Revision, Watch
from collector.model.terms import Terms
from collector.queries.landing import reports_around
from collector.queries.weeks import WeekQuery
from collector.reports.exports import columns, rows
from collector.reports.exports.table import Export, Row
from collector.reports.landing.gaps import fixes_of
from collector.store import Store, coverage_slots, landings
from collector.weeks import week_bounds, week_of, weeks_between

TOO_RECENT = "too recent to leave (docs/exports.md#when-a-landing-leaves)"
UNNAMED = "of aircraft whose operator nobody names (docs/exports.md#whose-landings-leave)"


@dataclass(frozen=True, slots=True)
class LeavingLanding:
    """A landing that may leave, restricted to its watches, with its operator."""

    landing: Landing
    watches: tuple[Watch, ...]
    operator: Operator


@dataclass(frozen=True)
class ExportQuery:
    """The tables of some watches for some time. Every method raises StoreError."""

    store: Store
    weeks_query: WeekQuery
    watches: Sequence[Watch]
    """The watches whose landings are wanted, in order."""
    airfields: Sequence[Airfield]
    terms: Mapping[str, Terms]
    delay: Delay
    now: datetime
    begin: datetime | None = None
    end: datetime | None = None

    def landings(self) -> Export:
        """Return the landings' table, by touchdown."""
        table = [
            rows.landing_row(
                each.landing,
                each.watches,
                each.operator,
                airfields=self.airfields,
                terms=self.terms,
                withdrawal=self._withdrawal(each.landing),
            )
            for each in self.leaving
        ]
        return Export(columns.LANDINGS, table, self._origins_of_landings(), self.left_out_lines())

    def fixes(self, ids: Sequence[str] = (), *, restricted: bool = False) -> Export:
        """Return the fixes around the landings, or around those of `ids`, in order.

        Reports that may not be passed on are left out before positions are derived, unless
        `restricted`.
        """
        table: list[Row] = []
        used: set[str] = set()
        kept_back: Counter[str] = Counter()
        for each in self.leaving:
            if ids and each.landing.id not in ids:
                continue
            reports = self.reports_of(each.landing)
            allowed = [
                report
                for report in reports
                if restricted or may_be_passed_on(report.feed, self.terms)
            ]
            kept_back.update(report.feed for report in reports)
            kept_back.subtract(report.feed for report in allowed)
            used |= {report.feed for report in allowed}
            table += [
                rows.fix_row(each.landing, fix, self.terms)
                for fix in fixes_of(allowed, self.airfields)
                if fix.placed
            ]
        left_out = [
            f"{count:,} reports of the feed {feed}, which may not be passed on"
            for feed, count in sorted(kept_back.items())
            if count
        ]
        origins = origins_of(used, self.terms)
        return Export(columns.FIXES, table, origins, (*self.left_out_lines(), *left_out))

    def reports_of(self, landing: Landing) -> list[Observation]:
        """Return the reports around a landing that may leave with it.

        None is of a visit that may not leave yet. Those after the landing's own visit may belong to
        one that nobody has found so far, and wait as long as a landing without a departure.
        """
        detection, due = landing.detection, {each.landing.id for each in self.leaving}
        found = reports_around(self.store, landing, self.now)
        visits = (
            [
                other.detection
                for other in landings.overlapping(
                    self.store, detection.icao24, found[0].at, found[-1].at
                )
                if other.id not in due
            ]
            if found
            else []
        )
        after_visit = self.now - self.delay.after_touchdown
        return [
            report
            for report in found
            if report.at <= self.now - self.delay.after_departure
            and (report.at < detection.visit_until or report.at <= after_visit)
            and not any(visit.visit_from <= report.at <= visit.visit_until for visit in visits)
        ]

    def weeks(self, first: str | None = None, last: str | None = None) -> Export:
        """Return the weeks' table of the watches that name an operator, by watch and week.

        The default is from the first week of which anything is known to the last that may leave.
        """
        table: list[Row] = []
        for watch in self.open_watches:
            keys = [
                key
                for key in self._week_keys(watch, first, last)
                if self.delay.week_leaves_at(week_bounds(key, watch.zone)[1]) <= self.now
            ]
            unnamed = self._unnamed_by_week(watch, keys)
            places = {place.name: place for place in watch.places}
            for row in self.weeks_query.rows(watch, keys, self.now):
                place = places[row["airfield"]]
                table.append(
                    rows.week_row(
                        row,
                        watch,
                        place,
                        airfields=self.airfields,
                        not_listed=unnamed[row["week"], place],
                    )
                )
        silent = [watch for watch in self.watches if watch not in self.open_watches]
        left_out = [f"the weeks of the watch {watch.name}, {UNNAMED}" for watch in silent]
        return Export(columns.WEEKS, table, self._origins_of_weeks(table), tuple(left_out))

    def aircraft(self) -> Export:
        """Return the aircraft's table: the fleets' airframes, then others with landings."""
        counted = [row for row in self.landings().rows if row["counted"]]
        table = [
            rows.aircraft_row(
                aircraft,
                names,
                operator,
                [row for row in counted if _is_of(row, aircraft)],
            )
            for aircraft, names, operator in self._airframes()
        ]
        return Export(columns.AIRCRAFT, table, self._origins_of_landings(), self.left_out_lines())

    def _airframes(self) -> Iterator[tuple[Aircraft, list[str], Operator]]:
        listed: dict[Aircraft, list[str]] = {}
        for watch in self.open_watches:
            for aircraft in watch.fleet:
                listed.setdefault(aircraft, []).append(watch.name)
        for aircraft, names in listed.items():
            operator = airframe_operator(aircraft)
            if operator is not None:
                yield aircraft, names, operator
        others: dict[str, LeavingLanding] = {}
        known = {aircraft.icao24 for aircraft in listed}
        for each in self.leaving:
            if each.landing.detection.icao24 not in known:
                others[each.landing.detection.icao24] = each
        for icao24, each in sorted(others.items()):
            other = Aircraft(
                icao24=icao24,
                registration=each.landing.registration,
                type_code=each.landing.type_code,
            )
            yield other, [watch.name for watch in each.watches], each.operator

    @cached_property
    def open_watches(self) -> list[Watch]:
        return [watch for watch in self.watches if names_operators(watch)]

    @cached_property
    def _found(self) -> list[tuple[Landing, tuple[Watch, ...], Operator | None]]:
        """The landings of the span, each with its watches and its operator, by touchdown."""
        stored = landings.find(self.store, begin=self.begin, end=self.end, include_retracted=True)
        found = []
        for landing in stored:
            names = {match.watch for match in landing.watches}
            watches = tuple(watch for watch in self.watches if watch.name in names)
            if watches:
                mine = {watch.name for watch in watches}
                matches = tuple(match for match in landing.watches if match.watch in mine)
                stops = self.delay.stops_that_leave(landing.stops, self.now)
                own = replace(landing, watches=matches, stops=stops)
                found.append((own, watches, operator_of(own, watches)))
        return found

    @cached_property
    def leaving(self) -> list[LeavingLanding]:
        return [
            LeavingLanding(landing, watches, operator)
            for landing, watches, operator in self._found
            if operator is not None and self._is_due(landing)
        ]

    @cached_property
    def due(self) -> list[Landing]:
        return [landing for landing, _, _ in self._found if self._is_due(landing)]

    def _is_due(self, landing: Landing) -> bool:
        return self.delay.landing_leaves_at(landing.detection) <= self.now

    def left_out_lines(self) -> tuple[str, ...]:
        """Return how many landings stay behind, and why, a line each."""
        early = sum(not self._is_due(landing) for landing, _, _ in self._found)
        unnamed = sum(
            operator is None and self._is_due(landing) for landing, _, operator in self._found
        )
        counts = ((early, TOO_RECENT), (unnamed, UNNAMED))
        return tuple(
            f"{count:,} landing{'' if count == 1 else 's'} {why}" for count, why in counts if count
        )

    def _origins_of_landings(self) -> tuple[Terms, ...]:
        used = {feed for each in self.leaving for feed in each.landing.feeds}
        return origins_of(used, self.terms)

    def _origins_of_weeks(self, table: Sequence[Row]) -> tuple[Terms, ...]:
        """Return the terms of every feed that answered in these weeks: the counts rest on it."""
        if not table:
            return ()
        zone = {row["week"]: row["zone"] for row in table}
        begin = min(week_bounds(week, zone[week])[0] for week in zone)
        end = max(week_bounds(week, zone[week])[1] for week in zone)
        return origins_of(coverage_slots.feeds_between(self.store, begin, end), self.terms)

    def _withdrawal(self, landing: Landing) -> Revision | None:
        if not landing.retracted:
            return None
        changes = landings.history(self.store, landing.id)
        return next((each for each in reversed(changes) if each.change == "retracted"), None)

    def _week_keys(self, watch: Watch, first: str | None, last: str | None) -> list[str]:
        first = first or self.weeks_query.coverage.first_week(watch.zone, self.now)
        last = min(last or "9999-W01", week_of(self.now, watch.zone))
        return weeks_between(first, last) if first <= last else []

    def _unnamed_by_week(self, watch: Watch, keys: Sequence[str]) -> Counter[tuple[str, Place]]:
        """Return how many of a week's landings at a place the landings' table leaves out."""
        found: Counter[tuple[str, Place]] = Counter()
        if not keys:
            return found
        stored = landings.find(
            self.store,
            begin=week_bounds(keys[0], watch.zone)[0],
            end=week_bounds(keys[-1], watch.zone)[1],
            watch=watch.name,
            include_retracted=True,
        )
        for landing in stored:
            if operator_of(landing, [watch]) is None:
                first, last = landing.detection.touchdown_span
                possible = weeks_between(week_of(first, watch.zone), week_of(last, watch.zone))
                for key, place in product(possible, watch.places):
                    anywhen, span = standing(landing, watch, place), week_bounds(key, watch.zone)
                    stands = standing_between(landing, anywhen, *span, watch.zone)
                    found[key, place] += stands is not None
        return found


def _is_of(row: Row, aircraft: Aircraft) -> bool:
    """Return whether a landing's row is of this airframe, in the time of its validity."""
    day = row["touchdown_at"][:10]
    return (
        row["icao24"] == aircraft.icao24
        and (aircraft.valid_from is None or aircraft.valid_from.isoformat() <= day)
        and (aircraft.valid_to is None or day < aircraft.valid_to.isoformat())
    )
