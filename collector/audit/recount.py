"""Which landings of a published list were tracked, and which are contradicted? Every row is
compared with the stored landings, tracks and coverage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from collector.coverage.sight import Sight
from collector.landings.fleet_ledger import LedgerRow, ledger
from collector.model import Airfield, Grade, Landing, Place, Watch
from collector.model.sighting import Kind, Sighting
from collector.model.watch import airfield_on
from collector.published.csv_tables import NumberedRow
from collector.published.grouping import ReportedLanding, landing_of_row, reported_landings
from collector.published.matching import Airframes, matches_by_report
from collector.published.summary import mean_sight
from collector.published.verdicts import RowEvidence, RowVerdict, reports_elsewhere, row_verdict
from collector.queries import coverage_days, published_record
from collector.queries.period_report import zones_of
from collector.reports import formatting
from collector.store import Store, landings, observations

TRACK_MARGIN = timedelta(days=2)
"""Position reports this long before and after a row's days show whether the airframe had time to
come."""
LONGEST_PERIOD = timedelta(days=31)
"""No alibi from tracks is sought for a row with a longer period: no airframe is tracked for that
long without a gap."""


@dataclass(frozen=True, slots=True)
class RecountedRow:
    """A row of the list and its verdict."""

    line: int
    row: Sighting
    verdict: RowVerdict


def recount(
    store: Store,
    watches: Sequence[Watch],
    airfields: Sequence[Airfield],
    rows: Sequence[NumberedRow[Sighting]],
    *,
    now: datetime,
    progress: coverage_days.Progress | None = None,
) -> list[RecountedRow]:
    """Return every row of a list with its verdict, in the order of the list. Raises StoreError."""
    airframes = Airframes.of_watches(watches)
    zones = zones_of(airfields)
    tracked = landings.find(store, include_retracted=True)
    matches = _matches([one.row for one in rows], tracked, airframes, zones)
    codes = list(dict.fromkeys(code for watch in watches for code in watch.airfields))
    zone = watches[0].zone if watches else "UTC"
    periods = [one.row.period for one in rows]
    sights = coverage_days.sights_by_day(
        store,
        airfields,
        codes,
        zone,
        first=min((one.first for one in periods if one.first), default=None),
        last=max((one.last for one in periods if one.last), default=None),
        now=now,
        progress=progress,
    )
    others = [*published_record.whole_record(store).sightings, *(one.row for one in rows)]
    tracks = _Tracks(store, airfields, airframes, tracked, now)
    recounted = []
    for index, one in enumerate(rows):
        row = one.row
        alibis, other_reports = reports_elsewhere(row, others, airframes)
        landing = matches.get(index)
        watch = next((w for w in watches if row.airfield in w.airfields), None)
        if row.kind is Kind.ALIBI:
            landing = tracks.landing_despite_alibi(row, codes)
        evidence = RowEvidence(
            landing=landing,
            tracked_elsewhere=None if landing or watch is None else tracks.elsewhere(row, watch),
            alibis=alibis,
            other_reports=other_reports,
            sight=_sight(row, sights.get(row.airfield or "", {})),
            has_data=_has_data(store, row),
            airfield_watched=watch is not None,
            aircraft_watched=any(airframes.may_concern(row, each) for each in watches),
        )
        recounted.append(RecountedRow(one.line, row, row_verdict(row, evidence)))
    return recounted


def _matches(
    rows: Sequence[Sighting],
    tracked: Sequence[Landing],
    airframes: Airframes,
    zones: Mapping[str, str],
) -> dict[int, Landing]:
    """The tracked landing of each row that has one, by the row's index in the list.

    Rows that are not counted do not take a landing away from another row.
    """
    groups = reported_landings(rows, zones)
    indexes: dict[Sighting, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        indexes[row].append(index)
    matches: dict[int, Landing] = {}
    pairs = matches_by_report(groups, tracked, airframes)
    for number, group in enumerate(groups):
        for row in group.sightings:
            index = indexes[row].pop(0)
            if number in pairs:
                matches[index] = pairs[number]
    for index, row in enumerate(rows):
        if row.kind is Kind.LANDING and not row.counted and row.airfield is not None:
            alone: list[ReportedLanding] = [landing_of_row(row, zones.get(row.airfield, "UTC"))]
            if row.period.days <= LONGEST_PERIOD.days and (
                match := matches_by_report(alone, tracked, airframes)
            ):
                matches[index] = match[0]
    return matches


def _sight(row: Sighting, sights: coverage_days.Days) -> Sight | None:
    first, last = row.period.first, row.period.last
    if first is None or last is None:
        return None
    return mean_sight(sights, first, last)


def _has_data(store: Store, row: Sighting) -> bool:
    first, last = row.period.first, row.period.last
    return (
        first is not None
        and last is not None
        and bool(coverage_days.days_with_data(store, first, last))
    )


@dataclass(frozen=True, slots=True)
class _Tracks:
    """The stored tracks of the airframes that rows name."""

    store: Store
    airfields: Sequence[Airfield]
    airframes: Airframes
    landings: Sequence[Landing]
    now: datetime

    def elsewhere(self, row: Sighting, watch: Watch) -> str | None:
        """Return where the airframe was tracked, if that left no time for an unnoticed landing."""
        addresses = self.airframes.addresses(row)
        if row.airfield is None or row.period.days > LONGEST_PERIOD.days or len(addresses) != 1:
            return None
        airfields = self.airfields
        begin, end = landing_of_row(row, watch.zone).allowed
        if (
            begin >= min(end, self.now)
            or airfield_on(airfields, row.airfield, begin.astimezone(UTC).date()) is None
        ):
            return None
        (icao24,) = addresses
        reports = observations.reports_between(
            self.store, icao24, begin - TRACK_MARGIN, end + TRACK_MARGIN
        )
        if not reports:
            return None
        (ledger_row,) = ledger(
            replace(watch, fleet=(), count_types=(), places=(Place((row.airfield,)),)),
            {icao24: reports},
            [one for one in self.landings if one.detection.icao24 == icao24],
            airfields,
            begin=begin,
            end=end,
            now=self.now,
        )
        if ledger_row.could_have_landed or ledger_row.landings:
            return None
        return _track_sentence(ledger_row, watch.zone)

    def landing_despite_alibi(self, row: Sighting, codes: Sequence[str]) -> Landing | None:
        """Return a landing of the airframe at a watched airfield that refutes the alibi `row`.

        Only confirmed and probable landings can refute an alibi.
        """
        addresses = self.airframes.addresses(row)
        return next(
            (
                one
                for one in self.landings
                if one.detection.icao24 in addresses
                and one.airfield in codes
                and one.stands
                and one.review != "rejected"
                and one.grade is not Grade.POSSIBLE
                and _is_dated_on(row, one.detection.touchdown_at)
            ),
            None,
        )


def _is_dated_on(row: Sighting, at: datetime) -> bool:
    first, last = row.period.first, row.period.last
    return first is not None and last is not None and first <= at.date() <= last


def _track_sentence(row: LedgerRow, zone: str) -> str:
    place = row.last_proven_where or "nowhere"
    when = "" if row.last_proven_at is None else f", {formatting.moment(row.last_proven_at, zone)}"
    gap = formatting.duration(row.longest_unaccounted)
    return (
        f"{row.registration or row.icao24} tracked {place}{when}; no silence longer than {gap}, "
        "which is too short for a landing there"
    )
