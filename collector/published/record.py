"""What was published: how many landings in which time, and when was there fighting?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from collector.model.sighting import Period, Sighting, Unit


class CountKind(StrEnum):
    """How a published number is meant."""

    EXACT = "exact"
    AT_LEAST = "at least"
    APPROX = "approx"
    RANK = "rank"
    QUALITATIVE = "qualitative"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCount:
    """One published number, or what was said in place of one."""

    period: Period
    said_period: str = ""
    """The time in the source's words, where `period` only says within which days it lies."""
    count: int | None
    said: str = ""
    """In the source's words: `about 12`, `rise`."""
    kind: CountKind
    unit: Unit | None = None
    airfields: tuple[str, ...] = ()
    operator: str | None = None
    lead: bool = False
    """Whether a report's first sentences name it."""
    what: str
    confidence: str = ""
    note: str = ""
    source: str

    @property
    def landings(self) -> float | None:
        """The number in landings: two legs are one."""
        if self.count is None:
            return None
        return self.count / 2 if self.unit is Unit.LEG else float(self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fighting:
    """A time of fighting. What has no end, or no days, is shown and not tested on."""

    period: Period
    tested: bool
    name: str
    confidence: str = ""
    note: str = ""
    source: str

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day; its first alone where the end is open; None: no beginning."""
        if self.period.first is None:
            return None
        return self.period.first, self.period.last or self.period.first


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that was published, as far as it is known here."""

    sightings: tuple[Sighting, ...] = ()
    counts: tuple[PublishedCount, ...] = ()
    fighting: tuple[Fighting, ...] = ()


def days_near(fighting: Iterable[Fighting], before_days: int) -> frozenset[date]:
    """The days of the tested fighting, and so many before each.

    Raises ValueError if `before_days` is negative.
    """
    if before_days < 0:
        raise ValueError(f"{before_days} days before the fighting: give 0 or more")
    found: set[date] = set()
    for one in fighting:
        days = one.days
        if one.tested and days is not None:
            first = days[0] - timedelta(days=before_days)
            found.update(first + timedelta(days=n) for n in range((days[1] - first).days + 1))
    return frozenset(found)


def touching(fighting: Sequence[Fighting], first: date, last: date) -> list[Fighting]:
    """Those that touch these days, both included, in order of time."""
    found = [(one.days, one) for one in fighting]
    return [
        one
        for days, one in sorted(found, key=lambda each: (each[0] or (date.max,), each[1].name))
        if days is not None and days[0] <= last and first <= days[1]
    ]
