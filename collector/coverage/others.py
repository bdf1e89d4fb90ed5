"""Whom else did the feeds receive? A slot counts everybody, also the aircraft in question.

A statement about others must leave that aircraft out. A slot knows only sums, so each of its own
reports is taken off where it may have been counted. Rather too much is taken off than too little:
at worst, nothing is said of others where some were.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from collector.model import Observation
from collector.model.coverage import CELL_DEG, SLOT, Cell, CoverageSlot, band_of, slot_begin

REPEATED_FOR = timedelta(minutes=3)
"""A feed's replies may repeat a position for a minute (`model.STALE_AFTER`), and a reply that comes
up to a minute late counts for the time at which it came (`model.reply.LATE_AFTER`)."""
LISTED_FOR = timedelta(minutes=6)
"""An aircraft without a usable position counts for five minutes (`decode.rows.RECENT_S`), and the
reply may come late."""


def without(slots: Iterable[CoverageSlot], reports: Sequence[Observation]) -> list[CoverageSlot]:
    """Return the slots as they would be without the aircraft that sent `reports`, at the most.

    `reports` are all of one aircraft that are stored for the time, of any feed, since one feed's
    reports may stand for another's. The result has no cell and no aircraft that may be
    that one, and keeps the minutes of the polls.
    """
    own: dict[datetime, set[Cell]] = defaultdict(set)
    unplaced: set[datetime] = set()
    for report in reports:
        begin = slot_begin(report.at)
        while begin <= report.heard_at + LISTED_FOR:
            repeated = begin <= report.heard_at + REPEATED_FOR
            own[begin] |= _cells(report) if repeated else set()
            if not (report.fresh and repeated):
                unplaced.add(begin)
            begin += SLOT
    return [
        _less(slot, own[slot.begins_at], unplaced=slot.begins_at in unplaced)
        if slot.begins_at in own
        else slot
        for slot in slots
    ]


def _less(slot: CoverageSlot, own: set[Cell], *, unplaced: bool) -> CoverageSlot:
    """Return the slot with one aircraft less in each of these cells, and in all."""
    cells = {cell: count - (cell in own) for cell, count in slot.cells.items()}
    return replace(
        slot,
        aircraft=max(0, slot.aircraft - 1),
        unplaced=max(0, slot.unplaced - unplaced),
        cells={cell: count for cell, count in cells.items() if count > 0},
    )


def _cells(report: Observation) -> set[Cell]:
    """Return the cells in which a report may have been counted: by either of its altitudes."""
    if report.lat_deg is None or report.lon_deg is None:
        return set()
    row, column = math.floor(report.lat_deg / CELL_DEG), math.floor(report.lon_deg / CELL_DEG)
    altitudes_ft = [
        *([0.0] if report.on_ground else []),
        *(ft for ft in (report.baro_altitude_ft, report.geom_altitude_ft) if ft is not None),
    ]
    return {(row, column, band_of(altitude_ft)) for altitude_ft in altitudes_ft}
