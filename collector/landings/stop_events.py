"""At which airfields of the world was an aircraft seen? The detection of landings, run at the ends
of its track.

Stays on the ground and silences are judged as everywhere else, but among the airfields around the
places where the aircraft was slow, fell silent or was heard again. There is no coverage of far
regions, so an approach that no climb-out follows is at most possible. An aircraft that is first
heard on the ground, or climbing out, was at that airfield before, whatever it did earlier.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collector.geo import distance_nm
from collector.landings.contacts import Contacts, contacts_of
from collector.landings.context import Context
from collector.landings.departures import departure_after
from collector.landings.evidence.ends import last_placed, next_placed
from collector.landings.fields import circle_above_ft
from collector.landings.last_reports import believed_ends
from collector.landings.rules import LandingRules
from collector.landings.segments import Gap, Stay, gaps_of, stays_of
from collector.landings.stay_lengths import prior
from collector.landings.stays import landing_of_stay
from collector.landings.unheard_landings import inferred_landing
from collector.landings.working_types import works_aloft
from collector.model import (
    Airfield,
    Candidate,
    Detection,
    Evidence,
    Grade,
    Observation,
    likeliest_first,
)
from collector.tracking import Fix, Fixes, fixes_of

FieldsNear = Callable[[Collection[tuple[float, float]], float, str | None], list[Airfield]]
"""The airfields within so many NM of any of the places (latitude, longitude) at which an aircraft
of that type may land; None: of any type."""

GROUND_WITHIN_NM = 12.0
"""An aircraft on the ground is at an airfield within `field_radius_nm` of a runway, which lies at
most 6 NM from the reference point; positions are rounded to 0.1 degrees for the search."""

UNHEARD_BEFORE = timedelta(hours=12)
"""A track that begins in the air is judged as if nothing had been heard of the aircraft for this
long: it was on the ground for some of it, as freighters fly for less."""


NEAR_NM, LOW_FT = 40.0, 8000.0
"""An airfield at which nobody received the aircraft on the ground is named only if it was received
this near and this low above it. Of 800 simulated far ends that were not, 7 in 100 would be named
wrongly (`bench/stops.py`)."""
SHARE_TO_NAME = 0.8
"""It must hold this share of the probability: 4 in 1,000 of them are named wrongly."""
NEIGHBOUR_NM = 10.0
"""Airfields this near each other share their approaches, so neither is named."""


@dataclass(frozen=True, slots=True)
class SeenTrack:
    """The track of one aircraft, and where it was seen on the ground, or must have been."""

    fixes: Fixes
    seen: tuple[Detection, ...]
    """In order of time. One at the begin of the track has no touchdown of its own: it says where
    the aircraft was first seen, and when it left."""
    fields: dict[str, Airfield]
    """Every airfield that was considered, by code."""


def seen_track(
    observations: Sequence[Observation],
    fields_near: FieldsNear,
    type_code: str | None,
    rules: LandingRules,
    now: datetime,
) -> SeenTrack | None:
    """Return where one aircraft was seen; None if no report has a position or an altitude.

    `observations` are of one aircraft, in any order, none newer than `now`.

    1. Fuse the reports into fixes, and find the airfields around the ends of the track.
    2. Judge every stay on the ground, at any airfield.
    3. Judge every silence, and the begin of the track, among the airfields fit for the type.
    """
    fixes = _fixes(observations, (), rules)
    if fixes is None:
        return None
    fit = fields_near(_silence_places(fixes, rules), rules.candidate_radius_nm, type_code)
    around = fields_near(_slow_places(fixes, rules), GROUND_WITHIN_NM, None)
    every = {field.icao: field for field in (*around, *fit)}
    day = fixes[-1].at.date()
    fields = [field for field in every.values() if field.exists_on(day)]
    fit = [field for field in fit if field.exists_on(day)]
    if circle_above_ft(fields) > circle_above_ft(()):
        fixes = _fixes(observations, fields, rules) or fixes
    icao24 = observations[0].icao24
    contacts = contacts_of(fixes, fields, rules)
    context = Context(fit, (), rules, now, works_aloft=works_aloft(type_code))
    stays = (_seen_stay(icao24, stay, rules) for stay in stays_of(contacts, rules))
    silent = [
        *(inferred_landing(icao24, contacts, gap, context) for gap in gaps_of(contacts, rules)),
        _seen_first(icao24, contacts, context),
    ]
    inferred = (as_seen(each, contacts, fit, rules) for each in silent if each is not None)
    seen = sorted(
        (*(each for each in stays if each is not None), *inferred),
        key=lambda each: (each.visit_from, each.visit_until),
    )
    return SeenTrack(contacts.fixes, tuple(seen), every)


def _fixes(
    observations: Sequence[Observation], fields: Sequence[Airfield], rules: LandingRules
) -> Fixes | None:
    fixes = fixes_of(observations, circle_above_ft(fields)) if observations else Fixes.of([])
    return believed_ends(fixes, rules) if len(fixes) else None


def _silence_places(fixes: Fixes, rules: LandingRules) -> set[tuple[float, float]]:
    """Return where the track begins and ends, and where each silence does, unless too high for an
    approach."""
    ends = {0, len(fixes) - 1}
    for index in fixes.silent_after(rules.shortest_silence):
        ends |= {index, index + 1}
    contacts = Contacts(fixes, {}, set())
    placed = {last_placed(contacts, index) for index in ends}
    placed |= {next_placed(contacts, index) for index in ends}
    return {
        fix.place
        for fix in (fixes[index] for index in placed if index is not None)
        if fix.place is not None
        and (fix.altitude_ft is None or fix.altitude_ft <= rules.approach_ceiling_ft)
    }


def _slow_places(fixes: Fixes, rules: LandingRules) -> set[tuple[float, float]]:
    """Return where the aircraft may have been on the ground, each once within 6 NM."""
    places = (fixes.report_or_fix(index).place for index in fixes.maybe_down(rules.standing_kt))
    return {(round(each[0], 1), round(each[1], 1)) for each in places if each is not None}


def _seen_stay(icao24: str, stay: Stay, rules: LandingRules) -> Detection | None:
    """Return the landing of a received stay. If the track begins with it, its touchdown is not
    known: that of the result is the first report on the ground."""
    landing = landing_of_stay(icao24, stay, rules, prior())
    if landing is not None:
        return landing
    grade, probability = _grade(stay, rules)
    left_at, left_s = None, None
    if stay.after is not None and not stay.after.down:
        left_at, left_s = departure_after(stay.field, stay.last.fix.at, stay.after.fix, rules)
    reports = "One report" if stay.reports == 1 else f"{stay.reports} reports"
    where = stay.field.icao
    return Detection(
        icao24=icao24,
        airfield=where,
        candidates=(Candidate(where, probability),),
        touchdown_at=stay.first.fix.at,
        uncertainty_s=0.0,
        departed_at=left_at,
        departed_uncertainty_s=left_s,
        grade=grade,
        probability=probability,
        evidence=(
            Evidence(
                stay.first.fix.at,
                "ground-contact",
                f"{reports} on the ground at {where}, before which nothing was heard.",
                "for",
                where,
                stay.feeds,
            ),
        ),
        feeds=stay.feeds,
        visit_from=stay.first.fix.at,
        visit_until=stay.after.fix.at if stay.after else stay.last.fix.at,
    )


def _grade(stay: Stay, rules: LandingRules) -> tuple[Grade, float]:
    """Return the grade and the probability of a stay with which the track begins: as of a landing
    whose approach was not heard."""
    if stay.bit_at is not None and (
        stay.stood or (stay.separate >= 3 and stay.stayed >= rules.surely_stayed)
    ):
        return Grade.CONFIRMED, rules.heard_probability
    if stay.reports >= 2:
        return Grade.PROBABLE, rules.lone_ground_probability
    return Grade.POSSIBLE, rules.unsupported_ground_probability


def as_seen(
    detection: Detection, contacts: Contacts, fit: Sequence[Airfield], rules: LandingRules
) -> Detection:
    """Return a stop that no feed received on the ground with its airfield named, or undetermined.

    Nothing else than the track decides: no coverage is known in far regions, and no airfield is
    likelier than another.
    """
    fields = {field.icao: field for field in fit}
    ranked = detection.ranked
    best, whole = ranked[0], sum(each.probability for each in ranked)
    here = fields[best.airfield]
    beside = [
        field.icao
        for field in fit
        if field is not here and distance_nm(*_spot(field), *_spot(here)) <= NEIGHBOUR_NM
    ]
    if (
        not beside
        and best.probability >= SHARE_TO_NAME * whole
        and heard_low(detection, contacts.fixes, here)
    ):
        return replace(detection, airfield=best.airfield, probability=best.probability)
    least = round(rules.named_from * whole, 4)
    added = sorted(set(beside) - {each.airfield for each in ranked})
    reduced = Candidate(best.airfield, round(best.probability - least * len(added), 4))
    candidates = (reduced, *ranked[1:], *(Candidate(code, least) for code in added))
    return replace(
        detection,
        airfield=None,
        runway=None,
        candidates=tuple(likeliest_first(candidates)),
        probability=round(min(1.0, whole), 4),
    )


def heard_low(detection: Detection, fixes: Fixes, field: Airfield) -> bool:
    """Return whether the aircraft was received near and low at either end of a silence."""
    contacts = Contacts(fixes, {}, set())
    before = last_placed(contacts, bisect_right(fixes.ats, detection.visit_from) - 1)
    after = next_placed(contacts, bisect_left(fixes.ats, detection.visit_until))
    if detection.visit_until <= detection.visit_from:
        after = None  # the silence still lasts
    for fix in (fixes[index] for index in (before, after) if index is not None):
        if fix.place is None or fix.altitude_ft is None:
            continue
        near = distance_nm(*fix.place, *_spot(field)) <= NEAR_NM
        if near and fix.altitude_ft - field.elevation_ft <= LOW_FT:
            return True
    return False


def _spot(field: Airfield) -> tuple[float, float]:
    return field.lat_deg, field.lon_deg


def _seen_first(icao24: str, contacts: Contacts, context: Context) -> Detection | None:
    """Return the airfield from which an aircraft climbed out that is first heard in the air."""
    first = next_placed(contacts, 0)
    if first is None or any(index <= first for index in contacts.down):
        return None
    fixes, shift = contacts.fixes, 1
    unheard = Fix(at=fixes.ats[0] - UNHEARD_BEFORE)
    begun = Fixes(
        [unheard, *fixes.reports],
        [unheard.at, *fixes.ats],
        {0: unheard, **{index + shift: fix for index, fix in fixes.special.items()}},
        breaks=frozenset(index + shift for index in fixes.breaks),
    )
    down = {index + shift: field for index, field in contacts.down.items()}
    slow = {index + shift for index in contacts.slow}
    found = inferred_landing(icao24, Contacts(begun, down, slow), Gap(0, 1), context)
    if found is None:
        return None
    return replace(found, evidence=tuple(_of_first_report(found.evidence)))


def _of_first_report(evidence: Sequence[Evidence]) -> Iterator[Evidence]:
    """Yield the evidence without what it says of the time before the first report."""
    for each in evidence:
        if each.kind not in ("approach", "silence"):
            yield replace(each, text=each.text.replace("Heard again", "First heard", 1))
