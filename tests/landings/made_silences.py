"""Small silences between made fixes: an arrival, and a climb-out, as they are needed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from collector.landings.context import Context
from collector.landings.segments import Gap
from collector.landings.silences import Silence, silence_of
from collector.model import Airfield, RunwayEnd
from collector.model.coverage import CoverageSlot
from collector.tracking import Fix
from tests.landings.made_fixes import FIELD, RULES, T, contacts, fix

SINKS: dict[str, Any] = {
    "vertical_rate_fpm": -800.0,
    "ground_speed_kt": 180.0,
    "track_deg": 180.0,
}
RISES: dict[str, Any] = {"vertical_rate_fpm": 1500.0, "ground_speed_kt": 180.0, "track_deg": 0.0}
COMES = tuple(fix(-60 * n, 3.0 + 3 * n, 1000 + 1000 * n, **SINKS) for n in range(8, -1, -1))
"""Down from 27 NM; the last fix, at 0 s, is 1,000 ft above the field and 3 NM from it."""
HOUR_S = 3600.0


def leaves(seconds: float, north_nm: float = 3.0, height_ft: float = 1000.0) -> tuple[Fix, Fix]:
    later = fix(seconds + 60, north_nm + 3, height_ft + 1500, **RISES)
    return fix(seconds, north_nm, height_ft, **RISES), later


def silence(
    before: Sequence[Fix],
    after: Sequence[Fix] = (),
    *,
    now: datetime = T + timedelta(hours=9),
    slots: Sequence[CoverageSlot] = (),
    fields: Sequence[Airfield] = (FIELD,),
    down: dict[int, Airfield | None] | None = None,
    slow: Collection[int] | None = None,
) -> Silence | None:
    """The silence between these fixes; those in `down` (from 0 at its end) are on the ground."""
    at_end = {len(before) + each: field for each, field in (down or {}).items()}
    slowly = None if slow is None else [len(before) + each for each in slow]
    rows = contacts(*before, *after, down=at_end, slow=slowly)
    start = len(before) - 1
    gap = Gap(start, start + 1 if after else None)
    return silence_of(rows, gap, Context(fields, slots, RULES, now))


def sure(*args: Any, **more: Any) -> Silence:
    found = silence(*args, **more)
    assert found is not None
    return found


RUNWAY = replace(FIELD, runways=(RunwayEnd("18", 30.0, 35.0, 180.0, 3000.0),))
SHORT = (*COMES, fix(60, 0.4, 150, **SINKS))
"""Seconds from touchdown on its runway."""

PAIR = sure(COMES, leaves(HOUR_S))
ARRIVAL = sure(COMES)
DEPARTURE = sure((fix(-60, 6.0, 3000, **RISES), fix(0, 9.0, 4000, **RISES)), leaves(HOUR_S))
