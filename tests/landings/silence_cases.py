"""Silences that the tests share: arrivals that are lost, some of them under jamming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from collector.landings.contacts import Contacts, contacts_of
from collector.landings.context import Context
from collector.landings.rules import LandingRules
from collector.landings.segments import gaps_of
from collector.landings.silences import Silence, silence_of
from collector.model import Airfield, Observation
from collector.model.coverage import CoverageSlot
from collector.tracking import track
from tests.support.flights import FIELDS, LLER, START, hear, polls, visit

RULES = LandingRules()
TOUCHDOWN = START + timedelta(hours=2)
MINUTE = timedelta(minutes=1)
TIMES = polls(START, START + timedelta(hours=9))
INBOUND = [at for at in TIMES if at < TOUCHDOWN]
STAY = timedelta(hours=3)


def blind(reports: Sequence[Observation]) -> list[Observation]:
    """Return the same reports under jamming: altitudes go on, the rest is missing."""
    return [
        replace(
            one,
            position_at=None,
            lat_deg=None,
            lon_deg=None,
            on_ground=None,
            ground_speed_kt=None,
            track_deg=None,
            vertical_rate_fpm=None,
        )
        for one in reports
    ]


def contacts(reports: Sequence[Observation], fields: Sequence[Airfield] = FIELDS) -> Contacts:
    return contacts_of(track(reports), fields, RULES)


def silence_in(
    reports: Sequence[Observation], slots: Sequence[CoverageSlot] = ()
) -> Silence | None:
    """Return the last silence of a track that may hide a landing."""
    track_contacts, context = contacts(reports), context_of(slots)
    found = [silence_of(track_contacts, gap, context) for gap in gaps_of(track_contacts, RULES)]
    return next((each for each in reversed(found) if each is not None), None)


def context_of(slots: Sequence[CoverageSlot] = (), fields: Sequence[Airfield] = FIELDS) -> Context:
    return Context(fields, slots, RULES, TIMES[-1])


def jammed_below(floor_ft: float, *, lowest_ft: float) -> list[Observation]:
    """Return an arrival at Ramon without positions below one height, and not received below
    another."""
    reports = hear(visit(LLER, TOUCHDOWN, STAY, runway="19"), polls(START, TOUCHDOWN, 20))
    high = [one for one in reports if (one.baro_altitude_ft or 0) >= floor_ft]
    low = [one for one in reports if lowest_ft <= (one.baro_altitude_ft or 0) < floor_ft]
    return [*high, *blind(low)]
