"""Do other sources' arrivals agree with a landing? Their statements are shown beside the evidence
and change no grade.

Such sources name the airfield nearest to the last position they received, which gives landings at
Ovda to Ramon, or to no field at all. An arrival therefore corroborates only if that last position
lay near the airfield it names. Another airfield, none, or one named from afar is no denial
(docs/landing-rules.md#arrivals-of-other-sources).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from collector.model import Arrival, Detection, Evidence

NEAR_M = 10_000.0
"""Metres within which the last position lies on the approach to the named airfield. Ramon is 25 km
from Ovda."""
TIME_TOLERANCE = timedelta(minutes=30)
"""Between the touchdown and the source's last report. At 10 km an aircraft on final is 5 minutes
from touchdown or less; others are received until the end of taxiing. Two landings of one aircraft
lie further apart: the shortest stay is 20 minutes, and a circuit is no stay."""
KIND = "arrival-record"
"""`Evidence.kind` of these statements."""

SOURCE_NAMES = {
    "opensky-flights": "OpenSky's flight table",
    "opensky-list": "OpenSky's published flight list",
    "opensky-trino": "OpenSky's flight table, as exported from Trino",
    "opdi-list": "EUROCONTROL's open flight list (OPDI)",
}
"""The sources' names in a sentence."""


def may_be_same_landing(detection: Detection, arrival: Arrival) -> bool:
    """Return whether the arrival may be that landing: the same aircraft at a time that fits."""
    if arrival.icao24 != detection.icao24:
        return False
    slack = TIME_TOLERANCE + timedelta(seconds=detection.uncertainty_s)
    return (
        abs(arrival.arrived_at - detection.touchdown_at) <= slack
        and detection.visit_from - TIME_TOLERANCE <= arrival.arrived_at
        and arrival.arrived_at <= detection.visit_until + TIME_TOLERANCE
    )


def is_near(arrival: Arrival) -> bool:
    """Return whether the source's last position was near the airfield it names; False if it gives
    no distance."""
    return arrival.horizontal_m is not None and arrival.horizontal_m < NEAR_M


def corroborates(detection: Detection, arrival: Arrival) -> bool:
    """Return whether the arrival names the landing's airfield or one of its candidates, from
    nearby."""
    fields = {detection.airfield, *(one.airfield for one in detection.candidates)}
    return (
        may_be_same_landing(detection, arrival) and is_near(arrival) and arrival.airfield in fields
    )


def arrival_evidence(detection: Detection, arrivals: Iterable[Arrival]) -> list[Evidence]:
    """Return what other sources state about a landing, in order of time: evidence for its field, or
    a note."""
    found = [each for each in arrivals if may_be_same_landing(detection, each)]
    return [
        Evidence(
            at=each.arrived_at,
            kind=KIND,
            text=_sentence(each, agrees=corroborates(detection, each)),
            speaks="for" if corroborates(detection, each) else "neutral",
            airfield=each.airfield if corroborates(detection, each) else None,
            feeds=(each.source,),
        )
        for each in sorted(found, key=lambda one: (one.arrived_at, one.source, one.airfield))
    ]


def _sentence(arrival: Arrival, *, agrees: bool) -> str:
    """Return the statement in words, with what it is worth."""
    who = SOURCE_NAMES.get(arrival.source, arrival.source)
    text = f"{who} names {arrival.airfield} as the airfield where this flight ended"
    if arrival.horizontal_m is None:
        text += ", without saying how near there it last heard the aircraft"
    else:
        text += f"; it last heard the aircraft {arrival.horizontal_m / 1000:.1f} km from there"
        if arrival.vertical_m is not None:
            text += f", {arrival.vertical_m:.0f} m above it"
    if agrees:
        return f"{text}. That is the source's own statement, by its own rule."
    if is_near(arrival):
        return f"{text}. Another airfield is no denial: such tables name the nearest one."
    return f"{text}. That is no corroboration and no denial."
