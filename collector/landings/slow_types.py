"""Which types of aircraft can stand still, or nearly so, in the air?"""

from __future__ import annotations

HOVERING_TYPES = frozenset(
    # Helicopters, tilt-rotors and gyroplanes.
    {"A109", "A119", "A129", "A139", "A149", "A169", "A189", "AS32", "AS3B", "AS50"}
    | {"AS55", "AS65", "ALO2", "ALO3", "B06", "B06T", "B105", "B212", "B214", "B222"}
    | {"B230", "B407", "B412", "B427", "B429", "B430", "B47G", "B47J", "B47T", "B505"}
    | {"B525", "B609", "BK17", "BSTP", "EC20", "EC25", "EC30", "EC35", "EC45", "EC55"}
    | {"EC75", "EH10", "EN28", "EN48", "EXPL", "FREL", "G2CA", "GAZL", "GYRO", "H160", "H2"}
    | {"H43", "H46", "H47", "H53", "H53S", "H60", "H64", "HUCO", "KA25", "KA26", "KA27"}
    | {"KA32", "KA50", "KA52", "KA62", "KMAX", "LAMA", "LYNX", "MD52", "MD60", "MI2", "MI4"}
    | {"MI6", "MI8", "MI10", "MI14", "MI24", "MI26", "MI28", "MI34", "MI38", "NH90", "OH1"}
    | {"PSW4", "PUMA", "R22", "R44", "R66", "RVAL", "S330", "S360", "S55P", "S55T", "S58P"}
    | {"S58T", "S61", "S61R", "S62", "S64", "S76", "S92", "SUCO", "TIGR", "UH1", "UH12"}
    | {"UH1Y", "UHEL", "ULTS", "V22", "W3", "WASP"}
    # Balloons, airships, gliders and ultralights.
    | {"BALL", "SHIP", "GLID", "ULAC"}
)
"""Designators of ICAO Doc 8643 of types that fly slower than `LandingRules.standing_kt` over the
ground: speed and height alone do not show that such an aircraft landed."""
