"""Which types of aircraft also work in the air, and fly about low for an hour without landing?"""

from __future__ import annotations

from collector.landings.slow_types import HOVERING_TYPES

WORKING_TYPES = frozenset(
    # Patrol, early warning, reconnaissance and tankers.
    {"P3", "P8", "A50", "ATLA", "BE12", "E2", "E3CF", "E3TF", "E6", "E8", "E737", "HRON", "IL38"}
    | {"K35E", "K35R", "N262", "NIM", "Q4", "Q9", "R135", "S3", "U2"}
    # Military transports that drop their load, practise low flight, patrol, or survey.
    | {"A400", "AN30", "C130", "C160", "C212", "C27J", "C295", "C30J", "CN35"}
    # Small ones that survey, calibrate, take pictures, spray, and drop parachutists.
    | {"AC50", "AC90", "AC95", "AN2", "AT5T", "AT6T", "AT8T", "B350", "BE10", "BE18", "BE20"}
    | {"BE30", "BE9L", "BE9T", "BN2P", "BN2T", "C206", "C207", "C208", "C210", "C310", "C337"}
    | {"C340", "C402", "C404", "C421", "CL2P", "CL2T", "D228", "DA42", "DA62", "DHC2", "DHC6"}
    | {"DO28", "GA8", "L410", "P06T", "P68", "PA31", "PAY2", "PAY3", "PC12", "PC6P", "PC6T"}
    | {"SC7", "SW3", "SW4"}
    # Light ones of flying schools and clubs.
    | {"AA5", "BE33", "BE35", "BE36", "BE55", "BE58", "BE76", "C150", "C152", "C170", "C172"}
    | {"C177", "C180", "C182", "C185", "C72R", "C77R", "C82R", "DA20", "DA40", "DR40", "DV20"}
    | {"G115", "M20P", "M20T", "P28A", "P28B", "P28R", "P28T", "P32R", "PA18", "PA22", "PA24"}
    | {"PA32", "PA34", "PA44", "PA46", "SR20", "SR22", "TB20", "TOBA"}
    # Trainers and fighters.
    | {"A10", "EUFI", "F15", "F16", "F18H", "F18S", "F35", "HAWK", "L39", "M346", "PC21", "PC7"}
    | {"PC9", "RFAL", "T38", "TEX2", "TOR", "TUCA"}
)
"""Designators of ICAO Doc 8643. Airliners, freighters and business jets fly from field to field;
these also fly somewhere low, stay for an hour, and fly back. Transports that carry freight for
hire (An-12, An-26, An-32, An-72) are not among them. The list is ours: no source says how often
each type does."""


def works_aloft(type_code: str | None) -> bool:
    """Return whether aircraft of that type also work in the air; False if it is unknown. Whatever
    hovers does."""
    return type_code in WORKING_TYPES or type_code in HOVERING_TYPES
