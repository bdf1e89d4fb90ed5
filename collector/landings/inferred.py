"""Which landings did nobody hear? Silences are weighed: each candidate field against none.

Odds of having landed at all: the prior of a descent that low, plus what silence and the return
say. Shares among the fields: how well each fits the track's two ends. Both are kept apart, so
that "it landed, but we cannot say where" is an answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.geo import distance_nm
from collector.landings.contacts import Contact
from collector.landings.evidence.approach import End, arrival_end
from collector.landings.evidence.departure import departure_end
from collector.landings.evidence.silence import heard_share
from collector.landings.fields import flight_time_s
from collector.landings.grading import attributed, inferred_grade
from collector.landings.narrative import narrate
from collector.landings.rules import LandingRules
from collector.landings.scene import Scene
from collector.landings.segments import Gap
from collector.model import Airfield, Detection
from collector.tracking import Fix


@dataclass(frozen=True, slots=True)
class Silence:
    """A gap with its two ends judged; at least one of `arrival` and `departure` is there."""

    begins: Contact
    ends: Contact | None
    arrival: End | None
    departure: End | None
    heard: float | None
    """Share of the time after the last fix in which flying on would have been heard; None where
    nothing is known about who listened (an archive's trace)."""


def inferred_landing(
    icao24: str,
    contacts: Sequence[Contact],
    gap: Gap,
    scene: Scene,
) -> Detection | None:
    """The landing that a gap hides, if it hides one."""
    fields, rules = scene.fields, scene.rules
    silence = _silence(contacts, gap, scene)
    if silence is None:
        return None
    fits = _joint_fits(silence, fields, rules)
    best = max(fits.values(), default=-math.inf)
    if best <= -8.0:
        return None
    nats = _landed_nats(silence, fits, rules) + min(0.0, best + rules.misfit_allowed_nats)
    landed = min(rules.inferred_at_most, 1.0 / (1.0 + math.exp(-nats)))
    total = sum(math.exp(fit - best) for fit in fits.values())
    shares = {icao: math.exp(fit - best) / total for icao, fit in fits.items()}
    airfield, candidates = attributed(shares, landed, rules)
    named = next((c.probability for c in candidates if c.airfield == airfield), landed)
    grade = inferred_grade(named, rules)
    if grade is None:
        return None
    field = next(f for f in fields if f.icao == (airfield or candidates[0].airfield))
    possible = {airfield} if airfield else {candidate.airfield for candidate in candidates}
    touchdown, uncertainty_s = _touchdown(
        silence, [field for field in fields if field.icao in possible], scene
    )
    fixes = [end.fix for end in (silence.arrival, silence.departure) if end]
    bearing = silence.arrival.bearings.get(field.icao) if silence.arrival else None
    lined_up = bearing is not None and bearing.offset_nm is not None and bearing.offset_nm < 0.3
    return Detection(
        icao24=icao24,
        airfield=airfield,
        candidates=candidates,
        touchdown_at=touchdown,
        uncertainty_s=uncertainty_s,
        departed_at=_departed_at(silence, field, rules),
        runway=bearing.runway.name
        if airfield and lined_up and bearing and bearing.runway
        else None,
        grade=grade,
        probability=round(named, 4),
        callsign=next((fix.callsign for fix in fixes if fix.callsign), None),
        evidence=narrate(silence, field, candidates, named=airfield is not None),
        feeds=tuple(sorted({feed for fix in fixes for feed in fix.feeds})),
        visit_from=silence.begins.fix.at,
        visit_until=silence.ends.fix.at if silence.ends else silence.begins.fix.at,
    )


def _silence(contacts: Sequence[Contact], gap: Gap, scene: Scene) -> Silence | None:
    fields, rules, now = scene.fields, scene.rules, scene.now
    begins = contacts[gap.start]
    ends = contacts[gap.end] if gap.end is not None else None
    if ends is None and now - begins.fix.at < rules.settle_after:
        return None
    departure = None
    if gap.end is not None and ends is not None and not (ends.down and ends.slow):
        departure = departure_end(contacts, gap.end, fields, rules)
    arrival = None
    if not (begins.down and begins.slow):
        arrival = arrival_end(contacts, gap.start, fields, rules)
    if arrival is None and departure is None:
        return None
    if _at(ends, now) - begins.fix.at > rules.longest_stay and arrival is None:
        return None
    if _explained(begins, ends, arrival, departure):
        return None
    heard = None
    if scene.slots and arrival is not None:
        heard = heard_share(scene.slots, arrival.fix, now, rules)
    return Silence(begins, ends, arrival, departure, heard)


def _at(contact: Contact | None, now: datetime) -> datetime:
    return contact.fix.at if contact else now


def _explained(
    begins: Contact,
    ends: Contact | None,
    arrival: End | None,
    departure: End | None,
) -> bool:
    """Whether a stay that was heard on the ground already explains this silence."""
    if ends is not None and ends.down and ends.field is not None and arrival is not None:
        fit = arrival.fits.get(ends.field.icao, -math.inf)
        if fit > arrival.best - 3.0:
            return True
    if begins.down and begins.field is not None and departure is not None:
        fit = departure.fits.get(begins.field.icao, -math.inf)
        if fit > departure.best - 3.0:
            return True
    return False


def _joint_fits(
    silence: Silence, fields: Sequence[Airfield], rules: LandingRules
) -> dict[str, float]:
    """Nats per field from both ends; impossible fields are left out."""
    fits: dict[str, float] = {}
    for field in fields:
        nats = math.log(field.prior_weight)
        for end in (silence.arrival, silence.departure):
            if end is not None:
                nats += end.fits.get(field.icao, -math.inf)
        if nats > -20.0 and _leaves_time(silence, field, rules):
            fits[field.icao] = nats
    return fits


def _flight(fix: Fix, field: Airfield, rules: LandingRules) -> timedelta:
    """Four fifths of the usual time between a fix and a field: a bound, not an estimate."""
    if fix.lat_deg is None or fix.lon_deg is None:
        return timedelta(0)
    distance = distance_nm(fix.lat_deg, fix.lon_deg, field.lat_deg, field.lon_deg)
    return timedelta(seconds=0.8 * flight_time_s(distance, rules))


def _leaves_time(silence: Silence, field: Airfield, rules: LandingRules) -> bool:
    """Whether it can have flown there, stayed, and flown to where it was heard again."""
    if silence.ends is None:
        return True
    begins = silence.arrival.fix if silence.arrival else silence.begins.fix
    ends = silence.departure.fix if silence.departure else silence.ends.fix
    flown = _flight(begins, field, rules) + _flight(ends, field, rules)
    least = rules.shortest_stay if silence.arrival else rules.shortest_unpaired_stay
    return ends.at - begins.at - flown >= least


def _landed_nats(silence: Silence, fits: dict[str, float], rules: LandingRules) -> float:
    """Odds of having landed at any of the fields rather than none, in nats."""
    best = max(fits, key=lambda icao: (fits[icao], icao))
    arrival, departure = silence.arrival, silence.departure
    height_ft = (arrival or departure or _none()).height_ft(best)
    nats = rules.prior_at_ground_nats + rules.prior_per_1000_ft_nats * height_ft / 1000.0
    if departure is not None and departure.rolling:
        nats += rules.take_off_nats
    if arrival is not None and silence.heard is not None and silence.heard >= rules.heard_share:
        nats += rules.silence_nats * silence.heard
    if departure is not None:
        nats += rules.pair_nats if arrival is not None else rules.departure_nats
        nats += rules.return_per_1000_ft_nats * departure.height_ft(best) / 1000.0
    return nats


def _none() -> End:
    raise AssertionError("a silence has at least one judged end")


def _touchdown(
    silence: Silence, fields: Sequence[Airfield], scene: Scene
) -> tuple[datetime, float]:
    """When, and ± how many seconds: wide enough for each of the fields it may be."""
    bounds = [_touchdown_between(silence, field, scene) for field in fields]
    earliest = min(bound[0] for bound in bounds)
    latest = max(bound[1] for bound in bounds)
    return earliest + (latest - earliest) / 2, (latest - earliest).total_seconds() / 2


def _touchdown_between(
    silence: Silence, field: Airfield, scene: Scene
) -> tuple[datetime, datetime]:
    """Between when and when it touched down, if at this field."""
    rules, now = scene.rules, scene.now
    if silence.arrival is None:
        latest = _at(silence.ends, now) - rules.shortest_stay
        return min(
            silence.begins.fix.at + _flight(silence.begins.fix, field, rules), latest
        ), latest
    fix, bearing = silence.arrival.fix, silence.arrival.bearings[field.icao]
    speed = (max(fix.ground_speed_kt or rules.terminal_kt, 120.0) + 130.0) / 2.0
    seconds = 3600.0 * 1.08 * bearing.distance_nm / speed
    off_course = bearing.off_course_deg or 0.0
    slack_s = 30.0 + 0.2 * seconds + (120.0 if off_course > 30.0 else 0.0)
    middle = fix.at + timedelta(seconds=seconds)
    slack = timedelta(seconds=slack_s)
    return max(fix.at, middle - slack), middle + slack


def _departed_at(silence: Silence, field: Airfield, rules: LandingRules) -> datetime | None:
    if silence.departure is None:
        return None
    fix = silence.departure.fix
    if silence.departure.rolling:
        return fix.at
    distance = silence.departure.bearings[field.icao].distance_nm
    return fix.at - timedelta(seconds=flight_time_s(distance, rules))
