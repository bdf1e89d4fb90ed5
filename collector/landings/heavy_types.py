"""Which types of aircraft cannot use an airstrip?"""

from __future__ import annotations

HEAVY_TYPES = frozenset(
    {"A124", "A225", "A306", "A310", "A332", "A333", "A343", "A346", "B703", "B741", "B742", "B743"}
    | {"B744", "B748", "B752", "B763", "B77L", "B77W", "C17", "DC10", "IL62", "IL76", "IL96"}
    | {"K35R", "L101", "MD11"}
)
"""ICAO types that need a long runway, so that airstrips are no candidates for them."""
