"""What coverage does the trace of one aircraft prove? That of its own positions.

A reply to a poll by place lists all aircraft at once, but an archive keeps one file an aircraft.
The slots of any number of files join to the same coverage, in whatever portions they are read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collector.coverage.region import Region
from collector.decode.rows import RELAYED, counting_altitude_ft
from collector.decode.trace import TraceRow
from collector.model import Observation
from collector.model.coverage import BAND_FLOORS_FT, CELL_DEG, SLOT, Cell, CoverageSlot, join

Spot = tuple[datetime, float, float, float]
"""Time, latitude, longitude, altitude in feet."""

_SLOT_S = round(SLOT / timedelta(seconds=1))
_INNER_FLOORS_FT = BAND_FLOORS_FT[1:]


@dataclass(slots=True)
class _Minutes:
    minutes: int = 0
    cells: set[Cell] = field(default_factory=set)


def slots_of_spots(spots: Iterable[Spot], feed: str) -> list[CoverageSlot]:
    """Return the slots that one aircraft's positions near watched airfields prove, by time."""
    found: dict[int, _Minutes] = {}
    for at, lat, lon, altitude_ft in spots:
        slot_number, second = divmod(int(at.timestamp()), _SLOT_S)
        slot = found.setdefault(slot_number, _Minutes())
        slot.minutes |= 1 << (second // 60)
        band = bisect_right(_INNER_FLOORS_FT, altitude_ft)
        slot.cells.add((int(lat // CELL_DEG), int(lon // CELL_DEG), band))
    return [
        CoverageSlot(
            feed=feed,
            begins_at=datetime.fromtimestamp(slot_number * _SLOT_S, UTC),
            alive_minutes=slot.minutes,
            area_minutes=slot.minutes,
            aircraft=1,
            cells=dict.fromkeys(sorted(slot.cells), 1),
        )
        for slot_number, slot in sorted(found.items())
    ]


def joined(slots: Iterable[CoverageSlot]) -> tuple[CoverageSlot, ...]:
    """Return the slots of one feed joined, so that each five minutes come once, by time."""
    found: dict[datetime, CoverageSlot] = {}
    for slot in slots:
        before = found.get(slot.begins_at)
        found[slot.begins_at] = slot if before is None else join(before, slot)
    return tuple(found[at] for at in sorted(found))


def trace_spots(rows: Iterable[object], region: Region) -> Iterator[Spot]:
    """Yield the positions of a decoded trace within `region` that prove coverage.

    They are an aircraft's own (`proves_nothing`), GPS was not lost, and an altitude is reported.
    """
    south, north = region.latitudes
    for row in rows:
        if not isinstance(row, TraceRow) or (place := row.position(0.0)) is None:
            continue
        if not south <= place[0] <= north or not region.holds(*place):
            continue
        altitude_ft = row.altitude_ft
        if altitude_ft is not None and not row.lost_gps and not row.proves_nothing:
            yield row.at, *place, altitude_ft


def report_spots(observations: Iterable[Observation], region: Region) -> Iterator[Spot]:
    """Yield the positions of reports that prove coverage, as `trace_spots` does."""
    for report in observations:
        altitude_ft = counting_altitude_ft(
            report.baro_altitude_ft, report.geom_altitude_ft, report.on_ground
        )
        lat, lon = report.lat_deg, report.lon_deg
        if lat is None or lon is None or altitude_ft is None or not region.holds(lat, lon):
            continue
        if report.fresh and not report.gps_lost and report.source not in RELAYED:
            yield report.at, lat, lon, altitude_ft
