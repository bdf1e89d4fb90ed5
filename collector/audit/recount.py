"""Which landings of a published list were tracked, and which are contradicted?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from collector.landings.fleet_ledger import LedgerRow, ledger
from collector.model import Airfield, Grade, Landing, Place, Watch
from collector.model.sighting import Kind, Sighting
from collector.model.watch import airfield_on
from collector.published.csv_tables import Numbered
from collector.published.grouping import Reported, reported, single
from collector.published.matching import Airframes, matched
from collector.published.verdicts import Known, Verdict, elsewhere, verdict
from collector.queries import coverage_days, published_record
from collector.queries.period_report import zones_of
from collector.reports import formatting
from collector.store import Store, landings, observations

AROUND = timedelta(days=2)
"""Reports this long before and after a row's days tell whether the airframe had time to come."""
LONGEST = timedelta(days=31)
"""Of a row dated more loosely no alibi from tracks is sought: nobody is tracked without a gap."""


@dataclass(frozen=True, slots=True)
class Recounted:
    """A row and its fate."""

    line: int
    row: Sighting
    verdict: Verdict


def recount(
    store: Store,
    watches: Sequence[Watch],
    airfields: Sequence[Airfield],
    rows: Sequence[Numbered[Sighting]],
    *,
    now: datetime,
    progress: coverage_days.Watching | None = None,
) -> list[Recounted]:
    """Every row of a list with its fate, in the list's order. Raises StoreError."""
    airframes = Airframes.of(watches)
    zones = zones_of(airfields)
    found = landings.find(store, include_retracted=True)
    mine = _matches([one.row for one in rows], found, airframes, zones)
    codes = list(dict.fromkeys(code for watch in watches for code in watch.airfields))
    zone = watches[0].zone if watches else "UTC"
    dated = [one.row.period for one in rows]
    shares = coverage_days.seen_days(
        store,
        airfields,
        codes,
        zone,
        first=min((one.first for one in dated if one.first), default=None),
        last=max((one.last for one in dated if one.last), default=None),
        now=now,
        progress=progress,
    )
    others = [*published_record.known(store).sightings, *(one.row for one in rows)]
    tracks = _Tracks(store, airfields, airframes, found, now)
    told = []
    for place, one in enumerate(rows):
        row = one.row
        alibis, sightings = elsewhere(row, others, airframes)
        landing = mine.get(place)
        watch = next((w for w in watches if row.airfield in w.airfields), None)
        if row.kind is Kind.ALIBI:
            landing = tracks.landed(row, codes)
        known = Known(
            landing=landing,
            alibi=None if landing or watch is None else tracks.elsewhere(row, watch),
            alibis=alibis,
            seen=sightings,
            coverage=_coverage(row, shares.get(row.airfield or "", {})),
            known=_known(store, row),
            watched=watch is not None,
            followed=any(airframes.wanted(row, each) for each in watches),
        )
        told.append(Recounted(one.line, row, verdict(row, known)))
    return told


def _matches(
    rows: Sequence[Sighting],
    found: Sequence[Landing],
    airframes: Airframes,
    zones: Mapping[str, str],
) -> dict[int, Landing]:
    """The tracked landing of each row (by its place in the list) that has one.

    Rows that are not to be added to a count take nobody's landing away.
    """
    groups = reported(rows, zones)
    places: dict[Sighting, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        places[row].append(place)
    mine: dict[int, Landing] = {}
    pairs = matched(groups, found, airframes)
    for number, group in enumerate(groups):
        for row in group.sightings:
            place = places[row].pop(0)
            if number in pairs:
                mine[place] = pairs[number]
    for place, row in enumerate(rows):
        if row.kind is Kind.LANDING and not row.counted and row.airfield is not None:
            alone: list[Reported] = [single(row, zones.get(row.airfield, "UTC"))]
            if row.period.days <= LONGEST.days and (pair := matched(alone, found, airframes)):
                mine[place] = pair[0]
    return mine


def _coverage(row: Sighting, shares: coverage_days.Days) -> float | None:
    first, last = row.period.first, row.period.last
    if first is None or last is None:
        return None
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return sum(shares.get(day, 0.0) for day in days) / len(days)


def _known(store: Store, row: Sighting) -> bool:
    first, last = row.period.first, row.period.last
    return (
        first is not None
        and last is not None
        and bool(coverage_days.known_days(store, first, last))
    )


@dataclass(frozen=True, slots=True)
class _Tracks:
    """What the stored tracks say of airframes that rows name."""

    store: Store
    airfields: Sequence[Airfield]
    airframes: Airframes
    landings: Sequence[Landing]
    now: datetime

    def elsewhere(self, row: Sighting, watch: Watch) -> str | None:
        """Where the airframe was heard, so closely that it had no time to land there unseen."""
        addresses = self.airframes.addresses(row)
        if row.airfield is None or row.period.days > LONGEST.days or len(addresses) != 1:
            return None
        airfields = self.airfields
        begin, end = single(row, watch.zone).allowed
        day = begin.astimezone(UTC).date()
        if begin >= min(end, self.now) or airfield_on(airfields, row.airfield, day) is None:
            return None
        (icao24,) = addresses
        known = observations.span(self.store, icao24, begin - AROUND, end + AROUND)
        if not known:
            return None
        (told,) = ledger(
            replace(watch, fleet=(), count_types=(), places=(Place((row.airfield,)),)),
            {icao24: known},
            [one for one in self.landings if one.detection.icao24 == icao24],
            airfields,
            begin=begin,
            end=end,
            now=self.now,
        )
        return None if told.could_have_landed or told.landings else _words(told, watch.zone)

    def landed(self, row: Sighting, codes: Sequence[str]) -> Landing | None:
        """A sure landing of the airframe at a watched field on days when it is said to have been
        elsewhere."""
        addresses = self.airframes.addresses(row)
        return next(
            (
                one
                for one in self.landings
                if one.detection.icao24 in addresses
                and one.airfield in codes
                and one.stands
                and one.review != "rejected"
                and one.detection.grade is not Grade.POSSIBLE
                and _on(row, one.detection.touchdown_at)
            ),
            None,
        )


def _on(row: Sighting, at: datetime) -> bool:
    first, last = row.period.first, row.period.last
    return first is not None and last is not None and first <= at.date() <= last


def _words(told: LedgerRow, zone: str) -> str:
    where = told.last_proven_where or "nowhere"
    when = (
        "" if told.last_proven_at is None else f", {formatting.moment(told.last_proven_at, zone)}"
    )
    gap = formatting.duration(told.longest_unaccounted)
    return (
        f"{told.registration or told.icao24} tracked {where}{when}; never unheard for more than "
        f"{gap}, too short for a landing there"
    )
