"""Where does one aircraft's track prove that a network heard? (step 2, for archives)

A live reply to an ask by place tells who was heard, all at once; an archive keeps a file an
aircraft. Each file proves that its own aircraft was heard, there, then and at that height. The
slots of any number of files join to the same coverage, in whatever portions they are read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collector.coverage.region import Region
from collector.decode.rows import counting_altitude_ft
from collector.decode.trace import TraceRow
from collector.model import Observation, Source
from collector.model.coverage import BAND_FLOORS_FT, CELL_DEG, SLOT, Cell, CoverageSlot, join

Spot = tuple[datetime, float, float, float]
"""When, latitude, longitude, altitude in feet."""

_SLOT_S = round(SLOT / timedelta(seconds=1))
_INNER_FLOORS_FT = BAND_FLOORS_FT[1:]


@dataclass(slots=True)
class _Minutes:
    minutes: int = 0
    cells: set[Cell] = field(default_factory=set)


def heard_near(spots: Iterable[Spot], feed: str) -> list[CoverageSlot]:
    """The slots that one aircraft's positions near the watched airfields make, by time."""
    found: dict[int, _Minutes] = {}
    for at, lat, lon, altitude_ft in spots:
        slot_number, second = divmod(int(at.timestamp()), _SLOT_S)
        heard = found.setdefault(slot_number, _Minutes())
        heard.minutes |= 1 << (second // 60)
        band = bisect_right(_INNER_FLOORS_FT, altitude_ft)
        heard.cells.add((int(lat // CELL_DEG), int(lon // CELL_DEG), band))
    return [
        CoverageSlot(
            feed=feed,
            begins_at=datetime.fromtimestamp(slot_number * _SLOT_S, UTC),
            alive_minutes=heard.minutes,
            area_minutes=heard.minutes,
            aircraft=1,
            cells=dict.fromkeys(sorted(heard.cells), 1),
        )
        for slot_number, heard in sorted(found.items())
    ]


def joined(slots: Iterable[CoverageSlot]) -> tuple[CoverageSlot, ...]:
    """Slots of one feed, each five minutes once, by time."""
    found: dict[datetime, CoverageSlot] = {}
    for slot in slots:
        known = found.get(slot.begins_at)
        found[slot.begins_at] = slot if known is None else join(known, slot)
    return tuple(found[at] for at in sorted(found))


def spots_of_trace(rows: Iterable[object], region: Region) -> Iterator[Spot]:
    """The positions of a decoded trace within `region` that prove hearing: not relayed, with GPS
    and a height."""
    south, north = region.latitudes
    for row in rows:
        if not isinstance(row, TraceRow) or (place := row.position(0.0)) is None:
            continue
        if not south <= place[0] <= north or not region.holds(*place):
            continue
        altitude_ft = row.altitude_ft
        if altitude_ft is not None and not row.lost_gps and not row.relayed:
            yield row.at, *place, altitude_ft


def spots_of(observations: Iterable[Observation], region: Region) -> Iterator[Spot]:
    """The same of reports."""
    for seen in observations:
        altitude_ft = counting_altitude_ft(
            seen.baro_altitude_ft, seen.geom_altitude_ft, seen.on_ground
        )
        lat, lon = seen.lat_deg, seen.lon_deg
        if lat is None or lon is None or altitude_ft is None or not region.holds(lat, lon):
            continue
        if seen.fresh and not seen.gps_lost and seen.source is not Source.ADSC:
            yield seen.at, lat, lon, altitude_ft
