"""What do imported tracks add to the landings of a window? Those that no feed received."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from collector.landings.detect import DerivedLandings
from collector.landings.imported_tracks import imported_landings
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.pipeline.track_windows import Window


def with_imported(
    received: DerivedLandings,
    reports: Window,
    airfields: Sequence[Airfield],
    rules: LandingRules,
    type_code: str | None,
) -> DerivedLandings:
    """Return the landings with those that imported tracks alone show in the window's time."""
    if not reports.imported:
        return received
    found = imported_landings(
        reports.imported, received.detections, airfields, rules, type_code=type_code
    )
    within = [
        each
        for each in found
        if each.visit_until >= reports.begin and each.visit_from <= reports.end
    ]
    return replace(received, detections=(*received.detections, *within))
