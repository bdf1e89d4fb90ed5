"""Which types of aircraft cannot use an airstrip?"""

from __future__ import annotations

from collector.landings.naming_rules import NamingRules

HEAVY_TYPES = frozenset(
    {"A124", "A225", "A306", "A310", "A332", "A333", "A343", "A346", "B703", "B741", "B742", "B743"}
    | {"B744", "B748", "B752", "B763", "B77L", "B77W", "C17", "DC10", "IL62", "IL76", "IL96"}
    | {"K35R", "L101", "MD11"}
)
"""Large freighters and transports: those that `[visitors]` follows as shipped."""

WIDE_BODIES = frozenset(
    {"A338", "A339", "A345", "A359", "A35K", "A388", "B753", "B762", "B764", "B772", "B773", "B788"}
    | {"B789", "B78X"}
)
"""Further wide-bodied airliners, and the long Boeing 757 (designators of ICAO Doc 8643)."""

SINGLE_AISLES = frozenset(
    {"A318", "A319", "A19N", "A320", "A20N", "A321", "A21N", "B712", "B722", "B732", "B733", "B734"}
    | {"B735", "B736", "B737", "B738", "B739", "B37M", "B38M", "B39M", "B3XM", "BCS1", "BCS3"}
    | {"CRJ2", "CRJ7", "CRJ9", "CRJX", "DC91", "DC92", "DC93", "DC94", "DC95", "E170", "E75L"}
    | {"E75S", "E190", "E195", "E275", "E290", "E295", "F70", "F100", "MD81", "MD82", "MD83"}
    | {"MD87", "MD88", "MD90", "SU95", "T134", "T154", "T204", "YK42"}
)
"""Other jet airliners (designators of ICAO Doc 8643). Turboprops, business jets and the BAe 146,
which are made for short runways, are not among them."""


def least_runway_m(type_code: str | None, rules: NamingRules) -> float:
    """Return how long the longest runway of a field must be, in m, for the type to land there
    unless it was received on the ground; 0 for any other type, and an unknown one."""
    if type_code in HEAVY_TYPES or type_code in WIDE_BODIES:
        return rules.least_runway_m
    return rules.least_single_aisle_runway_m if type_code in SINGLE_AISLES else 0.0
