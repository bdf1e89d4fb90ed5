"""Would it have been heard, had it flown on? Silence counts only while somebody listened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from collector.coverage.region import cell_away_nm, field_away_nm
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.model.coverage import SLOT, Cell, CoverageSlot, slot_begin
from collector.tracking import Fix


def coverage_after(
    slots: Sequence[CoverageSlot], last: Fix, until: datetime, rules: LandingRules
) -> float:
    """Share (0 … 1) of the time after `last` (placed) in which flying on would have been heard.

    A slot is proven when a feed that had heard this aircraft answered an ask by place in it, and
    heard somebody else near there, or (under jamming) several without a position. The aircraft
    itself was heard at its height a moment ago, so climbing out or flying on level would have been
    heard wherever the region still was; cruise traffic proves no more than that.
    Slots that are not over by `until` (when it was heard again, or now) count as unheard.
    """
    return _share(slots, last, until, range(rules.heard_window // SLOT), rules)


def coverage_later(
    slots: Sequence[CoverageSlot], last: Fix, until: datetime, rules: LandingRules
) -> float:
    """The same for the time from the end of `rules.heard_window` to `rules.later_window`."""
    steps = range(rules.heard_window // SLOT, rules.later_window // SLOT)
    return _share(slots, last, until, steps, rules)


def _share(
    slots: Sequence[CoverageSlot], last: Fix, until: datetime, steps: range, rules: LandingRules
) -> float:
    """Share of the slots so many steps after the last fix's own that are proven."""
    return proven_slots(slots, last, (last.at, until), steps, rules) / len(steps)


def proven_slots(
    slots: Sequence[CoverageSlot],
    last: Fix,
    silent: tuple[datetime, datetime],
    steps: range,
    rules: LandingRules,
) -> int:
    """How many of the slots so many steps after the one in which it fell silent are proven, by
    the feeds and about the place of the last fix; `silent` is from when until when."""
    since, until = silent
    first = slot_begin(since) + SLOT
    wanted = {first + SLOT * step for step in steps}
    found = {
        slot.begins_at
        for slot in slots
        if slot.begins_at in wanted
        and slot.begins_at + SLOT <= until
        and slot.feed in last.feeds
        and slot.area_minutes
        and (
            slot.unplaced >= rules.heard_unplaced
            or traffic_near(slot.cells, last, rules.heard_radius_nm)
        )
    }
    return len(found)


def traffic_near(cells: Iterable[Cell], last: Fix, radius_nm: float) -> bool:
    """Whether any of the cells has its middle so near the fix (placed)."""
    assert last.lat_deg is not None  # noqa: S101 - callers pass placed fixes
    assert last.lon_deg is not None  # noqa: S101
    return any(
        cell_away_nm(row, column, last.lat_deg, last.lon_deg) <= radius_nm
        for row, column, _ in cells
    )


def lowest_heard(
    slots: Sequence[CoverageSlot], field: Airfield, at: datetime, rules: LandingRules
) -> int | None:
    """The lowest altitude band (`hearing.band_of`) in which anybody was heard about a field.

    In slots that were over by `at`, at most `rules.lowest_within` earlier, in cells whose middle
    lies near the field; None: nobody. What is heard later would change a landing that was judged.
    """
    return min(
        (
            band
            for slot in slots
            if SLOT <= at - slot.begins_at <= rules.lowest_within
            for row, column, band in slot.cells
            if field_away_nm(row, column, field.lat_deg, field.lon_deg) <= rules.lowest_radius_nm
        ),
        default=None,
    )
