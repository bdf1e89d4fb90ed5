"""Which recorded tracks are altered? Those of the labelled recordings, each as three rhythms of
polls show it, with everybody who was heard beside it.

Tracks of one aircraft that never came within reach of a watched airfield are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from recordings.datasets import DataSet, datasets, loaded
from recordings.detector import settings_of
from recordings.tracks import Row, Track, poll_times

from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Airfield, Detection, Observation, Source
from collector.model.coverage import CELL_DEG, CoverageSlot, PollCoverage, band_of, slots_of
from collector.model.reply import Outcome

RHYTHMS_S = (10, 60, 300)
LATER = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Heard:
    """One aircraft of a recording at one rhythm, and what else was heard meanwhile."""

    name: str
    reports: list[Observation]
    slots: Sequence[CoverageSlot]
    airfields: Sequence[Airfield]

    def landings(self, reports: Sequence[Observation]) -> tuple[Detection, ...]:
        """Return what is derived from these reports instead of its own."""
        now = max(each.at for each in reports) + LATER
        return detect(reports, self.slots, self.airfields, LandingRules(), now).detections


def recorded(least_rows: int = 6) -> Iterator[Heard]:
    """Yield the tracks with so many rows or more, of every recording that is present."""
    for dataset in datasets():
        if not dataset.snapshots:
            for every_s in RHYTHMS_S:
                yield from _polled(dataset, every_s, least_rows)


def _polled(dataset: DataSet, every_s: int, least_rows: int) -> Iterator[Heard]:
    tracks, airfields = loaded(dataset), settings_of(dataset).airfields
    groups = [tracks] if dataset.together else [[track] for track in tracks]
    for group in groups:
        found: dict[str, dict[float, Observation]] = {track.icao24: {} for track in group}
        polls = []
        for at_s in poll_times(group, every_s):
            listed = [(track, row) for track in group if (row := track.latest(at_s))]
            for track, row in listed:
                found[track.icao24][row.at_s] = report_of(track, row)
            polls.append(_coverage(at_s, [row for _, row in listed], together=dataset.together))
        slots = slots_of(polls)
        for icao24, reports in found.items():
            if len(reports) >= least_rows:
                name = f"{icao24} of {dataset.name}, each {every_s} s"
                yield Heard(name, list(reports.values()), slots, airfields)


def report_of(track: Track, row: Row) -> Observation:
    """Return a row as a feed would have reported it."""
    at = datetime.fromtimestamp(row.at_s, UTC)
    return Observation(
        icao24=track.icao24,
        feed="adsblol",
        source=Source.ADSB,
        heard_at=at,
        position_at=at,
        lat_deg=row.lat_deg,
        lon_deg=row.lon_deg,
        baro_altitude_ft=None if row.on_ground else row.altitude_ft,
        on_ground=bool(row.on_ground),
        ground_speed_kt=row.speed_kt,
        track_deg=row.track_deg,
        vertical_rate_fpm=row.rate_fpm,
        callsign=row.callsign,
    )


def _coverage(at_s: float, rows: Sequence[Row], *, together: bool) -> PollCoverage:
    cells = Counter(
        (int(row.lat_deg // CELL_DEG), int(row.lon_deg // CELL_DEG), band_of(row.altitude_ft))
        for row in rows
        if not row.on_ground and row.altitude_ft is not None
    )
    return PollCoverage(
        feed="adsblol",
        at=datetime.fromtimestamp(at_s, UTC),
        outcome=Outcome.HEARD if rows else Outcome.NOBODY,
        area=together,
        aircraft=len(rows),
        cells=dict(cells),
    )
