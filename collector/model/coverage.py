"""Where, and how low, did a feed have coverage in each five minutes? Its replies prove it.

A `PollCoverage` is what one poll proves. A `CoverageSlot` joins what all polls of one feed prove in
five minutes. Joining is commutative, associative and idempotent, so that the same replies in any
order, delivered twice, or split over runs give the same coverage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collector.model.reply import Outcome

SLOT = timedelta(minutes=5)
CELL_DEG = 0.25
"""About 15 NM by 13 NM at 30° N: the distance between Ovda and Ramon."""

BAND_FLOORS_FT = (-2000, 2000, 4000, 6000, 8000, 10000, 13000, 18000, 29000)
"""Lower edges of the altitude bands. Band 0 is the ground and up to 2,000 ft, band 8 cruise."""

Cell = tuple[int, int, int]
"""(floor(lat / CELL_DEG), floor(lon / CELL_DEG), band)."""


def band_of(altitude_ft: float) -> int:
    """Return the altitude band of an altitude.

    >>> band_of(1500), band_of(2000), band_of(36000)
    (0, 1, 8)
    """
    for band in range(len(BAND_FLOORS_FT) - 1, 0, -1):
        if altitude_ft >= BAND_FLOORS_FT[band]:
            return band
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PollCoverage:
    """What one poll of one feed proves about its coverage."""

    feed: str
    at: datetime
    """When the reply was received, or the failure noticed; if the reply came late, its own time."""
    outcome: Outcome
    area: bool
    """Whether the poll was by place (or for everything), so that absence means something."""
    aircraft: int = 0
    """Rows in the reply."""
    unplaced: int = 0
    """Rows without a usable position, or with GPS lost: a sign of jamming."""
    cells: Mapping[Cell, int] = field(default_factory=dict)
    """Aircraft with a fresh position, by place and height, near the watched airfields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageSlot:
    """What five minutes of one feed prove. `begins_at` is a multiple of five minutes, UTC."""

    feed: str
    begins_at: datetime
    alive_minutes: int = 0
    """Bit m is set if a new reply arrived in minute m of the slot."""
    area_minutes: int = 0
    """Bit m is set if a new reply to a poll by place arrived in minute m."""
    failed_minutes: int = 0
    """Bit m is set if a poll failed in minute m."""
    aircraft: int = 0
    unplaced: int = 0
    cells: Mapping[Cell, int] = field(default_factory=dict)
    """The largest count of a single reply, by place and height."""


def slot_begin(at: datetime) -> datetime:
    """Return the beginning of the slot that `at` (aware) falls in."""
    seconds = SLOT.total_seconds()
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)


def slot_of(poll: PollCoverage) -> CoverageSlot:
    """Return the slot that a single poll proves."""
    begin = slot_begin(poll.at)
    bit = 1 << int((poll.at - begin).total_seconds() // 60)
    alive = poll.outcome.alive
    return CoverageSlot(
        feed=poll.feed,
        begins_at=begin,
        alive_minutes=bit if alive else 0,
        area_minutes=bit if alive and poll.area else 0,
        failed_minutes=0 if alive else bit,
        aircraft=poll.aircraft if alive else 0,
        unplaced=poll.unplaced if alive else 0,
        cells=dict(poll.cells) if alive else {},
    )


def join(a: CoverageSlot, b: CoverageSlot) -> CoverageSlot:
    """Return what two slots of the same feed and five minutes prove together.

    Raises ValueError if they are of different feeds or times.
    """
    if (a.feed, a.begins_at) != (b.feed, b.begins_at):
        raise ValueError(f"slots of {a.feed} {a.begins_at} and {b.feed} {b.begins_at} don't join")
    cells = dict(a.cells)
    for cell, count in b.cells.items():
        cells[cell] = max(count, cells.get(cell, 0))
    return CoverageSlot(
        feed=a.feed,
        begins_at=a.begins_at,
        alive_minutes=a.alive_minutes | b.alive_minutes,
        area_minutes=a.area_minutes | b.area_minutes,
        failed_minutes=a.failed_minutes | b.failed_minutes,
        aircraft=max(a.aircraft, b.aircraft),
        unplaced=max(a.unplaced, b.unplaced),
        cells=cells,
    )


def slots_of(polls: Iterable[PollCoverage]) -> list[CoverageSlot]:
    """Return the slots of many polls, ordered by time and feed."""
    slots: dict[tuple[datetime, str], CoverageSlot] = {}
    for poll in polls:
        slot = slot_of(poll)
        key = (slot.begins_at, slot.feed)
        slots[key] = join(slots[key], slot) if key in slots else slot
    return [slots[key] for key in sorted(slots)]
