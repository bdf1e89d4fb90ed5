"""Which faults do reports have? Outages, jamming, spoofing, frozen and cached positions are
simulated."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from .places import Spot

MINUTE = 60.0


class Fault(StrEnum):
    """The kind of a fault; a case has at most one, so that the cost of each can be measured."""

    NONE = "none"
    OUTAGE_ONE = "outage-one-feed"
    OUTAGE_ALL = "outage-all"
    OUTAGE_REGION = "outage-region"
    OUTAGE_STAY = "outage-in-stay"
    EMPTY = "empty-200"
    CACHED = "cached"
    STALE = "stale"
    JAMMED = "jammed"
    CIRCLE = "spoofed-circle"
    JUMP = "spoofed-jump"

    @property
    def outage(self) -> bool:
        """Return whether the fault is an outage of feeds, of any kind."""
        return self in (
            Fault.OUTAGE_ONE,
            Fault.OUTAGE_ALL,
            Fault.OUTAGE_REGION,
            Fault.OUTAGE_STAY,
            Fault.EMPTY,
            Fault.CACHED,
        )


WEIGHTS: dict[Fault, float] = {
    Fault.NONE: 90.0,
    Fault.OUTAGE_ONE: 4.0,
    Fault.OUTAGE_ALL: 5.0,
    Fault.OUTAGE_REGION: 5.0,
    Fault.OUTAGE_STAY: 3.0,
    Fault.EMPTY: 3.0,
    Fault.CACHED: 3.0,
    Fault.STALE: 5.0,
    Fault.JAMMED: 5.0,
    Fault.CIRCLE: 5.0,
    Fault.JUMP: 4.0,
}

SPOOFED_TO: tuple[Spot, ...] = ((33.03, 34.23), (33.82, 35.49), (31.72, 35.99), (30.12, 31.41))
"""Off Haifa, as in the recording of West Asia, and the airports of Beirut, Amman and Cairo."""
NEARBY: tuple[Spot, ...] = ((29.74, 35.02), (29.95, 34.94), (29.6, 34.9))
"""The hardest case: spoofed positions near the watched fields."""
CIRCLE_KT = 156.0
SATURATED_FT = 3150.0


@dataclass(frozen=True, slots=True)
class FaultEvent:
    """One fault of one case: its kind, its time and the aircraft and feeds it affects."""

    fault: Fault
    begin_s: float = 0.0
    end_s: float = 0.0
    feed: int | None = None
    """The feed that fails; None: all of them."""
    centre: Spot = (0.0, 0.0)
    """The centre of the circle, or the target of the jump."""
    shift: Spot = (0.0, 0.0)
    """Degrees that a jump adds."""
    radius_nm: float = 3.0
    crowded: bool = False
    saturated: bool = True

    def on(self, now_s: float, feed: int) -> bool:
        """Return whether the fault is active at a time for a feed."""
        return (
            self.fault is not Fault.NONE
            and self.begin_s <= now_s < self.end_s
            and (self.feed is None or self.feed == feed)
        )

    def circle(self, now_s: float) -> tuple[float, float, float]:
        """Return the position and the track of the spoofed circle."""
        turned = CIRCLE_KT / 3600.0 / self.radius_nm * now_s
        lat = self.centre[0] + self.radius_nm / 60.0 * math.cos(turned)
        lon = self.centre[1] + self.radius_nm / 52.0 * math.sin(turned)
        return lat, lon, (math.degrees(turned) + 90.0) % 360.0


NO_FAULT = FaultEvent(Fault.NONE)


def draw_fault(
    rng: random.Random,
    fault: Fault,
    key_s: float,
    *,
    stay: tuple[float, float] | None,
    feeds: int,
    spoofed_to: Sequence[Spot] = SPOOFED_TO,
    nearby: Sequence[Spot] = NEARBY,
) -> FaultEvent:
    """Return a fault around `key_s`, the most important time (touchdown or nearest approach).

    `feeds` is their number; spoofed circles lie at `spoofed_to`, some of them `nearby`.
    """
    if fault is Fault.NONE:
        return NO_FAULT
    begin = key_s + rng.uniform(-30.0, 4.0) * MINUTE
    end = begin + min(300.0, 12.0 + rng.expovariate(1 / 60.0)) * MINUTE
    feed = rng.randrange(feeds) if fault is Fault.OUTAGE_ONE else None
    if fault is Fault.OUTAGE_STAY and stay is not None:
        begin = stay[0] + rng.uniform(0.1, 0.4) * (stay[1] - stay[0])
        end = stay[0] + rng.uniform(0.5, 0.95) * (stay[1] - stay[0])
    if fault in (Fault.STALE, Fault.CIRCLE, Fault.JUMP):
        end = begin + rng.uniform(6.0, 50.0) * MINUTE
    if fault is Fault.JAMMED:
        begin = key_s - rng.uniform(5.0, 60.0) * MINUTE
        end = key_s + rng.uniform(5.0, 120.0) * MINUTE
    centre = rng.choice(nearby if rng.random() < 0.15 else spoofed_to)
    shift = (
        rng.uniform(0.6, 3.0) * rng.choice((-1, 1)),
        rng.uniform(0.5, 3.0) * rng.choice((-1, 1)),
    )
    return FaultEvent(
        fault,
        begin,
        end,
        feed,
        centre,
        shift,
        rng.uniform(2.0, 5.0),
        crowded=rng.random() < 0.6,
        saturated=rng.random() < 0.9,
    )
