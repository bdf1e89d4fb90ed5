"""What becomes of a drawn world whose receivers reach lower or higher, in which more goes wrong, or
where other flights are flown? Everything else stays as it was drawn.

The draws of `ranges` put most floors far above the runways. What an aircraft does just above one
(a low pass, a go-around, a touch-and-go) shows only in a world whose floors are low.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from .drawn import draw_world
from .scenarios import CLASSES, ON_REQUEST
from .world import World


@dataclass(frozen=True, slots=True)
class Alteration:
    """What differs from the drawn world."""

    floors_ft: tuple[int, ...] = ()
    """The receivers' floors above the field, each as likely as any other; empty: as drawn."""
    faults: float = 1.0
    """Multiple of the weights of the faults."""
    classes: tuple[tuple[str, float], ...] = ()
    """Multiples of the weights of classes of flights."""


@cache
def altered_world(number: int, alteration: Alteration) -> World:
    """Return the world of that number, altered; the same object for the same arguments."""
    world = draw_world(number)
    if alteration == Alteration():
        return world
    classes: dict[str, float] = dict(world.classes)
    for name, share in alteration.classes:
        classes[name] = classes.get(name, 1.0) * share
    hearing = world.hearing
    if alteration.floors_ft:
        hearing = replace(hearing, floors_ft=dict.fromkeys(alteration.floors_ft, 1.0))
    faulty = world.faulty * alteration.faults
    return replace(world, hearing=hearing, faulty=faulty, classes=classes)


def read_classes(text: str) -> tuple[tuple[str, float], ...]:
    """Return what `low-pass=8,go-around=4` says. Raises ValueError for a class that there is not.

    >>> read_classes("low-pass=8")
    (('low-pass', 8.0),)
    """
    found: Mapping[str, str] = dict(each.split("=", 1) for each in text.split(",") if each)
    known = CLASSES | ON_REQUEST
    if unknown := found.keys() - known.keys():
        raise ValueError(f"no class {', '.join(sorted(unknown))}: there are {', '.join(known)}")
    return tuple((name, float(share)) for name, share in found.items())
