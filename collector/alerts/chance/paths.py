"""What may the weeks to come bring while nothing has changed? One usual future, drawn from what the
past leaves possible.

The landings of a drawn future lie at random times within their weeks, and each is as certain as one
of the past, drawn at random. The watch stays as blind as it was lately, since feeds change: the
share of each week that could be seen is that of the latest weeks of the past, from a random one on,
so that blind weeks lie together where they did.

When a landing becomes known is not drawn. A rule compares touchdowns, also of landings that are
found late: they alarm late, and as often.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from collector.alerts.chance.model import BURST_WEEKS, Draw
from collector.alerts.chance.past import CERTAIN, Mark, Past


@dataclass(frozen=True, slots=True)
class Path:
    """A future: touchdowns in weeks from its beginning, in order, with their marks, and the share
    of each week that is seen."""

    times: list[float]
    marks: list[Mark]
    shares: list[float]


def simulate(draw: Draw, past: Past, weeks: int, noise: Random) -> Path:
    """Return one future of so many weeks; `past` has at least one week."""
    lately = past.lately
    offset = noise.randrange(len(lately))
    shares = [lately[(offset + week) % len(lately)] for week in range(weeks)]
    times = touchdowns(draw, shares, noise)
    # As Jeffreys' half landing does for the rate, one certain landing stands for those to come.
    marks = [*past.marks, CERTAIN]
    return Path(times, [marks[noise.randrange(len(marks))] for _ in times], shares)


def touchdowns(draw: Draw, shares: Sequence[float], noise: Random) -> list[float]:
    """Return the touchdowns that are noticed in weeks of which these shares can be seen."""
    times: list[float] = []
    turn = noise.randrange(BURST_WEEKS)
    burst = gamma(draw.bursts, noise)
    for week, share in enumerate(shares):
        if week % BURST_WEEKS == turn:
            burst = gamma(draw.bursts, noise)
        mean = draw.rate * share * burst
        if mean > 0:
            number = poisson(mean * gamma(draw.weekly, noise), noise)
            times += sorted(week + noise.random() for _ in range(number))
    return times


def gamma(variance: float, noise: Random) -> float:
    """Return a gamma variate with mean 1 and this variance."""
    return noise.gammavariate(1 / variance, variance) if variance > 0 else 1.0


def poisson(mean: float, noise: Random) -> int:
    """Return a Poisson variate (D. Knuth's method, by sums of exponential times)."""
    number, passed = 0, -math.log(1.0 - noise.random())
    while passed < mean:
        number += 1
        passed -= math.log(1.0 - noise.random())
    return number
