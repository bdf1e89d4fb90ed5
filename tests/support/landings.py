"""Landings, airfields and a watch to write tests about: two Il-76s in one week at Ovda."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from collector.model import (
    Airfield,
    Candidate,
    Detection,
    Evidence,
    Grade,
    Landing,
    Place,
    Recipient,
    Rule,
    RuleKind,
    RunwayEnd,
    Watch,
    WatchMatch,
)

OVDA = Airfield(
    icao="LLOV",
    name="Ovda",
    lat_deg=29.9403,
    lon_deg=34.9358,
    elevation_ft=1492,
    zone="Asia/Jerusalem",
    runways=(RunwayEnd("20L", 29.9522, 34.9433, 201.9, 3000.0, 1424.0),),
)
RAMON = Airfield(
    icao="LLER",
    name="Ramon",
    lat_deg=29.7270,
    lon_deg=35.0141,
    elevation_ft=288,
    zone="Asia/Jerusalem",
)
AIRFIELDS = (OVDA, RAMON)

AT_OVDA = Place(("LLOV",))
AT_EITHER = Place(("LLOV", "LLER"))
WEEKLY = Rule(name="weekly", kind=RuleKind.THRESHOLD, place=AT_OVDA, count=2)

WATCH = Watch(
    name="silkway",
    title="Silk Way Il-76s",
    places=(AT_OVDA, Place(("LLER",)), AT_EITHER),
    rules=(WEEKLY,),
    recipients=(Recipient("ops", "ops@example.org"),),
)

TOUCHDOWN = datetime(2026, 11, 18, 12, 5, tzinfo=UTC)
"""A Wednesday, 14:05 at Ovda, in week 2026-W47."""

PROBABLE = Landing(
    id="600865-2026-11-18-1",
    detection=Detection(
        icao24="600865",
        airfield="LLOV",
        candidates=(Candidate("LLOV", 0.93), Candidate("LLER", 0.05)),
        touchdown_at=TOUCHDOWN,
        uncertainty_s=150.0,
        departed_at=TOUCHDOWN + timedelta(hours=2, minutes=5),
        runway="20L",
        grade=Grade.PROBABLE,
        probability=0.93,
        callsign="AZQ4521",
        evidence=(
            Evidence(
                TOUCHDOWN - timedelta(minutes=4),
                "approach",
                "Last heard descending, 9.2 NM from LLOV and about 2,900 ft above it.",
                "for",
                "LLOV",
                ("adsblol",),
            ),
            Evidence(
                TOUCHDOWN - timedelta(minutes=4),
                "neighbours",
                "Too far left of the centreline of LLER for an approach there.",
                "against",
                "LLER",
                ("adsblol",),
            ),
            Evidence(
                TOUCHDOWN + timedelta(hours=2, minutes=9),
                "return",
                "Heard again climbing, 6.0 NM from LLOV and about 4,100 ft above it.",
                "for",
                "LLOV",
                ("adsblol",),
            ),
        ),
        feeds=("adsblol",),
        visit_from=TOUCHDOWN - timedelta(minutes=4),
        visit_until=TOUCHDOWN + timedelta(hours=2, minutes=9),
    ),
    registration="4K-AZ101",
    type_code="IL76",
    watches=(WatchMatch("silkway", "fleet silkway", True),),
    first_known_at=TOUCHDOWN + timedelta(minutes=30),
    revised_at=TOUCHDOWN + timedelta(hours=2, minutes=20),
)
"""Lost low on the approach, heard again climbing out: graded probable."""

CONFIRMED = replace(
    PROBABLE,
    id="600864-2026-11-20-1",
    registration="4K-AZ100",
    detection=replace(
        PROBABLE.detection,
        icao24="600864",
        callsign="AZQ4523",
        touchdown_at=TOUCHDOWN + timedelta(days=2, hours=10, seconds=9),
        uncertainty_s=8.0,
        departed_at=None,
        grade=Grade.CONFIRMED,
        probability=0.999,
        candidates=(Candidate("LLOV", 0.999),),
        evidence=(
            Evidence(
                TOUCHDOWN + timedelta(days=2, hours=10, seconds=12),
                "ground-contact",
                "Heard on the ground at LLOV, slowing from 121 to 9 kt on runway 20L.",
                "for",
                "LLOV",
                ("adsblol",),
            ),
        ),
        visit_from=TOUCHDOWN + timedelta(days=2, hours=9),
        visit_until=TOUCHDOWN + timedelta(days=2, hours=11),
    ),
)
"""Heard on the ground after midnight of the local day; still there."""

UNDETERMINED = replace(
    PROBABLE,
    id="60083c-2026-11-21-1",
    registration="4K-AZ60",
    detection=replace(
        PROBABLE.detection,
        icao24="60083c",
        callsign=None,
        airfield=None,
        runway=None,
        candidates=(Candidate("LLER", 0.55), Candidate("LLOV", 0.4)),
        probability=0.95,
        touchdown_at=TOUCHDOWN + timedelta(days=3),
        uncertainty_s=1500.0,
        departed_at=None,
        evidence=(
            Evidence(
                TOUCHDOWN + timedelta(days=2, hours=23, minutes=50),
                "approach",
                "Last heard descending at 14,300 ft, 31 NM north of LLOV.",
                "for",
            ),
        ),
    ),
)
"""Lost too high to tell Ovda from Ramon."""
