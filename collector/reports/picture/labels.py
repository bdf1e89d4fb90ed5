"""Where do names go, so that none hides another? Tried around each place, in order of weight."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LETTER_WIDTH = 0.62
LINE_HEIGHT = 1.3
"""Of the font's size; a little more than its letters take on the average."""
AWAY = 9.0


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place; all lengths in points, x to the right, y up."""

    x: float
    y: float
    words: str
    size: float

    @property
    def extent(self) -> tuple[float, float]:
        """Its width and height."""
        lines = self.words.split("\n")
        width = max(len(line) for line in lines) * self.size * LETTER_WIDTH
        return width, len(lines) * self.size * LINE_HEIGHT


@dataclass(frozen=True, slots=True)
class Box:
    """What a label covers."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> float:
        """The area that both cover."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(0.0, wide) * max(0.0, high)

    @property
    def middle(self) -> tuple[float, float]:
        """Where the label's middle lies."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


def placed(labels: Sequence[Label], taken: Iterable[Box], sheet: Box) -> list[Box]:
    """A box for each label, in their order: each where it hides least, right of its place first.

    `taken` are boxes that should stay free: marks, tracks, other words.
    """
    occupied = list(taken)
    boxes = []
    for label in labels:
        tried = [_box(label, degrees, away) for away in (1.0, 2.2, 3.6) for degrees in _WAYS]
        best = min(tried, key=lambda box: _cost(box, occupied, sheet))
        occupied.append(best)
        boxes.append(best)
    return boxes


_WAYS = (0.0, 180.0, 35.0, -35.0, 145.0, -145.0, 90.0, -90.0)


def _box(label: Label, degrees: float, away: float) -> Box:
    width, height = label.extent
    east, north = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x = label.x + east * (AWAY * away + width / 2)
    y = label.y + north * (AWAY * away + height / 2)
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _cost(box: Box, occupied: Iterable[Box], sheet: Box) -> float:
    area = (box.right - box.left) * (box.top - box.bottom)
    hidden = sum(box.meets(other) for other in occupied)
    # Beyond the edge a label cannot be read at all.
    return hidden + 20.0 * (area - box.meets(sheet))
