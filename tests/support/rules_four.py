"""A database as rules 4 left it: true landings, and false ones that rest on one wrong row each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from collector.model import (
    Candidate,
    Detection,
    Evidence,
    Grade,
    Landing,
    Observation,
    Revision,
    WatchMatch,
)
from collector.pipeline.changes import LandingChange
from collector.services import Services
from collector.store import judged, landings, observations
from tests.support.flights import LLOV, hear, overflight, polls, visit

OLD = "4"
MATCHES = (WatchMatch("w", "icao24 600865", counted=True),)
HOUR = timedelta(hours=1)


def cruise_with_one_ground_row(at: datetime) -> list[Observation]:
    """Return an overflight of Ovda in cruise, of which one row says "ground"."""
    times = polls(at - HOUR / 2, at + HOUR / 2, every_s=61.0)
    reports = hear(overflight(LLOV, at), times)
    middle = min(range(len(reports)), key=lambda number: abs(reports[number].at - at))
    reports[middle] = replace(
        reports[middle], on_ground=True, baro_altitude_ft=None, ground_speed_kt=0.0
    )
    return reports


def store_false_landing(services: Services, at: datetime) -> Landing:
    """Store that overflight with the `confirmed` landing that rules 4 made of it, and its alert."""
    reports = cruise_with_one_ground_row(at)
    observations.store_reports(services.store, [(each, MATCHES) for each in reports])
    (middle,) = [number for number, each in enumerate(reports) if each.on_ground]
    down = reports[middle].at
    return store_landing(services, down, reports[middle - 1].at, reports[middle + 1].at)


def store_landing(
    services: Services, down: datetime, begin: datetime, end: datetime, *, ordinal: int = 1
) -> Landing:
    """Store a `confirmed` landing of rules 4, whatever reports there are, and its alert."""
    landing = Landing(
        id=f"600865-{down.date()}-{ordinal}",
        detection=Detection(
            icao24="600865",
            airfield="LLOV",
            candidates=(Candidate("LLOV", 1.0),),
            touchdown_at=down,
            uncertainty_s=30.0,
            departed_at=down,
            grade=Grade.CONFIRMED,
            probability=0.997,
            callsign="AZQ4601",
            evidence=(Evidence(down, "ground-contact", "Received on the ground."),),
            feeds=("adsblol",),
            visit_from=begin,
            visit_until=end,
        ),
        registration=None,
        type_code="IL76",
        watches=MATCHES,
        first_known_at=end,
        revised_at=end,
    )
    revision = Revision(landing.id, end, "found", "confirmed at LLOV", OLD)
    with services.store.transaction():
        landings.save(services.store, landing, revision)
        services.alert_evaluator.landings_changed([LandingChange(landing, None, revision)], end)
    judged.mark_judged(services.store, [landing.id], OLD)
    return landing


def store_true_landing(services: Services, down: datetime) -> Landing:
    """Store an arrival received on the ground, and its landing as rules 4 had it."""
    path = visit(LLOV, down, 2 * HOUR)
    reports = hear(path, polls(down - HOUR / 2, down + 5 * HOUR / 2))
    now = reports[-1].at
    services.pipeline.store_reports([(each, MATCHES) for each in reports], (), now)
    services.pipeline.derivation.settle(now)
    (landing,) = landings.find(services.store, begin=down - HOUR, end=down + HOUR)
    judged.mark_judged(services.store, [landing.id], OLD)
    return landing
