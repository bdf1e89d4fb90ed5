"""Do other sources' arrivals agree with this landing? Told beside the evidence; no grade moves.

A source that names the nearest airfield to the last position it heard hands Ovda to Ramon and
both to nobody. So it corroborates only where that position lay near the very airfield; another
airfield, none, or one named from afar is no denial (docs/landing-rules.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from collector.model import Arrival, Detection, Evidence

NEAR_M = 10_000.0
"""The last position heard was on the approach there, not elsewhere: Ramon is 25 km from Ovda."""
TIME_TOLERANCE = timedelta(minutes=30)
"""Between touchdown and when the source heard the aircraft last: on final 5 minutes before at
10 km, or at the end of taxiing. Two landings of one aircraft lie further apart: the shortest stay
is 20 minutes, and a circuit is no stay."""
KIND = "arrival-record"

SOURCE_NAMES = {
    "opensky-flights": "OpenSky's flight table",
    "opensky-list": "OpenSky's published flight list",
    "opdi-list": "EUROCONTROL's open flight list (OPDI)",
}


def may_be_same_landing(detection: Detection, arrival: Arrival) -> bool:
    """Whether the source may mean that landing: the same aircraft, and a time that fits."""
    if arrival.icao24 != detection.icao24:
        return False
    slack = TIME_TOLERANCE + timedelta(seconds=detection.uncertainty_s)
    return (
        abs(arrival.arrived_at - detection.touchdown_at) <= slack
        and detection.visit_from - TIME_TOLERANCE <= arrival.arrived_at
        and arrival.arrived_at <= detection.visit_until + TIME_TOLERANCE
    )


def is_near(arrival: Arrival) -> bool:
    """Whether it was last heard near the airfield that the source names."""
    return arrival.horizontal_m is not None and arrival.horizontal_m < NEAR_M


def corroborates(detection: Detection, arrival: Arrival) -> bool:
    """Whether the source states that landing, at its airfield or at one of its candidates."""
    fields = {detection.airfield, *(one.airfield for one in detection.candidates)}
    return (
        may_be_same_landing(detection, arrival) and is_near(arrival) and arrival.airfield in fields
    )


def arrival_evidence(detection: Detection, arrivals: Iterable[Arrival]) -> list[Evidence]:
    """What these sources say about a landing, in order of time: for its field, or as a note."""
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
    who = SOURCE_NAMES.get(arrival.source, arrival.source)
    text = f"{who} names {arrival.airfield} as where this flight ended"
    if arrival.horizontal_m is None:
        text += ", without saying how near it was last heard"
    else:
        text += f"; it was last heard {arrival.horizontal_m / 1000:.1f} km from there"
        if arrival.vertical_m is not None:
            text += f", {arrival.vertical_m:.0f} m above it"
    if agrees:
        return f"{text}. That is its own statement, by its own rule."
    if is_near(arrival):
        return f"{text}. It names another airfield: no denial, such tables name the nearest."
    return f"{text}. That is no corroboration, and no denial."
