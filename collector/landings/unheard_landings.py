"""Which landings did no feed receive? Each silence is weighed: every candidate field against a
landing at none.

The weights of a field's evidence add up to its odds. Odds that are spread over several fields are
an answer of their own: the aircraft landed, but at which field is undetermined.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.geo import distance_nm
from collector.landings.contacts import Contact
from collector.landings.context import Context
from collector.landings.evidence.coverage_floor import coverage_floor, learned_lines
from collector.landings.evidence.features import Feature, SilenceFacts, features_of, score_nats
from collector.landings.evidence.weights import WEIGHTS
from collector.landings.fields import (
    FT_PER_NM_AT_3_DEG,
    Bearing,
    bearing_to,
    final_s,
    flight_time_s,
)
from collector.landings.grading import attribution, inferred_grade
from collector.landings.narrative import narrate
from collector.landings.rules import LandingRules
from collector.landings.segments import Gap
from collector.landings.silences import Silence, ended_at, silence_of
from collector.model import Airfield, Candidate, Detection, Evidence
from collector.tracking import Fix


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Where the aircraft landed, if it did."""

    airfield: str | None
    """None if undetermined between the candidates."""
    candidates: tuple[Candidate, ...]
    """Likeliest first."""
    probability: float
    """The probability of a landing at `airfield`; if undetermined, at any field."""

    @property
    def possible(self) -> set[str]:
        """The fields where the landing may have been."""
        return {self.airfield} if self.airfield else {one.airfield for one in self.candidates}


def inferred_landing(
    icao24: str,
    contacts: Sequence[Contact],
    gap: Gap,
    context: Context,
) -> Detection | None:
    """Return the landing that a gap hides, or None.

    1. Judge the two ends of the silence.
    2. Find the evidence for every possible field, and the odds.
    3. Name a field or leave the landing undetermined, and grade it.
    4. Estimate touchdown, departure and runway, and describe the evidence.
    """
    fields, rules = context.fields, context.rules
    silence = silence_of(contacts, gap, context)
    if silence is None:
        return None
    features = evidence_of(silence, context)
    verdict = _verdict(silence, _odds(features, context), rules)
    if verdict is None:
        return None
    likeliest = verdict.candidates[0].airfield
    field = next(each for each in fields if each.icao == likeliest)
    own = silence.for_field(likeliest) or silence
    witnessed = own.witness(field.icao, rules) is not None
    grade = inferred_grade(verdict.probability, rules, witnessed=witnessed)
    if grade is None:
        return None
    possible = [each for each in fields if each.icao in verdict.possible]
    touchdown, uncertainty_s = _touchdown(silence, possible, context)
    fixes = [end.fix for end in (silence.arrival, silence.departure) if end]
    return Detection(
        icao24=icao24,
        airfield=verdict.airfield,
        candidates=verdict.candidates,
        touchdown_at=touchdown,
        uncertainty_s=uncertainty_s,
        departed_at=_departed_at(own, field, rules),
        runway=_runway(own, field, rules) if verdict.airfield else None,
        grade=grade,
        probability=round(verdict.probability, 4),
        callsign=next((fix.callsign for fix in fixes if fix.callsign), None),
        evidence=_evidence(own, field, verdict, features, context),
        feeds=tuple(sorted({feed for fix in fixes for feed in fix.feeds})),
        visit_from=silence.begins.fix.at,
        visit_until=silence.ends.fix.at if silence.ends else silence.begins.fix.at,
    )


def _verdict(silence: Silence, odds: dict[str, float], rules: LandingRules) -> _Verdict | None:
    """Return what the odds of each field against none say; None if no field is possible."""
    total = sum(odds.values())
    if not total:
        return None
    landed = min(rules.inferred_at_most, total / (1.0 + total))
    likeliest = min(odds, key=lambda icao: (-odds[icao], icao))
    airfield, candidates = attribution(
        {icao: each / total for icao, each in odds.items()},
        landed,
        rules,
        low=silence.lowest_ft(likeliest) < rules.low_ft,
    )
    return _Verdict(airfield, candidates, candidates[0].probability if airfield else landed)


def _runway(silence: Silence, field: Airfield, rules: LandingRules) -> str | None:
    """Return the runway that the aircraft was lined up with when it fell silent."""
    bearing = silence.arrival.bearings[field.icao] if silence.arrival else None
    if bearing is None or bearing.runway is None or bearing.offset_nm is None:
        return None
    return bearing.runway.name if bearing.offset_nm <= rules.lined_up_nm else None


def _evidence(
    silence: Silence,
    field: Airfield,
    verdict: _Verdict,
    features: dict[str, list[Feature]],
    context: Context,
) -> tuple[Evidence, ...]:
    named = [candidate.airfield for candidate in verdict.candidates]
    return narrate(
        silence,
        field,
        verdict.candidates,
        features,
        priors={each.icao: each.prior_weight for each in context.fields},
        named=verdict.airfield is not None,
        witness=silence.witness(field.icao, context.rules),
        learned=learned_lines(context, features, named, _middle(silence)),
    )


def evidence_of(silence: Silence, context: Context) -> dict[str, list[Feature]]:
    """Return the evidence for every possible field, by ICAO code."""
    found = {}
    for field in context.fields:
        own = silence.for_field(field.icao)
        if own is not None and _leaves_time(own, field, context.rules):
            found[field.icao] = features_of(_facts(own, field, context), field)
    return found


def _facts(silence: Silence, field: Airfield, context: Context) -> SilenceFacts:
    rules = context.rules
    begins, ends = silence.begins.fix, silence.ends.fix if silence.ends else None
    placed, again = silence.placed, silence.placed_again
    spare = None
    if ends is not None:
        here = silence.arrival.fix if silence.arrival else begins
        there = silence.departure.fix if silence.departure else ends
        spare = there.at - here.at - _flight(here, field, rules) - _flight(there, field, rules)
    return SilenceFacts(
        arrival=silence.arrival,
        departure=silence.departure,
        coverage_after=silence.coverage_after,
        coverage_later=silence.coverage_later,
        lowest=coverage_floor(context, field, _middle(silence)),
        open=ends is None,
        returns=None if again is None else bearing_to(field, again),
        begins=None if placed is None else bearing_to(field, placed),
        spare=spare,
    )


def _middle(silence: Silence) -> datetime:
    """Return the time for which the coverage floor is looked up: that of the end near the field."""
    end = silence.arrival or silence.departure
    return end.fix.at if end else silence.begins.fix.at


def _odds(features: dict[str, list[Feature]], context: Context) -> dict[str, float]:
    """Return the odds of each possible field against a landing at none."""
    weight = {field.icao: field.prior_weight for field in context.fields}
    return {
        icao: weight[icao] * math.exp(score_nats(found, WEIGHTS))
        for icao, found in features.items()
    }


def _flight(fix: Fix, field: Airfield, rules: LandingRules) -> timedelta:
    """Return the least flight time between a fix and a field."""
    if fix.lat_deg is None or fix.lon_deg is None:
        return timedelta(0)
    distance = distance_nm(fix.lat_deg, fix.lon_deg, field.lat_deg, field.lon_deg)
    return timedelta(seconds=rules.flight_bound_share * flight_time_s(distance, rules))


def _leaves_time(silence: Silence, field: Airfield, rules: LandingRules) -> bool:
    """Return whether there was time to fly to the field, stay, and fly on to the next fix."""
    if silence.ends is None:
        return True
    begins = silence.arrival.fix if silence.arrival else silence.begins.fix
    ends = silence.departure.fix if silence.departure else silence.ends.fix
    flown = _flight(begins, field, rules) + _flight(ends, field, rules)
    about = silence.arrival is None and _about(silence.placed, field, rules)
    least = rules.shortest_unpaired_stay if about else rules.shortest_stay
    return ends.at - begins.at - flown >= least


def _about(fix: Fix | None, field: Airfield, rules: LandingRules) -> bool:
    """Return whether the aircraft may have been flying around the field without any approach."""
    if fix is None or fix.lat_deg is None or fix.lon_deg is None:
        return True
    away_nm = distance_nm(fix.lat_deg, fix.lon_deg, field.lat_deg, field.lon_deg)
    return away_nm <= rules.about_nm


def _touchdown(
    silence: Silence, fields: Sequence[Airfield], context: Context
) -> tuple[datetime, float]:
    """Return the touchdown and its ± in seconds, wide enough for each of the possible fields."""
    bounds = [
        _touchdown_between(silence.for_field(field.icao) or silence, field, context)
        for field in fields
    ]
    earliest = min(bound[0] for bound in bounds)
    latest = max(bound[1] for bound in bounds)
    return earliest + (latest - earliest) / 2, (latest - earliest).total_seconds() / 2


def _touchdown_between(
    silence: Silence, field: Airfield, context: Context
) -> tuple[datetime, datetime]:
    """Return the earliest and the latest touchdown at this field."""
    rules, begins = context.rules, silence.begins.fix
    left_by = max(begins.at, ended_at(silence.ends, context.now) - rules.shortest_stay)
    if silence.arrival is None:
        return min(begins.at + _flight(begins, field, rules), left_by), left_by
    fix, bearing = silence.arrival.fix, silence.arrival.bearings[field.icao]
    straight = 1.02 * final_s(bearing, fix.ground_speed_kt, rules)
    seconds = max(straight, (bearing.height_ft or 0.0) / rules.descent_ft_per_s)
    off_course = bearing.off_course_deg or 0.0
    slack_s = rules.unheard_slack_s + rules.unheard_slack_share * seconds
    slack_s += rules.long_final_slack_share * max(0.0, seconds - rules.long_final_s)
    slack_s += rules.off_course_slack_s if off_course > rules.off_course_deg else 0.0
    middle, slack = fix.at + timedelta(seconds=seconds), timedelta(seconds=slack_s)
    late = timedelta(seconds=rules.hasty_late_s if _hasty(fix, bearing, rules) else 0.0)
    earliest, latest = max(fix.at, middle - slack), middle + slack + late
    if silence.departure is not None and _leads_away(bearing, rules):
        latest = left_by
    if silence.ends is not None:
        latest = min(latest, left_by)
    return min(earliest, latest), latest


def _leads_away(bearing: Bearing, rules: LandingRules) -> bool:
    """Return whether the aircraft flew elsewhere when it fell silent, so that it may have come much
    later."""
    off_course = bearing.off_course_deg or 0.0
    return off_course > rules.away_deg and bearing.distance_nm > rules.away_nm


def _hasty(fix: Fix, bearing: Bearing, rules: LandingRules) -> bool:
    """Return whether the aircraft was too fast or too high for a straight-in approach from
    there."""
    if bearing.distance_nm > rules.hasty_nm:
        return False
    steep_ft = rules.hasty_path_share * FT_PER_NM_AT_3_DEG * bearing.distance_nm
    fast = fix.ground_speed_kt is not None and fix.ground_speed_kt >= rules.hasty_kt
    return fast or (bearing.height_ft or 0.0) > steep_ft + rules.hasty_above_ft


def _departed_at(silence: Silence, field: Airfield, rules: LandingRules) -> datetime | None:
    if silence.departure is None:
        return None
    fix = silence.departure.fix
    if silence.departure.rolling:
        return fix.at
    distance = silence.departure.bearings[field.icao].distance_nm
    return fix.at - timedelta(seconds=flight_time_s(distance, rules))
