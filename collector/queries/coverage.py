"""How much of each week was covered at each place? The share is computed from the stored slots.

The share of a week that has ended is stored, so that it is computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from collector.coverage.archived import ArchivedWeek, archive_days, archived_week
from collector.coverage.share import MARGIN, Coverage, coverage, coverage_of_place
from collector.coverage.sight import Sight, sight_of, worst
from collector.model import Airfield, Place
from collector.model.coverage import CoverageSlot, slot_begin
from collector.model.watch import airfield_on
from collector.store import Store, archive_units, coverage_slots, meta
from collector.weeks import week_bounds, week_of, weeks_between


@dataclass
class CoverageQuery:
    """Coverage of stored time, as a share from 0 to 1."""

    store: Store
    airfields: Sequence[Airfield]
    zones: frozenset[str]
    """The time zones in which weeks are counted: those of the watches."""
    _invalidated: set[tuple[str, str]] = field(default_factory=set)
    """Zones and weeks whose stored shares this process has deleted."""
    _unfinished: dict[tuple[str, datetime, datetime], Sight] = field(default_factory=dict)
    """Sights of unfinished weeks, by airfield, by the week's beginning, which depends on the zone,
    and by the slot in which they were computed."""

    def between(self, place: Place, begin: datetime, end: datetime) -> Coverage:
        """Return the coverage of [begin, end) at the place: the worst values of its airfields.

        Raises StoreError.
        """
        found = (self._airfield(code, begin) for code in place.airfields)
        slots = coverage_slots.slots_between(self.store, begin - MARGIN, end + MARGIN)
        airfields = [airfield for airfield in found if airfield is not None]
        return coverage_of_place(slots, airfields, begin, end)

    def first_week(self, zone: str, now: datetime) -> str:
        """Return the first week of which anything is known, at the latest the week of `now`.

        Raises StoreError.
        """
        return week_of(min(coverage_slots.first_record_at(self.store) or now, now), zone)

    def of_week(self, place: Place, zone: str, key: str, now: datetime) -> float:
        """Return the covered share of one week; of an unfinished week, of the part before `now`.

        Raises StoreError.
        """
        return self.sight_of_week(place, zone, key, now).coverage

    def sight_of_week(self, place: Place, zone: str, key: str, now: datetime) -> Sight:
        """Return how much of one week could be seen; if unfinished, of the part before `now`.

        For each airfield of the place:

        1. Find the bounds of the week in `zone`.
        2. If the week has not ended, compute its sight up to `now`, once in five minutes.
        3. If it has ended and its sight is stored, return that.
        4. Otherwise compute it, and store it unless the database is read-only.

        The place has the smallest shares of its airfields. Raises StoreError.
        """
        slots = _WeekSlots(self.store, *week_bounds(key, zone))
        return worst([self._airfield_week(code, zone, key, now, slots) for code in place.airfields])

    def by_week(self, place: Place, zone: str, begin: datetime, now: datetime) -> dict[str, float]:
        """Return the share of each week from `begin` to `now`, none from before the first poll.

        Raises StoreError.
        """
        first = coverage_slots.first_slot_at(self.store)
        if first is None or first > now:
            return {}
        keys = weeks_between(week_of(max(begin, first), zone), week_of(now, zone))
        return {key: self.of_week(place, zone, key, now) for key in keys}

    def archived_week(
        self,
        place: Place,
        zone: str,
        key: str,
        now: datetime,
        *,
        archives: frozenset[str],
        at_most: int,
    ) -> ArchivedWeek | None:
        """Return what a week says that rests on archives alone.

        `archives`: the names under which reports from archives are stored. `at_most`: landings in
        the week, undetermined ones included. None: a feed was polled in that week, or no archive
        was ever read. Raises StoreError.
        """
        begin, end = week_bounds(key, zone)
        if not archives or coverage_slots.answered_live(self.store, archives, begin, end):
            return None
        days = archive_days(begin, min(end, now))
        return archived_week(
            days,
            archive_units.days(self.store, days[0], days[-1]) if days else (),
            seen=self.sight_of_week(place, zone, key, now).seen,
            at_most=at_most,
        )

    def invalidate_coverage(self, at: datetime) -> None:
        """Delete the stored shares of the week of `at`.

        Call it in the transaction that stores a poll of that time. Only the first call for a week
        does anything. One deletion a process is enough, since a share is stored only after its
        week has ended by the clock that the polls follow. Raises StoreError.
        """
        for zone in self.zones:
            for key in {week_of(at - MARGIN, zone), week_of(at + MARGIN, zone)}:
                if (zone, key) not in self._invalidated:
                    self._invalidated.add((zone, key))
                    for code in {airfield.icao for airfield in self.airfields}:
                        meta.set_value(self.store, _meta_key(code, zone, key), None)

    def _airfield_week(
        self, code: str, zone: str, key: str, now: datetime, slots: _WeekSlots
    ) -> Sight:
        if now < slots.end + MARGIN:
            return self._unfinished_week(code, now, slots)
        stored = meta.get_value(self.store, _meta_key(code, zone, key))
        # Version 0.2 stored the share alone, without how low aircraft were heard.
        if stored is not None and len(shares := stored.split()) == 2:
            return Sight(*map(float, shares))
        found = self._sight(code, slots, slots.end)
        if not self.store.read_only:
            value = f"{found.coverage:.6f} {found.seen:.6f}"
            meta.set_value(self.store, _meta_key(code, zone, key), value)
        return found

    def _unfinished_week(self, code: str, now: datetime, slots: _WeekSlots) -> Sight:
        """Return the sight up to `now`, computed once a slot; forget those of earlier slots."""
        wanted = (code, slots.begin, slot_begin(now))
        if wanted not in self._unfinished:
            of_slot = {
                known: kept for known, kept in self._unfinished.items() if known[2] == wanted[2]
            }
            nothing = Sight(0.0, 0.0)
            begun = slots.begin < now
            found = self._sight(code, slots, min(now, slots.end)) if begun else nothing
            self._unfinished = {**of_slot, wanted: found}
        return self._unfinished[wanted]

    def _sight(self, code: str, slots: _WeekSlots, end: datetime) -> Sight:
        airfield = self._airfield(code, slots.begin)
        if airfield is None:
            return Sight(0.0, 0.0)
        return sight_of(coverage(slots.until(end), airfield, slots.begin, end))

    def _airfield(self, code: str, at: datetime) -> Airfield | None:
        return airfield_on(self.airfields, code, at.astimezone(UTC).date())


@dataclass
class _WeekSlots:
    """The slots of one week, read when the first airfield needs them: they are long rows."""

    store: Store
    begin: datetime
    end: datetime
    _read: dict[datetime, Sequence[CoverageSlot]] = field(default_factory=dict)

    def until(self, end: datetime) -> Sequence[CoverageSlot]:
        """Return the slots of the week up to `end`, and those close to it. Raises StoreError."""
        if end not in self._read:
            self._read[end] = coverage_slots.slots_between(
                self.store, self.begin - MARGIN, end + MARGIN
            )
        return self._read[end]


def _meta_key(code: str, zone: str, key: str) -> str:
    return f"coverage:{code}:{zone}:{key}"
