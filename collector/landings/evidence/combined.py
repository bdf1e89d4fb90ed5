"""What do height, speed and direction say together, beyond what each says by itself? Classes only.

A descent that would lead to a field weighs more if it also points there; who is fast is early only
if it is not low as well. Each pair is a table of its own, made of the classes of the single pieces.
"""

from __future__ import annotations

from collections.abc import Mapping

from collector.landings.evidence import descent, direction

COURSES = len(direction.COURSE_DEG) + 2
STEEPNESSES = len(descent.PATH) // 2 + 1
SPEEDS = len(descent.SPEED_KT) // 2 + 2
"""Two classes of a single piece are one here; the last is of unknown speeds."""

SIZES = {
    "leads": descent.SIZES["projected"] * COURSES,
    "energy": (len(descent.DISTANCE_NM) + 1) * SPEEDS * STEEPNESSES,
    "bound": descent.SIZES["height"] * COURSES,
}
WIDTHS = {"leads": COURSES, "energy": STEEPNESSES, "bound": COURSES}


def combined_features(single: Mapping[str, int]) -> list[tuple[str, int]]:
    """The pairs of one end for one field, from the classes of `descent` and `direction`."""
    course = single["course"] % COURSES
    return [
        ("leads", single["projected"] * COURSES + course),
        ("energy", _energy(single["path"], single["speed"])),
        ("bound", single["height"] * COURSES + course),
    ]


def _energy(path: int, speed: int) -> int:
    """Height and speed for the distance."""
    distance, steepness = divmod(path, len(descent.PATH) + 1)
    speeds = len(descent.SPEED_KT) + 1
    known = speed < descent.SIZES["speed"] - 1
    fast = speed % speeds // 2 if known else SPEEDS - 1
    return (distance * SPEEDS + fast) * STEEPNESSES + steepness // 2
