"""Which aircraft may leave the operator's own pages? Those whose operator is named.

An operator is named by a fleet file, or by a line of a watch: `operators`, or `callsigns` that
begin with an airline's designator (three letters, ICAO Doc 8585) or an air force's word. Aircraft
that a watch knows by address, registration or type alone may belong to a private person, and so may
those of which a fleet file says so. They stay on the operator's own pages, as do visitors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from collector.model import Aircraft, Landing, Watch
from collector.watches.criteria import glob_pattern

_FLIGHTS = re.compile(r"[A-Z]{3}|[A-Z]{3,}[0-9*?\[].*")
"""A line on callsigns that names an operator (`AZQ*`, `AZAF*`), and not a registration."""
_NOBODY = re.compile(
    r"\b(private|privat|individual|owner|person|trust|trustee|unknown|undisclosed|withheld)\b",
    re.IGNORECASE,
)
"""Words with which databases write that they name nobody, or somebody in private."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Who operates an aircraft, and which source or line says so."""

    name: str
    source: str


def operator_named(text: str | None) -> bool:
    """Return whether a text names an operator, and no private person.

    >>> operator_named("Silk Way Airlines"), operator_named("PRIVATE OWNER"), operator_named(" ")
    (True, False, False)
    """
    return bool(text and any(char.isalpha() for char in text)) and not _NOBODY.search(text or "")


def airframe_operator(aircraft: Aircraft) -> Operator | None:
    """Return the operator that a fleet file names for an airframe; None if it names none."""
    if aircraft.operator is None or not operator_named(aircraft.operator):
        return None
    return Operator(aircraft.operator, aircraft.source or f"fleet file {aircraft.fleet}".rstrip())


def operator_of(landing: Landing, watches: Iterable[Watch]) -> Operator | None:
    """Return who operated the aircraft of a landing on that day; None if nobody is named.

    `watches` are those to whose landings it belongs.
    """
    watches = tuple(watches)
    rows = _fleet_rows(watches, landing.detection.icao24, landing.detection.touchdown_at.date())
    if rows:
        # A fleet file that names a private owner outranks the callsign of one flight.
        return next((found for row in rows if (found := airframe_operator(row))), None)
    for match in landing.watches:
        kind, _, line = match.matched_by.partition(" ")
        if kind == "operator" and operator_named(line):
            return Operator(line, "the watch's line on operators")
    for watch in watches:
        for line in watch.callsigns:
            if _flown_as(landing.detection.callsign, line):
                return Operator(f"callsign {line}", "the watch's line on callsigns")
    return None


def names_operators(watch: Watch) -> bool:
    """Return whether a watch names any operator, so that its counts may leave.

    >>> names_operators(Watch(name="w", places=(), callsigns=("AZQ*",)))
    True
    >>> names_operators(Watch(name="w", places=(), callsigns=("N123AB",), icao24=("a00001",)))
    False
    """
    return (
        any(airframe_operator(aircraft) for aircraft in watch.fleet)
        or any(operator_named(line) for line in watch.operators)
        or any(_FLIGHTS.fullmatch(line.upper()) for line in watch.callsigns)
    )


def _fleet_rows(watches: Iterable[Watch], icao24: str, day: date) -> list[Aircraft]:
    return [
        aircraft
        for watch in watches
        for aircraft in watch.fleet
        if aircraft.icao24 == icao24 and aircraft.is_listed_on(day)
    ]


def _flown_as(callsign: str | None, line: str) -> bool:
    """Return whether a flight had a callsign of the airline that this line of a watch names."""
    if not callsign or not _FLIGHTS.fullmatch(line.upper()):
        return False
    return bool(glob_pattern([line]).match(callsign))
