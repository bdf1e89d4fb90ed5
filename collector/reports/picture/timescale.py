"""How is time laid out on paper? To scale while the aircraft moves, squeezed while it stays."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

WHOLE_UP_TO = timedelta(minutes=24)
"""A shorter rest is drawn to scale: a descent and a climb stay comparable beside it."""
KEPT = timedelta(minutes=5)
"""Of a longer rest so much is kept to scale at either end."""
SQUEEZED_TO = timedelta(minutes=9)
"""What is left of it becomes as wide as this, whatever it was."""
MOST_TICKS = 9
_STEPS = tuple(timedelta(minutes=step) for step in (1, 2, 5, 10, 15, 30, 60, 120, 360))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time drawn evenly, from `x` to `x + width` (minutes on paper)."""

    begins_at: datetime
    ends_at: datetime
    x: float
    width: float
    squeezed: bool


@dataclass(frozen=True, slots=True)
class TimeScale:
    """A continuous, rising map from times to minutes on paper; `stretches` without holes."""

    stretches: tuple[Stretch, ...]

    @property
    def width(self) -> float:
        """Minutes on paper in all."""
        last = self.stretches[-1]
        return last.x + last.width

    @property
    def begins_at(self) -> datetime:
        """The left edge."""
        return self.stretches[0].begins_at

    @property
    def ends_at(self) -> datetime:
        """The right edge."""
        return self.stretches[-1].ends_at

    def x(self, at: datetime) -> float:
        """Minutes on paper from the left edge; times beyond an edge lie on it."""
        at = min(max(at, self.begins_at), self.ends_at)
        begins = [stretch.begins_at for stretch in self.stretches]
        stretch = self.stretches[max(0, bisect_right(begins, at) - 1)]
        return stretch.x + stretch.width * (
            (at - stretch.begins_at) / (stretch.ends_at - stretch.begins_at)
        )

    def shows(self, at: datetime) -> bool:
        """Whether the time lies between the edges."""
        return self.begins_at <= at <= self.ends_at

    def ticks(self) -> tuple[datetime, ...]:
        """Round times (of UTC), not in squeezed stretches, at most `MOST_TICKS`."""
        even = [stretch for stretch in self.stretches if not stretch.squeezed]
        total = sum((stretch.ends_at - stretch.begins_at for stretch in even), timedelta())
        step = next((step for step in _STEPS if total / step <= MOST_TICKS - 1), _STEPS[-1])
        return tuple(at for stretch in even for at in _round_times(stretch, step))


def timescale(begins_at: datetime, ends_at: datetime, moving_at: Iterable[datetime]) -> TimeScale:
    """From `begins_at` to `ends_at` (later), rests between the times `moving_at` squeezed."""
    inside = {at for at in moving_at if begins_at < at < ends_at}
    marks = [begins_at, *sorted(inside), ends_at]
    stretches: list[Stretch] = []
    at = begins_at
    for one, other in itertools.pairwise(marks):
        if other - one > WHOLE_UP_TO:
            stretches.append(_stretch(stretches, at, one + KEPT, squeezed=False))
            stretches.append(_stretch(stretches, one + KEPT, other - KEPT, squeezed=True))
            at = other - KEPT
    stretches.append(_stretch(stretches, at, ends_at, squeezed=False))
    return TimeScale(tuple(stretches))


def _stretch(
    before: Sequence[Stretch], begins_at: datetime, ends_at: datetime, *, squeezed: bool
) -> Stretch:
    x = before[-1].x + before[-1].width if before else 0.0
    length = SQUEEZED_TO if squeezed else ends_at - begins_at
    return Stretch(begins_at, ends_at, x, length / timedelta(minutes=1), squeezed)


def _round_times(stretch: Stretch, step: timedelta) -> Iterable[datetime]:
    midnight = stretch.begins_at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + step * -(-(stretch.begins_at - midnight) // step)
    while at <= stretch.ends_at:
        yield at
        at += step
