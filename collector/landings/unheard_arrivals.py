"""How likely is each time at which an aircraft may have arrived, if nobody heard it? A stay before
its departure, or soon after it was last heard in flight.

    chance of a touchdown at t  ∝  (flew here directly, or stayed elsewhere first)(t)
                                   × (a stay from t to the departure)
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

from collector.landings.fields import bearing_to, flight_time_s
from collector.landings.rules import LandingRules
from collector.landings.stay_lengths import SHORTEST, Lengths, StayLengths
from collector.model import Airfield, Detection
from collector.model.unheard import UnheardArrival
from collector.tracking import Fix

STEPS = 40
"""An arrival keeps 41 times, one for each 2.5 % of the chance."""
EVEN_CELLS, FINE_CELLS = 240, 60
"""The silence is divided evenly, and more and more finely towards both ends, where the stay here
or elsewhere is short."""


def is_unheard(earliest: datetime, latest: datetime, rules: LandingRules) -> bool:
    """Return whether the touchdown is so uncertain that nobody heard the arrival."""
    return latest - earliest > rules.unheard_from


def unheard_arrival(
    between: tuple[datetime, datetime],
    direct_until: datetime | None,
    there: tuple[datetime, datetime | None],
    lengths: StayLengths,
    rules: LandingRules,
) -> UnheardArrival:
    """Return the chances of a touchdown in a silence, from how long aircraft stay.

    `between` are the earliest and the latest touchdown, the earlier one first; `there` are
    `UnheardArrival.there_until` and `UnheardArrival.left_by`.
    """
    there_until, left_by = there
    earliest, latest = between
    silent_s = (latest - earliest).total_seconds()
    direct_s = None if direct_until is None else (direct_until - earliest).total_seconds()
    there_s = (there_until - earliest).total_seconds()
    left_s = None if left_by is None else (left_by - earliest).total_seconds()
    edges = _edges(silent_s, direct_s)
    masses = _masses(edges, direct_s, (there_s, left_s), lengths, rules)
    return UnheardArrival(
        earliest=earliest,
        latest=latest,
        direct_until=direct_until,
        there_until=there_until,
        left_by=left_by,
        times=tuple(earliest + timedelta(seconds=at) for at in _times(edges, masses)),
        stays=lengths.words,
    )


def _edges(silent_s: float, direct_s: float | None) -> list[float]:
    """Return the ends of the parts into which the silence is divided, in s from its earliest
    touchdown."""
    edges = {silent_s * n / EVEN_CELLS for n in range(EVEN_CELLS + 1)}
    edges |= {silent_s * (1.0 - 0.9**n) for n in range(FINE_CELLS)}
    edges |= {silent_s * 0.9**n for n in range(FINE_CELLS)}
    if direct_s is not None and direct_s < silent_s:
        edges |= {direct_s * n / 20 for n in range(21)}
    return sorted(edges)


def _masses(
    edges: Sequence[float],
    direct_s: float | None,
    there: tuple[float, float | None],
    lengths: StayLengths,
    rules: LandingRules,
) -> list[float]:
    """Return the chance of each part of the silence, not yet brought to a sum of 1."""
    stays, (there_s, left_s) = Lengths(lengths), there
    direct_share = 0.0 if direct_s is None else rules.direct_share
    until_s = edges[-1] if direct_s is None else min(direct_s, edges[-1])
    masses = []
    for begin, end in pairwise(edges):
        middle = (begin + end) / 2
        directly = direct_share * (end - begin) / until_s if middle < until_s else 0.0
        came = directly + (1.0 - direct_share) * _stayed_elsewhere(begin, end, edges[-1])
        left = 1.0 if left_s is None else stays.shorter_than(left_s - middle)
        stayed = left - stays.shorter_than(there_s - middle)
        masses.append(came * max(0.0, stayed))
    return masses if sum(masses) else [end - begin for begin, end in pairwise(edges)]


def _stayed_elsewhere(begin_s: float, end_s: float, silent_s: float) -> float:
    """Return the chance that an aircraft which stayed elsewhere first came between two times.

    How long it stayed there is not known: every doubling is as likely as any other, as in
    `stay_lengths.prior`, or every hour, by half each. Either alone is wrong for some fleets
    (docs/landing-rules.md#arrivals-that-nobody-heard).
    """
    least = SHORTEST.total_seconds()  # it may have been about to leave when it was last heard
    doubling = math.log((end_s + least) / (begin_s + least))
    doubling /= math.log((silent_s + least) / least)
    return (doubling + (end_s - begin_s) / silent_s) / 2.0


def _times(edges: Sequence[float], masses: Sequence[float]) -> list[float]:
    """Return the times at which each further part of the chance is reached, in s."""
    reached = [0.0, *accumulate(masses)]
    found = []
    for n in range(STEPS + 1):
        wanted = reached[-1] * n / STEPS
        number = min(max(1, bisect_left(reached, wanted)), len(masses))
        begin, end = edges[number - 1], edges[number]
        share = (wanted - reached[number - 1]) / (masses[number - 1] or 1.0)
        found.append(begin + (end - begin) * min(1.0, max(0.0, share)))
    return found


def stated_interval(arrival: UnheardArrival, rules: LandingRules) -> tuple[datetime, float]:
    """Return the middle and the ± in seconds of the shortest time that holds `rules.stated_share`
    of the chance.

    A short silence, and one that may hide several visits, is stated whole.
    """
    begin, end = arrival.earliest, arrival.latest
    if arrival.known and end - begin > rules.stated_whole:
        steps = round(rules.stated_share * STEPS)
        spans = zip(arrival.times, arrival.times[steps:], strict=False)
        begin, end = min(spans, key=lambda span: span[1] - span[0])
    return begin + (end - begin) / 2, (end - begin).total_seconds() / 2


def dated_anew(detection: Detection, lengths: StayLengths, rules: LandingRules) -> Detection:
    """Return the landing with the chances that follow from these lengths of stays."""
    known = detection.unheard
    if known is None:
        return detection
    arrival = unheard_arrival(
        (known.earliest, known.latest),
        known.direct_until,
        (known.there_until, known.left_by),
        lengths,
        rules,
    )
    at, uncertainty_s = stated_interval(arrival, rules)
    return replace(detection, unheard=arrival, touchdown_at=at, uncertainty_s=uncertainty_s)


def direct_until(
    fix: Fix, fields: Sequence[Airfield], *, down: bool, rules: LandingRules
) -> datetime | None:
    """Return until when an aircraft last heard at `fix` lands at one of the fields if it flies
    there directly; None if it was on the ground elsewhere, or about to land elsewhere."""
    if down:
        return None
    if not fix.placed:
        return fix.at + rules.direct_slack
    away_nm = max(bearing_to(field, fix).distance_nm for field in fields)
    rate, height = fix.vertical_rate_fpm, fix.altitude_ft
    low = height is not None and height < rules.low_elsewhere_ft and away_nm > rules.about_nm
    if low and rate is not None and rate <= rules.descent_fpm:
        return None
    usual = timedelta(seconds=rules.direct_flight_share * flight_time_s(away_nm, rules))
    return fix.at + usual + rules.direct_slack
