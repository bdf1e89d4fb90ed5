"""How is time laid out on the sheet? Time is to scale while the aircraft moves, and shortened while
it stays.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LONGEST_TO_SCALE = timedelta(minutes=24)
"""A rest up to this length is drawn to scale, so that descent and climb stay comparable."""
KEPT_AT_ENDS = timedelta(minutes=5)
"""This much of a longer rest stays to scale at either end."""
SQUEEZED_WIDTH = timedelta(minutes=9)
"""The rest of it is drawn this wide, whatever its length."""
MAX_TICKS = 9
_STEPS = tuple(timedelta(minutes=step) for step in (1, 2, 5, 10, 15, 30, 60, 120, 360))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time with an even scale, from `x` to `x + width` (minutes on the sheet)."""

    begins_at: datetime
    ends_at: datetime
    x: float
    width: float
    squeezed: bool


@dataclass(frozen=True, slots=True)
class TimeScale:
    """A continuous, rising map from times to minutes on the sheet; `stretches` have no gaps."""

    stretches: tuple[Stretch, ...]

    @property
    def width(self) -> float:
        """The width of the whole axis, in minutes on the sheet."""
        last = self.stretches[-1]
        return last.x + last.width

    @property
    def begins_at(self) -> datetime:
        """The time at the left edge."""
        return self.stretches[0].begins_at

    @property
    def ends_at(self) -> datetime:
        """The time at the right edge."""
        return self.stretches[-1].ends_at

    def x(self, at: datetime) -> float:
        """Return the distance of a time from the left edge; a time beyond an edge lies on it."""
        at = min(max(at, self.begins_at), self.ends_at)
        begins = [stretch.begins_at for stretch in self.stretches]
        stretch = self.stretches[max(0, bisect_right(begins, at) - 1)]
        return stretch.x + stretch.width * (
            (at - stretch.begins_at) / (stretch.ends_at - stretch.begins_at)
        )

    def shows(self, at: datetime) -> bool:
        """Return whether the time lies between the edges."""
        return self.begins_at <= at <= self.ends_at

    def ticks(self) -> tuple[datetime, ...]:
        """Return round times (UTC) outside of squeezed stretches, at most `MAX_TICKS`."""
        even = [stretch for stretch in self.stretches if not stretch.squeezed]
        total = sum((stretch.ends_at - stretch.begins_at for stretch in even), timedelta())
        step = next((step for step in _STEPS if total / step <= MAX_TICKS - 1), _STEPS[-1])
        return tuple(at for stretch in even for at in _round_times(stretch, step))


def timescale(begins_at: datetime, ends_at: datetime, moving_at: Iterable[datetime]) -> TimeScale:
    """Return the scale from `begins_at` to `ends_at`; rests between the times `moving_at` are
    squeezed.

    `ends_at` must be later than `begins_at`.
    """
    inside = {at for at in moving_at if begins_at < at < ends_at}
    marks = [begins_at, *sorted(inside), ends_at]
    stretches: list[Stretch] = []
    at = begins_at
    for one, other in itertools.pairwise(marks):
        if other - one > LONGEST_TO_SCALE:
            stretches.append(_stretch(stretches, at, one + KEPT_AT_ENDS, squeezed=False))
            stretches.append(
                _stretch(stretches, one + KEPT_AT_ENDS, other - KEPT_AT_ENDS, squeezed=True)
            )
            at = other - KEPT_AT_ENDS
    stretches.append(_stretch(stretches, at, ends_at, squeezed=False))
    return TimeScale(tuple(stretches))


def _stretch(
    before: Sequence[Stretch], begins_at: datetime, ends_at: datetime, *, squeezed: bool
) -> Stretch:
    x = before[-1].x + before[-1].width if before else 0.0
    length = SQUEEZED_WIDTH if squeezed else ends_at - begins_at
    return Stretch(begins_at, ends_at, x, length / timedelta(minutes=1), squeezed)


def _round_times(stretch: Stretch, step: timedelta) -> Iterable[datetime]:
    midnight = stretch.begins_at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + step * -(-(stretch.begins_at - midnight) // step)
    while at <= stretch.ends_at:
        yield at
        at += step
