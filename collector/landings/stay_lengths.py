"""How long do aircraft stay? A distribution of lengths: a prior, or what the heard stays of a fleet
teach.

It is needed where only a departure was heard: the arrival lies a stay before it. Only stays of
which both ends were heard teach anything. Stays that end unheard are not shorter, so long ones keep
a share of their own, however few were heard (docs/landing-rules.md#arrivals-that-nobody-heard).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

SHORTEST = timedelta(minutes=15)
"""No stay is shorter (`LandingRules.shortest_stay`)."""
PER_DOUBLING = 3
"""Classes of length for each doubling: 2 h, 2 h 31 min, 3 h 10 min, 4 h."""
DOUBLINGS = 13
"""The longest class ends at 85 days: aircraft are stored for weeks, and a longer silence says
nothing of one stay."""
CLASSES = PER_DOUBLING * DOUBLINGS
LEAST_STAYS = 20
"""A fleet with fewer heard stays teaches nothing yet: each class of length would rest on one."""
PRIOR_STAYS = 8.0
LEAST_PRIOR_SHARE = 0.1
"""The prior weighs as much as `PRIOR_STAYS` heard stays, and never less than this share: it is the
heavy tail. A stay of weeks is heard at both ends least often, since a feed must work at both."""
SPREAD = (0.25, 0.5, 0.25)
"""A heard stay speaks for its own class of length by half, and for the next ones by a quarter."""


@dataclass(frozen=True, slots=True)
class StayLengths:
    """A distribution of stays over classes of length, on a logarithmic scale."""

    shares: tuple[float, ...]
    """Of each class, from the shortest; they sum to 1."""
    stays: int = 0
    """The heard stays that it was learned from; 0: the prior."""
    until: date | None = None
    """The day of the last of them (UTC)."""

    @property
    def words(self) -> str:
        """What it rests on: `37 stays to 2026-11-22`; empty for the prior."""
        return "" if self.until is None else f"{self.stays} stays to {self.until.isoformat()}"


def prior() -> StayLengths:
    """Return the distribution for a fleet of which too little was heard.

    Every doubling of the length is as likely as any other, from a quarter of an hour to 85 days:
    the usual prior of a quantity whose scale is unknown (H. Jeffreys, Theory of Probability, 1961,
    3.1). It says the same in hours as in weeks, and knows no fleet.

    >>> round(Lengths(prior()).shorter_than(4 * 3600.0), 3)
    0.308
    """
    return StayLengths((1.0 / CLASSES,) * CLASSES)


def learn(lengths: Sequence[timedelta], until: date) -> StayLengths | None:
    """Return what heard stays teach, the last of which ended on `until`; None if they are too few.

    The order of `lengths` does not matter.
    """
    if len(lengths) < LEAST_STAYS:
        return None
    counts = [0.0] * CLASSES
    for length in lengths:
        middle = min(CLASSES - 1, max(0, math.floor(_position(length.total_seconds()))))
        for step, share in zip((-1, 0, 1), SPREAD, strict=True):
            counts[min(CLASSES - 1, max(0, middle + step))] += share
    weight = max(LEAST_PRIOR_SHARE, PRIOR_STAYS / (len(lengths) + PRIOR_STAYS))
    return StayLengths(
        tuple(
            round(weight / CLASSES + (1.0 - weight) * count / len(lengths), 6) for count in counts
        ),
        len(lengths),
        until,
    )


class Lengths:
    """The cumulated distribution of `StayLengths`, made once for many questions."""

    def __init__(self, lengths: StayLengths) -> None:
        self._below = (0.0, *accumulate(lengths.shares))

    def shorter_than(self, length_s: float) -> float:
        """Return the chance, 0 … 1, that a stay is shorter than so many seconds."""
        position = _position(length_s)
        if position <= 0.0:
            return 0.0
        if position >= CLASSES:
            return 1.0
        number = math.floor(position)
        share = position - number
        begin, end = self._below[number : number + 2]
        return (begin + (end - begin) * share) / self._below[-1]


_SHORTEST_S = SHORTEST.total_seconds()


def _position(length_s: float) -> float:
    """Return where a length lies on the scale of classes; below 0 if it is shorter than all."""
    return -1.0 if length_s <= 0 else PER_DOUBLING * math.log2(length_s / _SHORTEST_S)
