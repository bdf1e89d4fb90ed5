"""Are landings put into the true week? The chance that is given to each week, compared with where
the touchdown was."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from collector.model import Detection
from collector.model.dating import known_week
from collector.weeks import week_bounds, week_of, weeks_between

from .measures import share, wilson

ZONE = "Asia/Jerusalem"
"""The time zone of the shipped watch, in which weeks are counted."""
EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99, 1.0)
"""Of the rows of `calibration`: tenths, and the last of them divided, since most weeks lie
there."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """What is said of the week of one landing."""

    chances: dict[str, float]
    """Of each week that it may lie in, in order of time."""
    known: str | None
    """The week in which it counts; None if it counts in none of several."""
    unheard: bool
    """Whether nobody heard the aircraft arrive."""


def weeks_said(detection: Detection, zone: str = ZONE) -> Weeks:
    """Return what a landing says of its week."""
    first, last = detection.touchdown_span
    keys = weeks_between(week_of(first, zone), week_of(last, zone))
    chances = {key: detection.chance_between(*week_bounds(key, zone)) for key in keys}
    known = known_week(detection, zone) if detection.visit_known else None
    return Weeks(chances, known, detection.unheard is not None)


def week_at(at_s: float, zone: str = ZONE) -> str:
    """Return the week of a time in Unix seconds."""
    return week_of(datetime.fromtimestamp(at_s, UTC), zone)


@dataclass(slots=True)
class Dated:
    """How true the weeks of many landings are."""

    counted: int = 0
    """Landings that count in one week."""
    wrong: int = 0
    """Those of them that lie in another."""
    several: int = 0
    """Landings that count in none of several weeks, but once in the total."""
    rows: list[list[float]] = field(default_factory=lambda: [[0, 0.0, 0] for _ in EDGES[1:]])
    """Of the weeks in which an unheard arrival may lie, by chance: how many, the sum of their
    chances, and in how many it lay."""

    def add(self, said: Weeks, true: str) -> None:
        """Add a landing whose touchdown was in the week `true`."""
        self.counted += said.known is not None
        self.wrong += said.known not in (None, true)
        self.several += said.known is None
        if said.unheard:
            self._weigh(said.chances, true)

    def _weigh(self, chances: Mapping[str, float], true: str) -> None:
        for key, chance in chances.items():
            row = self.rows[min(len(self.rows), bisect_right(EDGES, chance)) - 1]
            row[0] += 1
            row[1] += chance
            row[2] += key == true

    def merge(self, other: Dated) -> None:
        """Add what another one has seen."""
        self.counted += other.counted
        self.wrong += other.wrong
        self.several += other.several
        for mine, theirs in zip(self.rows, other.rows, strict=True):
            mine[:] = [a + b for a, b in zip(mine, theirs, strict=True)]

    @property
    def words(self) -> str:
        """How many lie in a wrong week: `3 of 1,200 in a wrong week (1 in 400), 12 in none of
        several`."""
        often = f" (1 in {self.counted / self.wrong:,.0f})" if self.wrong else ""
        return (
            f"{self.wrong} of {self.counted:,} in a wrong week{often}, "
            f"{self.several:,} counted in none of several"
        )


def calibration(dated: Dated) -> Iterator[str]:
    """Yield a table: of the weeks given a chance, how many of the unheard arrivals lay in them."""
    yield f"{'chance of a week':<18}{'weeks':>8}{'mean chance':>13}{'lay in it':>11}  95 %"
    for low, high, (number, total, hits) in zip(EDGES, EDGES[1:], dated.rows, strict=False):
        if not number:
            continue
        least, most = wilson(int(hits), int(number))
        yield (
            f"{f'{low:g} to {high:g}':<18}{number:>8,.0f}{share(total, number):>13.3f}"
            f"{share(hits, number):>11.3f}  {least:.3f}-{most:.3f}"
        )
