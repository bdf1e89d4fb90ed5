"""Stops seen before and after the landing `PROBABLE`, as reports and pages show them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from collector.model import Evidence, Grade
from collector.model.stop import Side, Stop, StopCandidate, StopRevision
from tests.support.landings import PROBABLE, TOUCHDOWN

BEFORE = Stop(
    side=Side.PREVIOUS,
    candidates=(
        StopCandidate("UBBB", "Baku Heydar Aliyev", 0.76),
        StopCandidate("UB18", "Kala", 0.22),
    ),
    grade=Grade.PROBABLE,
    probability=0.98,
    at=TOUCHDOWN - timedelta(hours=6),
    uncertainty_s=240.0,
    open_because="The flight may have taken 6 h 6 min; a direct one takes 4 h 25 min at most.",
    evidence=(
        Evidence(
            TOUCHDOWN - timedelta(hours=6),
            "departure",
            "First heard climbing, 8 NM from UBBB and about 3,000 ft above it.",
            "for",
            "UBBB",
            ("adsblol",),
        ),
    ),
    feeds=("adsblol",),
)
AFTER = Stop(
    side=Side.NEXT,
    airfield="EDDF",
    candidates=(StopCandidate("EDDF", "Frankfurt am Main", 0.997),),
    grade=Grade.CONFIRMED,
    probability=0.997,
    at=TOUCHDOWN + timedelta(hours=8),
    uncertainty_s=20.0,
    feeds=("adsblol",),
)
STOPPED = replace(PROBABLE, stops=(BEFORE, AFTER))
STOP_HISTORY = (
    StopRevision(
        PROBABLE.id,
        Side.PREVIOUS,
        TOUCHDOWN + timedelta(hours=1),
        "moved",
        ("UBBL",),
        ("UB18", "UBBB"),
        "1.1",
    ),
)
