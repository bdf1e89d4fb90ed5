"""From which ranges is a world drawn? All of them stand here, and were fixed before any world was
judged.

Shapes, positions and elevations of airfields are real. Everything else is a draw, from ranges that
are meant to hold what real places have, and not what the detector was found to bear.
"""

from __future__ import annotations

from .world import Kind

HUBS = (
    "KDEN", "KASE", "KGEG", "KBOI", "KSFO", "KLAX", "KTEB", "KPHX", "CYVR", "CYYC", "MMMX", "SKBO",
    "SLVR", "SCEL", "SAEZ", "SBGR", "EGLL", "EGLF", "EGPF", "EHAM", "EHLE", "EDDF", "EDDM", "LSZH",
    "LSGG", "LOWI", "LFPB", "LFMN", "LEMD", "LPMA", "LIRA", "LGAV", "LTBA", "UUWW", "UBBB", "UGTB",
    "OIII", "OMDB", "OMSJ", "OTHH", "OLBA", "OPIS", "VIDP", "VABB", "VHHH", "ZBAA", "RJTT", "RJBB",
    "WSSS", "YSSY", "YMEN", "NZQN", "FAOR", "FALA", "HKJK", "HAAB", "DNMM", "GMMN", "BIRK", "ENGM",
)  # fmt: skip
"""Real airfields of many shapes: wide and small, with parallel and crossing runways, in valleys and
on coasts, from below sea level to 8,360 ft, with close neighbours (London, Paris, Dubai, Nairobi)
and without. The shipped table knows runways of all of them."""
MOST_FIELDS = 5
"""Fields of a neighbourhood where flights land."""
LEAST_RUNWAY_M = (900.0, 2300.0)
NEIGHBOUR_SHARE = (1 / 20, 20.0)
"""Flights to a neighbour, as a multiple of those to the watched field; drawn evenly by its log."""
ELSEWHERE_NM = (60.0, 160.0)

CORRIDORS = (1, 4)
GATE_NM = (24.0, 50.0)
BEND_NM = (70.0, 130.0)
BEND_DEG = 40.0
FAR_NM = (180.0, 320.0)
SCATTER = (0.4, 2.5)

KINDS = (
    Kind(("B738", "A320", "A321", "E190", None), 0.98, (27, 40), 1500.0),
    Kind(("A332", "B77W", "IL76", None), 1.03, (27, 40), 1800.0),
    Kind(("GLF5", "CL60", "F2TH", None), 0.93, (29, 44), 1200.0),
    Kind(("C56X", "C525", None), 0.86, (20, 40), 900.0),
    Kind(("AT76", "DH8D", None), 0.84, (12, 24), 1200.0),
)
"""Airliners, heavy ones, large and light business jets, turboprops. Helicopters are left out. The
shortest runways were written down on 1 December 2026, after worlds had been judged in which a
Boeing 777 landed on 1,300 m: rounded landing and take-off distances, partly loaded, as makers give
them at sea level (A320 1,440 and B738 1,630 m to land fully loaded, A332 1,730, B77W 1,800, GLF5
840, CL60 and F2TH 900 to 1,000, C525 790, AT76 915, DH8D 1,290). The detector does not know
them."""
KIND_SHARE = (0.05, 1.0)

WIND_KT = (6.0, 28.0)
STRAIGHT_WITHIN_DEG = (60.0, 95.0)
VECTOR_SHARE = (0.1, 0.9)
CIRCLING_SHARE = (0.0, 0.4)
RACETRACK_SHARE = (0.0, 0.3)
T_BAR_SHARE = (0.0, 0.5)
FINAL_FROM_NM, FINAL_MORE_NM = (4.0, 8.0), (3.0, 12.0)
BASE_FROM_NM, BASE_MORE_NM = (4.0, 6.0), (1.0, 9.0)
ASIDE_FROM_NM, ASIDE_MORE_NM = (3.0, 4.0), (0.5, 4.0)
PLATFORM_FROM_FT, PLATFORM_MORE_FT = (1400.0, 2600.0), (300.0, 2500.0)
GRADIENT_FROM, GRADIENT_MORE = (180.0, 260.0), (40.0, 150.0)
LEVELS = ((0,), (0, 1), (0, 1, 1, 2), (1, 2, 3))
STRAIGHT_OUT_FROM_NM, STRAIGHT_OUT_MORE_NM = (1.5, 4.0), (0.5, 6.0)
CIRCLING_CLIMB_SHARE = (0.0, 0.3)
CLIMB_FROM, CLIMB_MORE = (220.0, 380.0), (60.0, 250.0)
GLIDE_FT_PER_NM = (297.0, 372.0)
"""2.8° to 3.5°."""
STAY_SHARE = (0.4, 4.0)
CLASS_SHARE = (0.3, 3.0)
FAULTY = (0.2, 2.0)

FLOORS_FT = (0, 500, 1000, 2000, 3000, 4500, 6000, 8000, 11_000, 15_000)
FLOOR_SHARE = (0.02, 1.0)
POLL_EVERY_S = (10.0, 20.0, 30.0, 60.0, 60.0, 120.0, 300.0)
MISSED = (0.005, 0.15)
LONE_FEED_SHARE = (0.0, 1.0)
HOLES_SHARE = (0.0, 0.4)
EDGE_NM = (110.0, 300.0)
MLAT_SHARE = (0.0, 0.1)
VERSION0_SHARE = (0.02, 0.4)
GEOMETRIC_SHARE = (0.3, 1.0)
LATE_GROUND_SHARE = (0.0, 0.12)
EARLY_GROUND_SHARE = (0.0, 0.05)
PRESSURE_FT = (100.0, 300.0)
"""Standard deviation of the error of pressure altitudes."""
WARMTH_FROM, WARMTH_MORE = (-0.09, 0.04), (0.01, 0.05)
"""20 °C colder to 25 °C warmer than the standard atmosphere."""
GEOID_FT = (-300.0, 250.0)
"""From the south of India to New Guinea."""
CRUISE_EVERY_S = (150.0, 3000.0)
LOW_EVERY_S = (500.0, 12_000.0)
EMPTY_DAY = (0.0, 0.15)
