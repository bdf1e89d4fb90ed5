"""How was a week, for one watch? Digests, listings and pages are made from these values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from collector.alerts.counts import count_landings
from collector.alerts.lifecycle import Mute, week_state
from collector.alerts.rule_facts import gather_rule_facts
from collector.alerts.usual import Usual
from collector.coverage.asked import hours_asked, hours_between, long_pauses
from collector.coverage.share import MARGIN, DayCoverage, coverage_by_day
from collector.coverage.sight import SeenCount, Sight
from collector.landings.fleet_ledger import LedgerRow, ledger
from collector.model import Airfield, Landing, Observation, Place, Revision, Rule, RuleKind, Watch
from collector.model.coverage import CoverageSlot
from collector.model.watch import airfield_on
from collector.queries.corrections import concerns, first_week_changed, may_be_at
from collector.queries.coverage import CoverageQuery
from collector.queries.stop_corrections import stop_corrections
from collector.queries.week_changes import changed_since
from collector.reports.json_rows import week_row
from collector.reports.mails.feeds import FeedHealth
from collector.reports.mails.watch_week import PlaceWeek, WatchWeek
from collector.reports.titles import place_title
from collector.store import (
    Store,
    aircraft,
    alerts,
    archive_units,
    citations,
    coverage_slots,
    feeds,
    landings,
    observations,
)
from collector.weeks import week_bounds

TRAILING = timedelta(weeks=54)
"""The year before a week, and a little more: what is usual is learned from it."""
AROUND = timedelta(days=2)
"""Reports this long before and after a week make the bound of the fleet ledger tighter."""


@dataclass(frozen=True, slots=True)
class WeekQuery:
    """Stored weeks as values. Every method raises StoreError."""

    store: Store
    watches: Sequence[Watch]
    airfields: Sequence[Airfield]
    coverage: CoverageQuery

    def watch_week(
        self, watch: Watch, key: str, now: datetime, since: datetime, until: str
    ) -> WatchWeek:
        """Return one week of one watch, with everything that the digest says about it.

        `since`: until then a digest has told what changed in the weeks before the week `until`.
        """
        begin, end = week_bounds(key, watch.zone)
        found = landings.find(self.store, begin=begin, end=end, watch=watch.name)
        return WatchWeek(
            watch=watch,
            places=[self.place_week(watch, place, key, now) for place in watch.places],
            corrections=self.corrections(watch, until, since, now),
            stop_corrections=stop_corrections(self.store, watch, until, since, now),
            cited=citations.changes(self.store, watch.name, since, now),
            changed_weeks=changed_since(self.store, watch, until, since, now),
            followed=[landing for landing in found if _only_followed(landing, watch)],
            ledger=self.ledger(watch, key, now),
            mutes=[
                Mute(watch.name, mute.rule, mute.until_at, mute.note)
                for mute in alerts.mutes(self.store, now)
                if mute.watch == watch.name
            ],
        )

    def place_week(self, watch: Watch, place: Place, key: str, now: datetime) -> PlaceWeek:
        """Return one week of one place: count, usual count, coverage and state of its rules."""
        begin, end = week_bounds(key, watch.zone)
        found = landings.find(
            self.store, begin=begin - TRAILING, end=end, watch=watch.name, include_retracted=True
        )
        count = count_landings(found, watch, place, begin, end)
        shares = self.coverage.by_week(place, watch.zone, begin - TRAILING, now)
        return PlaceWeek(
            place=place,
            count=count,
            coverage=self.coverage.between(place, begin, max(begin, min(now, end))),
            usual=usual_in(watch, place, key, known=found, shares=shares, now=now),
            alert=self.alert(watch, place, key),
        )

    def rows(
        self,
        watch: Watch,
        keys: Sequence[str],
        now: datetime,
        sight: Callable[[Watch, Place, str], Sight] | None = None,
        known: Sequence[Landing] | None = None,
    ) -> list[dict[str, Any]]:
        """Return a row of `weeks --json` for each of these weeks and each place, in that order.

        `sight` gives how much of a week could be seen if the caller keeps it. None: compute it.
        `known` are the watch's landings as they were known then; None: those that are stored.
        """
        if not keys:
            return []
        spans = {key: week_bounds(key, watch.zone) for key in keys}
        found = known
        if found is None:
            found = landings.find(
                self.store,
                begin=min(begin for begin, _ in spans.values()),
                end=max(end for _, end in spans.values()),
                watch=watch.name,
                include_retracted=True,
                bare=True,
            )
        touchdowns = [(*landing.detection.touchdown_span, landing) for landing in found]
        states = alerts.load_states(self.store, watch.name)
        archives = archive_units.feeds(self.store)
        rows = []
        for key, (begin, end) in spans.items():
            near = [each for first, last, each in touchdowns if first < end and last >= begin]
            for place in watch.places:
                count = count_landings(near, watch, place, begin, end)
                seen = (
                    self.coverage.sight_of_week(place, watch.zone, key, now)
                    if sight is None
                    else sight(watch, place, key)
                )
                rows.append(
                    week_row(
                        watch=watch,
                        airfield=place.name,
                        place_name=place_title(place, self.airfields, begin.date()),
                        week=key,
                        count=SeenCount(count.count, count.at_most, seen),
                        undated=[each.id for each in count.undated],
                        final_leg_not_seen=[each.id for each in count.final_leg_not_seen],
                        alert=week_state(states, watch.rules, place, begin, end).value,
                        archive=self.coverage.archived_week(
                            place, watch.zone, key, now, archives=archives, at_most=count.at_most
                        ),
                    )
                )
        return rows

    def alert(self, watch: Watch, place: Place, key: str) -> str:
        """Return the strongest state of the place's rules in a week: ok, firing or resolved."""
        begin, end = week_bounds(key, watch.zone)
        states = alerts.load_states(self.store, watch.name, within=(begin, end))
        return week_state(states, watch.rules, place, begin, end).value

    def corrections(
        self, watch: Watch, key: str, since: datetime, now: datetime
    ) -> list[tuple[Revision, Landing]]:
        """Return the changes from `since` on in weeks before week `key`.

        Landings found at airfields that are not on the watch are left out.
        """
        return [
            (revision, landing)
            for revision, landing in landings.revisions(self.store, since, now, watch.name)
            if concerns(watch, revision, landing)
            and first_week_changed(watch, revision, landing) < key
        ]

    def ledger(self, watch: Watch, key: str, now: datetime) -> list[LedgerRow]:
        """Return the fleet ledger of a week: where each airframe was proven to be."""
        begin, end = week_bounds(key, watch.zone)
        if min(end, now) <= begin:
            return []
        reports = _Reports(self.store, watch.name, begin - AROUND, end + AROUND)
        known = landings.find(self.store, begin=begin - AROUND, end=end + AROUND, watch=watch.name)
        return ledger(watch, reports, known, self.airfields, begin=begin, end=end, now=now)

    def coverage_by_airfield(
        self, watches: Sequence[Watch], key: str, now: datetime
    ) -> list[tuple[str, Sequence[DayCoverage]]]:
        """Return for each watched airfield (ICAO code) the coverage of each day of the week, by the
        days of the first watch that has the airfield."""
        zones: dict[str, str] = {}
        for watch in watches:
            zones = dict.fromkeys(watch.airfields, watch.zone) | zones
        days: dict[str, Sequence[DayCoverage]] = {}
        for zone in dict.fromkeys(zones.values()):
            begin, end = week_bounds(key, zone)
            end = max(begin, min(end, now))
            slots = coverage_slots.slots_between(self.store, begin - MARGIN, end + MARGIN)
            for code in (code for code, of_watch in zones.items() if of_watch == zone):
                airfield = airfield_on(self.airfields, code, begin.astimezone(UTC).date())
                if airfield is not None and begin < end:
                    days[code] = coverage_by_day(slots, airfield, begin, end, zone)
        order = dict.fromkeys(code for watch in watches for code in watch.airfields)
        return [(code, days[code]) for code in order if code in days]

    def polling(
        self, names: Sequence[str], begin: datetime, end: datetime
    ) -> tuple[list[FeedHealth], list[tuple[datetime, datetime]]]:
        """Return how each feed did in [begin, end), also those of `names`, and when none was asked.

        Where an archive alone was read, nothing is said of the times when none was asked.
        """
        slots = coverage_slots.slots_between(self.store, begin, end)
        states = {state.feed: state for state in feeds.states(self.store)}
        archives = archive_units.feeds(self.store)
        health = []
        for name in sorted({*names, *(slot.feed for slot in slots)}):
            of_feed = [slot for slot in slots if slot.feed == name]
            state = states.get(name)
            health.append(
                FeedHealth(
                    name=name,
                    polls=sum(
                        (slot.alive_minutes | slot.failed_minutes).bit_count() for slot in of_feed
                    ),
                    answered=sum(slot.alive_minutes.bit_count() for slot in of_feed),
                    last_answer_at=_last_answer(of_feed),
                    remark=(state.parked_why or "") if state else "",
                    archive=name in archives,
                    hours_asked=hours_asked(of_feed, begin, end),
                    hours=hours_between(begin, end),
                )
            )
        live = [slot for slot in slots if slot.feed not in archives]
        return health, [] if slots and not live else long_pauses(live, begin, end)


class _Reports(Mapping[str, Sequence[Observation]]):
    """The reports of a watch by address, loaded for one aircraft at a time to save memory."""

    def __init__(self, store: Store, watch: str, begin: datetime, end: datetime) -> None:
        self._store, self._begin, self._end = store, begin, end
        self._addresses = aircraft.matched_between(store, watch, begin, end)

    def __getitem__(self, icao24: str) -> Sequence[Observation]:
        if icao24 not in self._addresses:
            raise KeyError(icao24)
        return observations.reports_between(self._store, icao24, self._begin, self._end)

    def __iter__(self) -> Iterator[str]:
        return iter(self._addresses)

    def __len__(self) -> int:
        return len(self._addresses)


def usual_in(
    watch: Watch,
    place: Place,
    key: str,
    *,
    known: Sequence[Landing],
    shares: Mapping[str, float],
    now: datetime,
) -> Usual:
    """Return what is usual in a week at a place, and how usual its count is.

    `known` are the watch's landings since `TRAILING` before the week, `shares` how much of each of
    these weeks could be seen.
    """
    begin, end = week_bounds(key, watch.zone)
    facts = gather_rule_facts(_rule_of(watch, place), watch, known, shares, now)
    return facts.usual(begin, end, facts.count(begin, end).count)


def _rule_of(watch: Watch, place: Place) -> Rule:
    """Return any weekly rule of the place, with which to ask what is usual there."""
    weekly = (rule for rule in watch.rules if rule.place == place and rule.weekly)
    return next(weekly, Rule(name="week", kind=RuleKind.THRESHOLD, place=place))


def _only_followed(landing: Landing, watch: Watch) -> bool:
    """Return whether the landing may be at the watch's airfields, but does not count for it."""
    counted = any(match.counted for match in landing.watches if match.watch == watch.name)
    return not counted and may_be_at(landing, watch)


def _last_answer(slots: Sequence[CoverageSlot]) -> datetime | None:
    answered = [slot for slot in slots if slot.alive_minutes]
    if not answered:
        return None
    last = max(answered, key=lambda slot: slot.begins_at)
    return last.begins_at + timedelta(minutes=last.alive_minutes.bit_length() - 1)
