"""Which landings were received on the ground? Each stay becomes a landing with its touchdown, grade
and evidence."""

from __future__ import annotations

from datetime import datetime, timedelta

from collector.landings.contacts import Contact
from collector.landings.departures import LEAST_UNCERTAINTY_S, departure_after
from collector.landings.fields import Bearing, bearing_to, final_s, flight_time_s
from collector.landings.rules import LandingRules
from collector.landings.segments import Stay
from collector.landings.stay_grades import grade_of_stay
from collector.landings.stay_lengths import StayLengths
from collector.landings.time_to_fly import touchdown_after
from collector.landings.unheard_arrivals import (
    direct_until,
    is_unheard,
    stated_interval,
    unheard_arrival,
)
from collector.model import Candidate, Detection, Evidence
from collector.tracking import Fix

APPROACH_WITHIN_NM = 40.0
"""A fix in the air at least this near is an approach to the field."""

SAME_ARRIVAL_S = 1800.0
"""Fixes this close in time before the contact with the ground belong to the same arrival."""


def landing_of_stay(
    icao24: str,
    stay: Stay,
    rules: LandingRules,
    lengths: StayLengths,
    *,
    hovers: bool = False,
) -> Detection | None:
    """Return the landing of a received stay; None if the observations begin with it on the ground.

    Without an earlier proof that the aircraft was elsewhere the landing has no time, so it cannot
    be counted. If nobody heard it arrive, `lengths` of stays say when it may have. `hovers` says
    that its type can stand still in the air.
    """
    before = stay.before
    if before is None:
        return None
    first, flying = stay.first.fix, stay.flying or before
    touchdown, uncertainty_s = _touchdown(stay, flying, rules)
    if hovers:
        touchdown, uncertainty_s = _or_hovered(stay, touchdown, uncertainty_s, rules)
    departed = _departed(stay, rules)
    half = timedelta(seconds=uncertainty_s)
    between = touchdown - half, min(touchdown + half, first.at)
    unheard = None
    if is_unheard(*between, rules):
        # That may be so after a received approach, too: it flew elsewhere, and landed hours later.
        straight = direct_until(flying.fix, (stay.field,), down=flying.down, rules=rules)
        unheard = unheard_arrival(between, straight, _there(stay, departed), lengths, rules)
        touchdown, uncertainty_s = stated_interval(unheard, rules)
    heard = approach_heard(before, stay)
    grade, probability = grade_of_stay(stay, before, rules, approach_heard=heard, hovers=hovers)
    return Detection(
        icao24=icao24,
        airfield=stay.field.icao,
        candidates=(Candidate(stay.field.icao, probability),),
        touchdown_at=touchdown,
        uncertainty_s=uncertainty_s,
        departed_at=departed[0] if departed else None,
        departed_uncertainty_s=departed[1] if departed else None,
        unheard=unheard,
        runway=_runway(before, stay, rules),
        grade=grade,
        probability=probability,
        callsign=first.callsign or before.fix.callsign,
        evidence=_evidence(stay, before, approach_heard=heard),
        feeds=stay.feeds,
        visit_from=min(before.fix.at, touchdown),
        visit_until=stay.after.fix.at if stay.after else stay.last.fix.at,
    )


def _touchdown(stay: Stay, flying: Contact, rules: LandingRules) -> tuple[datetime, float]:
    """Return the touchdown and its ± in seconds.

    It lies between the last fix certainly in the air and the first on the ground. After a received
    approach it is as late as flying on to the runway takes, unless the aircraft flew elsewhere
    then, or still flew later: then it lies anywhere until it was on the ground.
    """
    first, fix = stay.first.fix, flying.fix
    if not _arrives(stay, flying, rules):
        earliest, latest = _between(stay, fix, rules)
        if stay.flew_until is not None:
            earliest = min(max(earliest, stay.flew_until), latest)
        half = (latest - earliest) / 2
        return earliest + half, max(LEAST_UNCERTAINTY_S, half.total_seconds())
    bearing = bearing_to(stay.field, fix)
    by = first.at + timedelta(seconds=LEAST_UNCERTAINTY_S)
    earliest, latest = touchdown_after(stay.passed or (fix.at, fix.at), fix, bearing, rules)
    expected = earliest + (latest - earliest) / 2
    latest += _slowing_down(fix, bearing, rules)
    if earliest > first.at:  # it says that it was there before it can have been: one of both errs
        earliest, latest = first.at - timedelta(seconds=LEAST_UNCERTAINTY_S), expected
        if stay.after is not None:  # it left afterwards
            latest = min(latest, stay.last.fix.at)
        half = (latest - earliest) / 2
        return earliest + half, max(LEAST_UNCERTAINTY_S, half.total_seconds())
    still = stay.flew_until is not None and stay.flew_until > expected
    if still or (bearing.off_course_deg or 0.0) > rules.off_course_deg:
        latest = by
    elif (
        bearing.runway is None
        and bearing.distance_nm <= rules.circuit_nm
        and (bearing.height_ft or 0.0) > fix.altitude_error_ft
    ):
        latest += rules.circuit_late
    earliest, latest = min(earliest, first.at), min(latest, by)
    if stay.flew_until is not None:
        earliest = min(max(earliest, stay.flew_until), latest)
    same = (first.at - fix.at).total_seconds() <= SAME_ARRIVAL_S
    if stay.rolls_out and same and latest < first.at - rules.longest_roll:
        # It came later: after going around, or by a longer way.
        earliest, latest = first.at - rules.longest_roll, by
    half = (latest - earliest) / 2
    return earliest + half, max(LEAST_UNCERTAINTY_S, half.total_seconds())


def _or_hovered(
    stay: Stay, touchdown: datetime, uncertainty_s: float, rules: LandingRules
) -> tuple[datetime, float]:
    """Return the touchdown and its ± of an aircraft that may have hovered, or taxied in the air,
    until its first report that says "on the ground" itself; by speed and height alone it stood."""
    half = timedelta(seconds=uncertainty_s)
    until = stay.first.fix.at + rules.trend if stay.bit_at is None else stay.bit_at
    latest = min(until, stay.first.fix.at + rules.trend)
    if stay.after is not None:
        latest = min(latest, stay.last.fix.at)
    latest += timedelta(seconds=LEAST_UNCERTAINTY_S)
    if latest <= touchdown + half:
        return touchdown, uncertainty_s
    half = (latest - (touchdown - half)) / 2
    return latest - half, half.total_seconds()


def _slowing_down(fix: Fix, bearing: Bearing, rules: LandingRules) -> timedelta:
    """Return how much longer the final takes if a slow aircraft becomes slower still."""
    if fix.ground_speed_kt is None or fix.ground_speed_kt > rules.slowing_kt:
        return timedelta()
    return timedelta(seconds=rules.slowing_share * final_s(bearing, fix.ground_speed_kt, rules))


def _arrives(stay: Stay, flying: Contact, rules: LandingRules) -> bool:
    """Return whether the last fix certainly in the air belongs to a received approach."""
    fix = flying.fix
    if not fix.placed or flying.down:
        return False
    gap_s = (stay.first.fix.at - fix.at).total_seconds()
    near = bearing_to(stay.field, fix).distance_nm <= APPROACH_WITHIN_NM
    descends = _descends(fix, rules) and gap_s <= rules.longest_stay.total_seconds()
    return near and (gap_s <= SAME_ARRIVAL_S or descends)


def _between(stay: Stay, fix: Fix, rules: LandingRules) -> tuple[datetime, datetime]:
    """Return the earliest and the latest touchdown after a fix that belongs to no approach.

    The flight from there takes its time, unless none takes as little as there was: then the place
    of the fix or that of the contact is false, and the fix says no more than that it flew.
    """
    first_at = stay.first.fix.at
    if not fix.placed:
        return fix.at, first_at
    distance = bearing_to(stay.field, fix).distance_nm
    flown = timedelta(seconds=rules.flight_bound_share * flight_time_s(distance, rules))
    return (fix.at + flown if fix.at + flown <= first_at else fix.at), first_at


def _there(stay: Stay, departed: tuple[datetime, float] | None) -> tuple[datetime, datetime | None]:
    """Return until when the aircraft was surely there, and by when it had left."""
    if departed is None:
        # Until it leaves, each further report would date it anew; the first says nearly as much.
        return stay.first.fix.at, None
    half = timedelta(seconds=departed[1])
    return max(stay.last.fix.at, departed[0] - half), departed[0] + half


def _descends(fix: Fix, rules: LandingRules) -> bool:
    return fix.vertical_rate_fpm is not None and fix.vertical_rate_fpm <= 2.0 * rules.descent_fpm


def approach_heard(before: Contact, stay: Stay) -> bool:
    """Return whether the approach to a stay was received: the aircraft flew near the field within
    the half hour before."""
    fix = before.fix
    if before.down or not fix.placed:
        return False
    first = stay.first.fix
    near = bearing_to(stay.field, fix).distance_nm <= APPROACH_WITHIN_NM
    return near and (first.at - fix.at).total_seconds() <= SAME_ARRIVAL_S


def _runway(before: Contact, stay: Stay, rules: LandingRules) -> str | None:
    """Return the runway that the aircraft was lined up with in the last two minutes before the
    ground."""
    first = stay.first.fix
    fix = before.fix
    if not fix.placed or first.at - fix.at > timedelta(minutes=2):
        return None
    bearing = bearing_to(stay.field, fix)
    if bearing.runway is None or bearing.offset_nm is None or bearing.offset_nm > rules.lined_up_nm:
        return None
    return bearing.runway.name


def _departed(stay: Stay, rules: LandingRules) -> tuple[datetime, float] | None:
    """Return when the aircraft left, and its ± in seconds; None while it is there."""
    if stay.after is None or stay.after.down:
        return None
    return departure_after(stay.field, stay.last.fix.at, stay.after.fix, rules)


def _evidence(stay: Stay, before: Contact, *, approach_heard: bool) -> tuple[Evidence, ...]:
    first, icao = stay.first.fix, stay.field.icao
    lines = []
    if approach_heard:
        height = (before.fix.altitude_ft or stay.field.elevation_ft) - stay.field.elevation_ft
        text = f"Heard in the air before, about {max(0.0, height):,.0f} ft above the field."
    elif before.down:
        place = before.field.icao if before.field else "another place"
        text = f"Last proven on the ground at {place}; the flight from there was not heard."
    else:
        text = "Last heard in the air elsewhere; the approach was not heard."
    lines.append(Evidence(before.fix.at, "before", text, "for", icao, before.fix.feeds))
    reports = _reports(stay, icao)
    lines.append(
        Evidence(
            first.at,
            "ground-contact",
            reports,
            "for",
            icao,
            first.feeds,
        )
    )
    if stay.after is not None and not stay.after.down:
        lines.append(
            Evidence(
                stay.after.fix.at,
                "departure",
                "Heard in the air again.",
                "neutral",
                icao,
                stay.after.fix.feeds,
            )
        )
    return tuple(lines)


def _reports(stay: Stay, icao: str) -> str:
    """Return how often the aircraft was received on the ground there, and how often slow."""
    if stay.reports == 1:
        return f"One report on the ground at {icao}{', slow' if stay.slow else ''}."
    return f"{stay.reports} reports on the ground at {icao}, {stay.slow} of them slow."
