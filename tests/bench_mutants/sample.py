"""Is a number well within bounds? A small module to make mistakes in."""

from __future__ import annotations

from functools import cache

MARGIN = 2


def within(number: int, least: int, most: int) -> bool:
    """Return whether it lies so far from both that a little more would not matter."""
    if number in (least, most):
        return False
    return least + MARGIN <= number <= most - MARGIN


@cache
def doubled(number: int) -> int:
    """Return twice the number; a second time it is only remembered."""
    return number * 2


def same(these: list[int], those: list[int]) -> bool:
    """Return whether both are alike. Of its two conditions each is turned round only once, and
    whether the lists are of one length needs no check."""
    if not these:
        return False
    return all(a == b for a, b in zip(these, those, strict=True))


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
