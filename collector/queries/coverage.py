"""How much of each week was covered at each place? The share is computed from the stored slots.

The share of a week that has ended is stored, so that it is computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from collector.coverage.archived import ArchivedWeek, archive_days, archived_week
from collector.coverage.heard import heard_at_all, heard_week
from collector.coverage.share import MARGIN, Coverage, coverage, coverage_of_place
from collector.coverage.sight import Sight, sight_of, worst
from collector.landings.rules import RULES_VERSION
from collector.model import Airfield, Place, followed
from collector.model.coverage import SLOT, CoverageSlot, slot_begin
from collector.model.followed import Spans
from collector.model.heard_week import HeardWeek
from collector.model.watch import airfield_on
from collector.store import Store, archive_units, coverage_slots, judged, meta
from collector.store.encoding import from_json, to_json
from collector.weeks import week_bounds, week_of, weeks_between

_FORMAT = "4"
"""Stands behind each stored sight. Version 0.2 stored the share alone. Sights without a third word
may be wrong: a backfill beside the daemon left them as they were before it had read everything. In
those of format 3, an aircraft that stood on a neighbouring airfield counted as heard low."""


@dataclass
class CoverageQuery:
    """Coverage of stored time, as a share from 0 to 1."""

    store: Store
    airfields: Sequence[Airfield]
    zones: frozenset[str]
    """The time zones in which weeks are counted: those of the watches."""
    _present: dict[tuple[str, datetime, datetime], Sight] = field(default_factory=dict)
    """Sights of unfinished weeks, by airfield, by the week's beginning, which depends on the zone,
    and by the slot in which they were computed."""
    _lately: dict[tuple[str, str, datetime], HeardWeek] = field(default_factory=dict)
    """How airfields were heard in the last seven days, by time zone and slot."""

    def between(self, place: Place, begin: datetime, end: datetime) -> Coverage:
        """Return the coverage of [begin, end) at the place: the worst values of its airfields.

        Raises StoreError.
        """
        found = (self._airfield(code, begin) for code in place.airfields)
        slots = coverage_slots.slots_between(self.store, begin - MARGIN, end + MARGIN)
        slots = _while_followed(slots, place.followed)
        airfields = [airfield for airfield in found if airfield is not None]
        return coverage_of_place(slots, airfields, begin, end)

    def first_week(self, zone: str, now: datetime) -> str:
        """Return the first week of which anything is known, at the latest the week of `now`.

        Raises StoreError.
        """
        return week_of(min(coverage_slots.first_record_at(self.store) or now, now), zone)

    def of_week(self, place: Place, zone: str, key: str, now: datetime) -> float:
        """Return the share of one week that could be seen; if unfinished, of the part before `now`.

        Raises StoreError.
        """
        return self.sight_of_week(place, zone, key, now).seen

    def sight_of_week(self, place: Place, zone: str, key: str, now: datetime) -> Sight:
        """Return how much of one week could be seen; if unfinished, of the part before `now`.

        1. Find the bounds of the week in `zone`.
        2. If the week has not ended, compute its sight up to `now`, once in five minutes.
        3. If it has ended and its sight is stored for each airfield, return that.
        4. Otherwise compute it, and store it unless the database is read-only. Slots are read and
           the sight is stored in one transaction: no other process stores a poll in between.

        The place has the smallest shares of its airfields. Of time in which the aircraft of its
        watch were not followed, nothing was seen. Raises StoreError.
        """
        slots = _WeekSlots(self.store, *week_bounds(key, zone))
        if place.followed is not None:
            until = min(now, slots.end)
            if not followed.touches(place.followed, slots.begin, until):
                return Sight(0.0, 0.0)
            if not followed.holds(place.followed, slots.begin, until):
                slots.followed = place.followed
                return worst([self._sight(code, slots, until) for code in place.airfields])
        if now < slots.end + MARGIN:
            return worst([self._unfinished(code, now, slots) for code in place.airfields])
        names = {code: _meta_key(code, zone, key) for code in place.airfields}
        stored = [_stored_sight(meta.get_value(self.store, name)) for name in names.values()]
        if (complete := [each for each in stored if each is not None]) == stored:
            return worst(complete)
        if self.store.read_only:
            return worst([self._sight(code, slots, slots.end) for code in names])
        with self.store.transaction():
            found = {name: self._sight(code, slots, slots.end) for code, name in names.items()}
            for name, shares in found.items():
                value = f"{shares.coverage:.6f} {shares.seen:.6f} {_FORMAT}"
                meta.set_value(self.store, name, value)
        return worst(list(found.values()))

    def by_week(self, place: Place, zone: str, begin: datetime, now: datetime) -> dict[str, float]:
        """Return the share of each week from `begin` to `now` that could be seen.

        Weeks from before the first poll are left out. What is usual is learned from these shares: a
        week in which aircraft were heard in cruise alone says nothing of landings, and its zero is
        none. Raises StoreError.
        """
        first = coverage_slots.first_slot_at(self.store)
        if first is None or first > now:
            return {}
        keys = weeks_between(week_of(max(begin, first), zone), week_of(now, zone))
        return {key: self.of_week(place, zone, key, now) for key in keys}

    def heard_by_week(
        self, place: Place, zone: str, begin: datetime, now: datetime
    ) -> dict[str, HeardWeek]:
        """Return how the place was heard in each week from `begin` to `now`.

        A week that has ended is computed once; a first call takes as long as `by_week` does. Raises
        StoreError.
        """
        first = coverage_slots.first_slot_at(self.store)
        if first is None or first > now:
            return {}
        archives = archive_units.feeds(self.store)
        older_until = judged.older_rules_until(self.store, RULES_VERSION)
        found = {}
        for key in weeks_between(week_of(max(begin, first), zone), week_of(now, zone)):
            week = heard_at_all(
                [self._heard(code, zone, key, now, archives) for code in place.airfields]
            )
            begin, end = week_bounds(key, zone)
            spans = place.followed
            if spans is not None and not followed.holds(spans, begin, min(now, end)):
                week = replace(week, seen=self.of_week(place, zone, key, now))
            older = older_until is not None and begin <= older_until
            found[key] = replace(week, older_rules=older)
        return found

    def _heard(
        self, code: str, zone: str, key: str, now: datetime, archives: frozenset[str]
    ) -> HeardWeek:
        """Return how one airfield was heard in a week; if it has not ended, in the last seven days,
        and how much of it was seen so far."""
        begin, end = week_bounds(key, zone)
        if unfinished := now < end + MARGIN:
            begin, end = now - timedelta(weeks=1), now
        if unfinished:
            seen = self.of_week(Place((code,)), zone, key, now)
            wanted = (code, zone, slot_begin(now))
            lately = self._lately.get(wanted)
            if lately is None:
                lately = self._heard_in(code, begin, end, seen, archives)
                kept = {each: heard for each, heard in self._lately.items() if each[2] == wanted[2]}
                # Another thread may put its own in this one's place: only what it found is lost.
                self._lately = {**kept, wanted: lately}
            return replace(lately, seen=seen)
        name = _heard_key(code, zone, key)
        if (stored := meta.get_value(self.store, name)) is not None:
            return from_json(stored, HeardWeek)
        seen = self.of_week(Place((code,)), zone, key, now)
        if self.store.read_only:
            return self._heard_in(code, begin, end, seen, archives)
        with self.store.transaction():
            heard = self._heard_in(code, begin, end, seen, archives)
            meta.set_value(self.store, name, to_json(heard))
        return heard

    def _heard_in(
        self, code: str, begin: datetime, end: datetime, seen: float, archives: frozenset[str]
    ) -> HeardWeek:
        airfield = self._airfield(code, begin)
        if airfield is None:
            return HeardWeek()
        slots = coverage_slots.slots_between(self.store, begin - MARGIN, end + MARGIN)
        heard = heard_week(slots, airfield, archives, seen=seen, begin=begin, end=end)
        if heard.feeds & archives or not archives & {each.feed for each in slots}:
            return heard
        # An archive was read too, which may have seen more: the exposure of the live feeds alone.
        live = [each for each in slots if each.feed not in archives]
        return replace(heard, seen=coverage(live, airfield, begin, end).seen)

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

        Call it in each transaction that stores a poll of that time: another process may have
        stored a share since the last one, from what was known by then. Raises StoreError.
        """
        codes = {airfield.icao for airfield in self.airfields}
        meta.delete_values(
            self.store,
            [
                name(code, zone, key)
                for zone in self.zones
                for key in {week_of(at - MARGIN, zone), week_of(at + MARGIN, zone)}
                for code in codes
                for name in (_meta_key, _heard_key)
            ],
        )

    def _unfinished(self, code: str, now: datetime, slots: _WeekSlots) -> Sight:
        """Return the sight up to `now`, computed once a slot; forget those of earlier slots."""
        wanted = (code, slots.begin, slot_begin(now))
        found = self._present.get(wanted)
        if found is None:
            nothing = Sight(0.0, 0.0)
            begun = slots.begin < now
            found = self._sight(code, slots, min(now, slots.end)) if begun else nothing
            of_slot = {
                known: kept for known, kept in self._present.items() if known[2] == wanted[2]
            }
            self._present = {**of_slot, wanted: found}
        return found

    def _sight(self, code: str, slots: _WeekSlots, end: datetime) -> Sight:
        airfield = self._airfield(code, slots.begin)
        if airfield is None or not (known := slots.until(end)):
            return Sight(0.0, 0.0)
        return sight_of(coverage(known, airfield, slots.begin, end))

    def _airfield(self, code: str, at: datetime) -> Airfield | None:
        return airfield_on(self.airfields, code, at.astimezone(UTC).date())


@dataclass
class _WeekSlots:
    """The slots of one week, read when the first airfield needs them: they are long rows."""

    store: Store
    begin: datetime
    end: datetime
    followed: Spans | None = None
    """When the aircraft of the watch were followed, if not all the time."""
    _read: dict[datetime, Sequence[CoverageSlot]] = field(default_factory=dict)

    def until(self, end: datetime) -> Sequence[CoverageSlot]:
        """Return the slots of the week up to `end`, and those close to it. Raises StoreError."""
        if end not in self._read:
            found = coverage_slots.slots_between(self.store, self.begin - MARGIN, end + MARGIN)
            self._read[end] = _while_followed(found, self.followed)
        return self._read[end]


def _while_followed(slots: list[CoverageSlot], spans: Spans | None) -> list[CoverageSlot]:
    """Return the slots that begin while the aircraft of the watch were followed."""
    if spans is None:
        return slots
    begins = ((each, each.begins_at) for each in slots)
    return [each for each, at in begins if followed.touches(spans, at, at + SLOT)]


def _meta_key(code: str, zone: str, key: str) -> str:
    return f"coverage:{code}:{zone}:{key}"


def _heard_key(code: str, zone: str, key: str) -> str:
    return f"heard:{code}:{zone}:{key}"


def _stored_sight(text: str | None) -> Sight | None:
    """Return a stored sight; None if there is none, or only one that cannot be relied on."""
    if text is None or not text.endswith(f" {_FORMAT}"):
        return None
    shares = text.split()
    return Sight(float(shares[0]), float(shares[1]))
