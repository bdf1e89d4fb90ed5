"""Which landings did nobody hear? Silences are weighed: each candidate field against none.

Every field's pieces of evidence add up to its odds against none of them. Odds that are spread
over several fields are an answer of their own: "it landed, but we cannot say where".
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
from collector.landings.evidence.pieces import Facts, Piece, pieces_of, score_nats
from collector.landings.evidence.silence import heard_share, lowest_heard
from collector.landings.evidence.weights import WEIGHTS
from collector.landings.fields import bearing_to, final_s, flight_time_s
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
    silence = silence_of(contacts, gap, scene)
    if silence is None:
        return None
    pieces = evidence_of(silence, scene)
    odds = _odds(pieces, scene)
    total = sum(odds.values())
    if not total:
        return None
    landed = min(_at_most(silence, rules), total / (1.0 + total))
    airfield, candidates = attributed({i: o / total for i, o in odds.items()}, landed, rules)
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
        evidence=narrate(
            silence, field, candidates, pieces[field.icao], named=airfield is not None
        ),
        feeds=tuple(sorted({feed for fix in fixes for feed in fix.feeds})),
        visit_from=silence.begins.fix.at,
        visit_until=silence.ends.fix.at if silence.ends else silence.begins.fix.at,
    )


def _at_most(silence: Silence, rules: LandingRules) -> float:
    """How sure it can be at all: a silence in which nobody was proven to listen may be an outage,
    unless it was heard again climbing out."""
    heard = silence.heard is not None and silence.heard >= rules.heard_share
    proven = silence.departure is not None or heard
    return rules.inferred_at_most if proven else rules.unproven_at_most


def silence_of(contacts: Sequence[Contact], gap: Gap, scene: Scene) -> Silence | None:
    """The gap with its ends judged; None where neither end speaks of a landing, or where a stay
    that was heard explains it."""
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
    return _down_at_one_of(ends, arrival) or _down_at_one_of(begins, departure)


def _down_at_one_of(contact: Contact | None, end: End | None) -> bool:
    if contact is None or end is None or not contact.down or contact.field is None:
        return False
    return contact.field.icao in end.bearings


def evidence_of(silence: Silence, scene: Scene) -> dict[str, list[Piece]]:
    """The pieces of evidence for every field that is possible, by ICAO code."""
    found = {}
    for field in scene.fields:
        ends = [end for end in (silence.arrival, silence.departure) if end is not None]
        if not all(field.icao in end.bearings for end in ends):
            continue
        if _leaves_time(silence, field, scene.rules):
            found[field.icao] = pieces_of(_facts(silence, field, scene), field)
    return found


def _facts(silence: Silence, field: Airfield, scene: Scene) -> Facts:
    rules = scene.rules
    begins, ends = silence.begins.fix, silence.ends.fix if silence.ends else None
    spare = None
    if ends is not None:
        here = silence.arrival.fix if silence.arrival else begins
        there = silence.departure.fix if silence.departure else ends
        spare = there.at - here.at - _flight(here, field, rules) - _flight(there, field, rules)
    return Facts(
        arrival=silence.arrival,
        departure=silence.departure,
        heard=silence.heard,
        lowest=lowest_heard(scene.slots, field, _middle(silence), rules),
        open=ends is None,
        returns=bearing_to(field, ends) if ends is not None and ends.placed else None,
        begins=bearing_to(field, begins) if begins.placed else None,
        spare=spare,
    )


def _middle(silence: Silence) -> datetime:
    """When to ask how low the field was heard: at the end that was heard near it."""
    end = silence.arrival or silence.departure
    return end.fix.at if end else silence.begins.fix.at


def _odds(pieces: dict[str, list[Piece]], scene: Scene) -> dict[str, float]:
    """Odds of each possible field against none of them."""
    weight = {field.icao: field.prior_weight for field in scene.fields}
    return {
        icao: weight[icao] * math.exp(score_nats(found, WEIGHTS)) for icao, found in pieces.items()
    }


def _flight(fix: Fix, field: Airfield, rules: LandingRules) -> timedelta:
    """The least time between a fix and a field."""
    if fix.lat_deg is None or fix.lon_deg is None:
        return timedelta(0)
    distance = distance_nm(fix.lat_deg, fix.lon_deg, field.lat_deg, field.lon_deg)
    return timedelta(seconds=rules.flight_bound_share * flight_time_s(distance, rules))


def _leaves_time(silence: Silence, field: Airfield, rules: LandingRules) -> bool:
    """Whether it can have flown there, stayed, and flown to where it was heard again."""
    if silence.ends is None:
        return True
    begins = silence.arrival.fix if silence.arrival else silence.begins.fix
    ends = silence.departure.fix if silence.departure else silence.ends.fix
    flown = _flight(begins, field, rules) + _flight(ends, field, rules)
    least = rules.shortest_stay if silence.arrival else rules.shortest_unpaired_stay
    return ends.at - begins.at - flown >= least


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
    straight = 1.02 * final_s(bearing.distance_nm, fix.ground_speed_kt, rules)
    seconds = max(straight, (bearing.height_ft or 0.0) / rules.descent_ft_per_s)
    off_course = bearing.off_course_deg or 0.0
    slack_s = rules.touchdown_slack_s + rules.touchdown_slack_share * seconds
    slack_s += rules.off_course_slack_s if off_course > rules.off_course_deg else 0.0
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
