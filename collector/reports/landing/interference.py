"""How disturbed was it at that hour? Positions that were not believed, its own and the others'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from collector.landings.fields import circle_above_ft
from collector.model import Airfield, Observation
from collector.model.coverage import CoverageSlot
from collector.reports.formatting import percent
from collector.tracking import Doubt, track

ABOUT = timedelta(hours=1)
"""So long before and after a touchdown others are asked."""

_WORDS = {
    Doubt.STALE: "frozen",
    Doubt.SATURATED: "with altitudes that contradict each other (spoofing)",
    Doubt.CIRCLING: "too slow for their height (a spoofed circle)",
    Doubt.CROWDED: "at one point with other aircraft (spoofing)",
    Doubt.UNREACHABLE: "out of reach from the rest of its track",
}


def interference_lines(
    heard: Sequence[Observation], slots: Sequence[CoverageSlot], airfields: Sequence[Airfield]
) -> list[str]:
    """What of its own reports was not believed and why, and how many others sent no position.

    `heard` are its reports about the visit, `slots` those within `ABOUT` of the touchdown.
    """
    return [*_own(heard, airfields), *_others(slots)]


def span_about(touchdown_at: datetime) -> tuple[datetime, datetime]:
    """From when to when others are asked."""
    return touchdown_at - ABOUT, touchdown_at + ABOUT


def _own(heard: Sequence[Observation], airfields: Sequence[Airfield]) -> list[str]:
    fixes = track(heard, circle_above_ft(airfields))
    if not fixes:
        return []
    unplaced = [fix for fix in fixes if not fix.placed]
    if not unplaced:
        return [f"All {len(fixes)} positions it sent in that time are believed."]
    why = Counter(fix.doubt for fix in unplaced)
    told = [f"{count} {_WORDS[doubt]}" for doubt, count in why.most_common() if doubt is not None]
    if why[None]:
        told.append(f"{why[None]} with a height only")
    said = f"Of {len(fixes)} reports in that time {len(unplaced)} have no position that can be "
    return [f"{said}believed: {', '.join(told)}. Only their heights are used."]


def _others(slots: Sequence[CoverageSlot]) -> list[str]:
    aircraft = sum(slot.aircraft for slot in slots if slot.area_minutes)
    unplaced = sum(slot.unplaced for slot in slots if slot.area_minutes)
    if not aircraft:
        return ["Nothing is known of others at that hour: no feed answered an ask by place."]
    share = percent(unplaced / aircraft)
    said = f"Of all that was heard from an hour before to an hour after, {share} came without"
    return [f"{said} a usable position."]
