"""Which cells of an old slot must stay, so that its coverage stays the same? One or two a field.

Coverage asks of a slot only whether any aircraft was received near an airfield, and how low one was
received close to it (`coverage.share`). Where all others were is needed to weigh silences and to
learn what is usual, and neither is done anew in time that is closed (`pipeline.pruning`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from collector.coverage.near import LOW_NM, shows_height
from collector.coverage.region import field_away_nm
from collector.coverage.share import NEAR_NM
from collector.model import Airfield
from collector.model.coverage import Cell, CoverageSlot


def thinned(slot: CoverageSlot, airfields: Iterable[Airfield]) -> CoverageSlot:
    """Return the slot with the cells alone that coverage at these airfields is computed from.

    Of each airfield these are the lowest cell within 30 NM that shows how low reception goes there
    (`coverage.near`), or else one within 100 NM. Thinning
    again changes nothing, and neither does the order of the airfields.
    """
    heard = [cell for cell, count in slot.cells.items() if count > 0]
    kept: set[Cell] = set()
    for airfield in airfields:
        where = (airfield.lat_deg, airfield.lon_deg)
        near = [cell for cell in heard if field_away_nm(cell[0], cell[1], *where) <= NEAR_NM]
        low = [cell for cell in near if shows_height(cell, *where, LOW_NM)]
        if near:
            kept.add(min(low or near, key=lambda cell: (cell[2], cell)))
    return replace(slot, cells={cell: slot.cells[cell] for cell in sorted(kept)})
