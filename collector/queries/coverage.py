"""How much could be seen of each week, at each place? Finished weeks are computed once and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from collector.coverage.archived import Archived, archived, days_of
from collector.coverage.share import MARGIN, Coverage, coverage, coverage_of_place
from collector.model import Airfield, Place
from collector.model.coverage import slot_begin
from collector.store import Store, archive_units, coverage_slots, meta
from collector.weeks import week_bounds, week_of, weeks_between


@dataclass
class CoverageQuery:
    """Coverage of stored time, as a share from 0 to 1."""

    store: Store
    airfields: Sequence[Airfield]
    zones: frozenset[str]
    """Zones in which weeks are kept: those of the watches."""
    _heard: set[tuple[str, str]] = field(default_factory=set)
    _present: dict[tuple[str, str, datetime], float] = field(default_factory=dict)

    def between(self, place: Place, begin: datetime, end: datetime) -> Coverage:
        """How well [begin, end) was seen at the place: as well as at the worst of its airfields.

        Raises StoreError.
        """
        fields = [airfield_on(self.airfields, code, begin) for code in place.airfields]
        slots = coverage_slots.slots_between(self.store, begin - MARGIN, end + MARGIN)
        return coverage_of_place(slots, [one for one in fields if one is not None], begin, end)

    def first_week(self, zone: str, now: datetime) -> str:
        """The week from which on anything is known, at the latest the present one.

        Raises StoreError.
        """
        return week_of(min(coverage_slots.first_record_at(self.store) or now, now), zone)

    def of_week(self, place: Place, zone: str, key: str, now: datetime) -> float:
        """The share of one week; of the present week, of the part gone by. Raises StoreError."""
        return min((self._week(code, zone, key, now) for code in place.airfields), default=0.0)

    def by_week(self, place: Place, zone: str, begin: datetime, now: datetime) -> dict[str, float]:
        """The share of each week from `begin` on in which anybody listened. Raises StoreError."""
        first = coverage_slots.first_slot_at(self.store)
        if first is None or first > now:
            return {}
        keys = weeks_between(week_of(max(begin, first), zone), week_of(now, zone))
        return {key: self.of_week(place, zone, key, now) for key in keys}

    def archived(
        self,
        place: Place,
        zone: str,
        key: str,
        now: datetime,
        *,
        archives: frozenset[str],
        at_most: int,
    ) -> Archived | None:
        """What a week tells that rests on `archives` (feeds) alone; None where somebody listened,
        or where no archive was ever read. Raises StoreError."""
        begin, end = week_bounds(key, zone)
        if not archives or coverage_slots.answered_live(self.store, archives, begin, end):
            return None
        days = days_of(begin, min(end, now))
        return archived(
            days,
            archive_units.days(self.store, days[0], days[-1]) if days else (),
            coverage=self.of_week(place, zone, key, now),
            at_most=at_most,
        )

    def invalidate_coverage(self, at: datetime) -> None:
        """A hearing of that time arrives: what was kept of its week no longer holds.

        Once a week and process is enough, since weeks are kept only when they have ended by the
        clock that the hearings follow. Raises StoreError.
        """
        for zone in self.zones:
            for key in {week_of(at - MARGIN, zone), week_of(at + MARGIN, zone)}:
                if (zone, key) not in self._heard:
                    self._heard.add((zone, key))
                    for code in {airfield.icao for airfield in self.airfields}:
                        meta.set_value(self.store, _name(code, zone, key), None)

    def _week(self, code: str, zone: str, key: str, now: datetime) -> float:
        begin, end = week_bounds(key, zone)
        if now < end + MARGIN:
            memo = (code, key, slot_begin(now))
            if memo not in self._present:
                self._present = {
                    one: kept for one, kept in self._present.items() if one[2] == memo[2]
                }
                self._present[memo] = (
                    self._share(code, begin, min(now, end)) if begin < now else 0.0
                )
            return self._present[memo]
        kept = meta.get_value(self.store, _name(code, zone, key))
        if kept is not None:
            return float(kept)
        share = self._share(code, begin, end)
        if not self.store.read_only:
            meta.set_value(self.store, _name(code, zone, key), f"{share:.6f}")
        return share

    def _share(self, code: str, begin: datetime, end: datetime) -> float:
        airfield = airfield_on(self.airfields, code, begin)
        if airfield is None:
            return 0.0
        slots = coverage_slots.slots_between(self.store, begin - MARGIN, end + MARGIN)
        return coverage(slots, airfield, begin, end).share


def airfield_on(airfields: Sequence[Airfield], code: str, at: datetime) -> Airfield | None:
    """The airfield of that code as it was on that day, else as it ever was, else None."""
    named = [one for one in airfields if one.icao == code]
    day = at.astimezone(ZoneInfo("UTC")).date()
    return next((one for one in named if one.exists_on(day)), named[0] if named else None)


def _name(code: str, zone: str, key: str) -> str:
    return f"coverage:{code}:{zone}:{key}"
