"""Where do labels go, so that none hides another? Several positions around each spot are tried, the
most important label first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

LETTER_WIDTH = 0.64
LINE_HEIGHT = 1.45
"""Shares of the font size; a little more than letters take on average."""
LABEL_DISTANCE_PT = 9.0
MARGIN_PT = 1.5
"""Of the paper around a label."""


@dataclass(frozen=True, slots=True)
class Label:
    """Text at a spot. All lengths are in points, x to the right and y up."""

    x: float
    y: float
    text: str
    size: float

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the label."""
        lines = self.text.split("\n")
        width = max(len(line) for line in lines) * self.size * LETTER_WIDTH
        return width + 2 * MARGIN_PT, len(lines) * self.size * LINE_HEIGHT + 2 * MARGIN_PT


@dataclass(frozen=True, slots=True)
class Box:
    """The rectangle that a label covers."""

    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: Box) -> float:
        """Return the area that both boxes cover."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(0.0, wide) * max(0.0, high)

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


def placed_boxes(labels: Sequence[Label], occupied: Iterable[Box], sheet: Box) -> list[Box]:
    """Return a box for each label, in their order: each where it hides least.

    The first position that is tried is to the right of the spot. `occupied` are boxes that should
    stay visible: marks, tracks, other text.
    """
    covered = list(occupied)
    boxes = []
    for label in labels:
        tried = [
            _within(_box(label, degrees, away), sheet)
            for away in (1.0, 2.2, 3.6, 5.0)
            for degrees in _DIRECTIONS_DEG
        ]
        best = min(tried, key=lambda box: _cost(box, covered, sheet))
        covered.append(best)
        boxes.append(best)
    return boxes


_DIRECTIONS_DEG = (0.0, 180.0, 35.0, -35.0, 145.0, -145.0, 90.0, -90.0, 60.0, -60.0, 120.0, -120.0)


def _box(label: Label, degrees: float, away: float) -> Box:
    width, height = label.extent
    east, north = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x = label.x + east * (LABEL_DISTANCE_PT * away + width / 2)
    y = label.y + north * (LABEL_DISTANCE_PT * away + height / 2)
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _within(box: Box, sheet: Box) -> Box:
    """Move a box to the side, so that its beginning and, if it fits, its end lie on the sheet."""
    aside = max(sheet.left - box.left, min(0.0, sheet.right - box.right))
    return replace(box, left=box.left + aside, right=box.right + aside)


def _cost(box: Box, occupied: Iterable[Box], sheet: Box) -> float:
    area = (box.right - box.left) * (box.top - box.bottom)
    hidden = sum(box.overlap(other) for other in occupied)
    # A label beyond the edge cannot be read at all.
    return hidden + 20.0 * (area - box.overlap(sheet))
