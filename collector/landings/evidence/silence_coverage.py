"""Would the aircraft have been received, had it flown on? A silence counts only for as long as
there was coverage."""

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
    """Return the share (0 … 1) of the time after `last`, which has a position, in which flying on
    would have been received.

    A slot is proven if a feed that had received this aircraft answered an area poll in it and
    received other traffic near there or, under jamming, several aircraft without a position. The
    aircraft itself was received at its height a moment ago, so climbing out or flying on level
    would have been received wherever the region still was; cruise traffic proves no more than that.
    Slots that are not over by `until` (when the aircraft was heard again, or now) count as not
    proven.
    """
    return _share(slots, last, until, range(rules.heard_window // SLOT), rules)


def coverage_later(
    slots: Sequence[CoverageSlot], last: Fix, until: datetime, rules: LandingRules
) -> float:
    """Return the same for the time from the end of `rules.heard_window` to `rules.later_window`."""
    steps = range(rules.heard_window // SLOT, rules.later_window // SLOT)
    return _share(slots, last, until, steps, rules)


def _share(
    slots: Sequence[CoverageSlot], last: Fix, until: datetime, steps: range, rules: LandingRules
) -> float:
    """Return the share of these slots that are proven; steps count from the last fix's own slot."""
    return proven_slots(slots, last, (last.at, until), steps, rules) / len(steps)


def proven_slots(
    slots: Sequence[CoverageSlot],
    last: Fix,
    silent: tuple[datetime, datetime],
    steps: range,
    rules: LandingRules,
) -> int:
    """Return how many slots are proven by the feeds, and near the place, of the last fix.

    `steps` count the slots after the one in which the silence began. `silent` is the beginning and
    the end of the silence.
    """
    since, until = silent
    first = slot_begin(since) + SLOT
    begins = {first + SLOT * step for step in steps}
    found = {
        slot.begins_at
        for slot in slots
        if slot.begins_at in begins
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
    """Return whether any cell has its middle within the radius of the fix, which has a position."""
    assert last.lat_deg is not None  # noqa: S101 - callers pass placed fixes
    assert last.lon_deg is not None  # noqa: S101
    return any(
        cell_away_nm(row, column, last.lat_deg, last.lon_deg) <= radius_nm
        for row, column, _ in cells
    )


def lowest_heard(
    slots: Sequence[CoverageSlot], field: Airfield, at: datetime, rules: LandingRules
) -> int | None:
    """Return the lowest altitude band (`model.coverage.band_of`) in which any traffic was received
    at a field; None if none was.

    Slots count if they were over by `at` and began at most `rules.lowest_within` before, cells if
    their middle lies near the field. What is received later does not count, since it would change a
    landing already judged.
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


def polled_on(slots: Sequence[CoverageSlot], last: Fix, until: datetime) -> bool:
    """Return whether the feeds that received `last` went on replying until then, as far as polls
    tell: an outage is no silence of the aircraft."""
    own = [
        slot
        for slot in slots
        if slot.feed in last.feeds and last.at - SLOT < slot.begins_at < until
    ]
    if any(slot.failed_minutes for slot in own):
        return False
    replied = {slot.begins_at for slot in own if slot.alive_minutes}
    begins = slot_begin(last.at) + SLOT
    while slots and begins + SLOT <= until:
        if begins not in replied:
            return False
        begins += SLOT
    return True
