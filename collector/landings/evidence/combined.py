"""What do height, speed and direction say together, beyond what each says alone? Pairs of features
get classes of their own.

A descent that would lead to a field weighs more if it also points there. A fast aircraft is early
only if it is not low as well. Each pair is a table of its own, made of the classes of the single
features.
"""

from __future__ import annotations

from collections.abc import Mapping

from collector.landings.evidence import descent, direction

COURSES = len(direction.COURSE_DEG) + 2
"""Classes of the course."""
STEEPNESSES = len(descent.PATH) // 2 + 1
"""Classes of the steepness; two classes of `descent` are one here."""
SPEEDS = len(descent.SPEED_KT) // 2 + 2
"""Classes of the speed; two classes of `descent` are one here, and the last is for unknown
speeds."""

SIZES = {
    "leads": descent.SIZES["projected"] * COURSES,
    "energy": (len(descent.DISTANCE_NM) + 1) * SPEEDS * STEEPNESSES,
    "bound": descent.SIZES["height"] * COURSES,
}
"""Classes of each table."""
WIDTHS = {"leads": COURSES, "energy": STEEPNESSES, "bound": COURSES}
"""Classes in a row of each table."""


def combined_features(single: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the pairs of one end for one field, from the classes of `descent` and `direction`."""
    course = single["course"] % COURSES
    return [
        ("leads", single["projected"] * COURSES + course),
        ("energy", _energy(single["path"], single["speed"])),
        ("bound", single["height"] * COURSES + course),
    ]


def _energy(path: int, speed: int) -> int:
    """Return the class of height and speed for the distance."""
    distance, steepness = divmod(path, len(descent.PATH) + 1)
    speeds = len(descent.SPEED_KT) + 1
    is_known = speed < descent.SIZES["speed"] - 1
    fast = speed % speeds // 2 if is_known else SPEEDS - 1
    return (distance * SPEEDS + fast) * STEEPNESSES + steepness // 2
