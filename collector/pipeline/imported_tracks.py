"""What do imported tracks add to the landings of a window? Those that no feed received."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from collector.landings.detect import DerivedLandings
from collector.landings.imported_tracks import imported_landings
from collector.landings.reconcile import AircraftIdentity
from collector.landings.rules import LandingRules
from collector.model import Airfield, Landing
from collector.model.imported import rests_on_imports
from collector.pipeline.track_windows import Window
from collector.store import Store, stay_lengths


def with_imported(
    received: DerivedLandings,
    reports: Window,
    kept: Sequence[Landing],
    airfields: Sequence[Airfield],
    rules: LandingRules,
    *,
    store: Store,
    identity: AircraftIdentity,
) -> DerivedLandings:
    """Return the landings with those that imported tracks alone show in the window's time.

    `kept` are stored landings that stay as they are (`received_before`). Raises StoreError.
    """
    if not reports.imported:
        return received
    shown = [*received.detections, *(each.detection for each in kept if not each.retracted)]
    found = imported_landings(
        reports.imported,
        reports.observations,
        shown,
        airfields,
        rules,
        type_code=identity.type_code,
        lengths=stay_lengths.lengths_for(store, (one.watch for one in identity.watches)),
    )
    within = [
        each
        for each in found
        if each.visit_until >= reports.begin and each.visit_from <= reports.end
    ]
    return replace(received, detections=(*received.detections, *within))


def received_before(reports: Window, stored: Sequence[Landing]) -> list[Landing]:
    """Return the stored landings that rest on received reports of which none is left.

    Imported tracks can say nothing against them, so such landings stay as they are.
    """
    if reports.observations:
        return []
    return [each for each in stored if not rests_on_imports(each.detection.feeds)]
