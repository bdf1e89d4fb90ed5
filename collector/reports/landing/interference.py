"""How much interference was there around a landing? The shares of unusable positions show it.

One line is about the aircraft's own reports, one about those of all other aircraft.
"""

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
"""How long before and after a touchdown the reports of other aircraft are counted."""

WORDS = {
    Doubt.STALE: "frozen",
    Doubt.SATURATED: "with altitudes that contradict each other (spoofing)",
    Doubt.CIRCLING: "too slow for their height (a spoofed circle)",
    Doubt.CROWDED: "at one point with other aircraft (spoofing)",
    Doubt.FROZEN: "repeated in flight (frozen)",
    Doubt.UNREACHABLE: "out of reach from the rest of its track",
}


def interference_lines(
    reports: Sequence[Observation], slots: Sequence[CoverageSlot], airfields: Sequence[Airfield]
) -> list[str]:
    """Return how many positions were not credible, the aircraft's own and those of others.

    `reports` are the aircraft's own around the visit, `slots` those within `ABOUT` of the
    touchdown, without the aircraft itself (`coverage.others.without`).
    """
    return [*_own_reports(reports, airfields), *_other_reports(slots)]


def span_about(touchdown_at: datetime) -> tuple[datetime, datetime]:
    """Return from when to when the reports of other aircraft are counted."""
    return touchdown_at - ABOUT, touchdown_at + ABOUT


def _own_reports(reports: Sequence[Observation], airfields: Sequence[Airfield]) -> list[str]:
    fixes = track(reports, circle_above_ft(airfields))
    if not fixes:
        return []
    unplaced = [fix for fix in fixes if not fix.placed]
    if not unplaced:
        return [f"All {len(fixes)} positions that the aircraft sent in that time are credible."]
    doubts = Counter(fix.doubt for fix in unplaced)
    parts = [
        f"{count} {WORDS[doubt]}" for doubt, count in doubts.most_common() if doubt is not None
    ]
    if doubts[None]:
        parts.append(f"{doubts[None]} with a height only")
    line = (
        f"Of the aircraft's {len(fixes)} reports in that time, {len(unplaced)} have no credible "
        f"position: {', '.join(parts)}. Only their heights are used."
    )
    return [line]


def _other_reports(slots: Sequence[CoverageSlot]) -> list[str]:
    aircraft = sum(slot.aircraft for slot in slots if slot.area_minutes)
    unplaced = sum(slot.unplaced for slot in slots if slot.area_minutes)
    if not aircraft:
        return [
            "Nothing is known of other aircraft at that hour: no reply about the area held any."
        ]
    share = percent(unplaced / aircraft)
    line = (
        f"Of all reports of other aircraft from an hour before to an hour after, {share} came "
        "without a usable position."
    )
    return [line]
