"""Is a number well within bounds? A small module to make mistakes in."""

from __future__ import annotations

from functools import cache

MARGIN = 2


def within(number: int, least: int, most: int) -> bool:
    """Return whether it lies so far from both that a little more would not matter."""
    if number in (least, most):
        return False
    return least + MARGIN <= number <= most - MARGIN


class Bounds:
    """What `within` asks for, put together."""

    def __init__(self, least: int, most: int) -> None:
        self.ends = (least, most)

    @property
    def middle(self) -> int:
        """Return the number that lies farthest from both."""
        return sum(self.ends) // 2

    @staticmethod
    @cache
    def width(least: int, most: int) -> int:
        """Return how far they are apart."""
        return max(0, most - least)
