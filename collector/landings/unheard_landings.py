"""Which landings did no feed receive? Each silence is weighed: every candidate field against a
landing at none.

The weights of a field's evidence add up to its odds. Odds that are spread over several fields are
an answer of their own: the aircraft landed, but at which field is undetermined.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from collector.geo import distance_nm
from collector.landings.contacts import Contact
from collector.landings.context import Context
from collector.landings.evidence.coverage_floor import coverage_floor, learned_lines
from collector.landings.evidence.features import Feature, SilenceFacts, features_of, score_nats
from collector.landings.evidence.weights import WEIGHTS
from collector.landings.fields import bearing_to
from collector.landings.grading import inferred_grade
from collector.landings.naming import (
    alike_to,
    as_near_as,
    attribution,
    candidates_of,
    likeliest,
    told_from,
)
from collector.landings.narrative import narrate
from collector.landings.rules import LandingRules
from collector.landings.segments import Gap
from collector.landings.silences import Silence, silence_of
from collector.landings.silent_visits import least_flight, silent_visit
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
    verdict = _verdict(silence, _odds(features, context), context)
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
    visit = silent_visit(silence, field, possible, context)
    fixes = [end.fix for end in (silence.arrival, silence.departure) if end]
    return Detection(
        icao24=icao24,
        airfield=verdict.airfield,
        candidates=verdict.candidates,
        touchdown_at=visit.touchdown_at,
        uncertainty_s=visit.uncertainty_s,
        departed_at=visit.departed_at,
        departed_uncertainty_s=visit.departed_uncertainty_s,
        unheard=visit.unheard,
        runway=_runway(own, field, rules) if verdict.airfield else None,
        grade=grade,
        probability=round(verdict.probability, 4),
        callsign=next((fix.callsign for fix in fixes if fix.callsign), None),
        evidence=_evidence(own, field, verdict, features, context),
        feeds=tuple(sorted({feed for fix in fixes for feed in fix.feeds})),
        visit_from=silence.begins.fix.at,
        visit_until=silence.ends.fix.at if silence.ends else silence.begins.fix.at,
    )


def _verdict(silence: Silence, odds: dict[str, float], context: Context) -> _Verdict | None:
    """Return what the odds of each field against none say; None if no field is possible."""
    total, rules = sum(odds.values()), context.rules
    if not total:
        return None
    landed = min(rules.inferred_at_most, total / (1.0 + total))
    best = likeliest(odds)
    alike = alike_to(best, silence, context.fields, rules)
    told = told_from(best, silence, context.fields, rules)
    as_near = as_near_as(best, silence, context.fields, rules)
    fields = {field.icao: field for field in context.fields}
    airfield, shares = attribution(odds, fields, alike, rules, told=told, as_near=as_near)
    candidates = candidates_of(shares, landed, rules, named=airfield is not None)
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
        learned=learned_lines(context, features, named, silence.near_at),
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
        spare = (
            there.at
            - here.at
            - least_flight(here, field, rules)
            - least_flight(there, field, rules)
        )
    return SilenceFacts(
        arrival=silence.arrival,
        departure=silence.departure,
        coverage_after=silence.coverage_after,
        coverage_later=silence.coverage_later,
        lowest=coverage_floor(context, field, silence.near_at),
        open=ends is None,
        returns=None if again is None else bearing_to(field, again),
        begins=None if placed is None else bearing_to(field, placed),
        spare=spare,
    )


def _odds(features: dict[str, list[Feature]], context: Context) -> dict[str, float]:
    """Return the odds of each possible field against a landing at none."""
    weight = {field.icao: field.prior_weight for field in context.fields}
    return {
        icao: weight[icao] * math.exp(score_nats(found, WEIGHTS))
        for icao, found in features.items()
    }


def _leaves_time(silence: Silence, field: Airfield, rules: LandingRules) -> bool:
    """Return whether there was time to fly to the field, stay, and fly on to the next fix."""
    if silence.ends is None:
        return True
    begins = silence.arrival.fix if silence.arrival else silence.begins.fix
    ends = silence.departure.fix if silence.departure else silence.ends.fix
    flown = least_flight(begins, field, rules) + least_flight(ends, field, rules)
    about = silence.arrival is None and _about(silence.placed, field, rules)
    least = rules.shortest_unpaired_stay if about else silence.least_stay(field.icao, rules)
    return ends.at - begins.at - flown >= least


def _about(fix: Fix | None, field: Airfield, rules: LandingRules) -> bool:
    """Return whether the aircraft may have been flying around the field without any approach."""
    if fix is None or fix.place is None:
        return True
    return distance_nm(*fix.place, field.lat_deg, field.lon_deg) <= rules.about_nm
