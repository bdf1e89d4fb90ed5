"""How many landings were published for which time, and when was there fighting? These are the
classes of the published record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from collector.model.sighting import Period, Sighting, Unit


class CountKind(StrEnum):
    """The meaning of a published number."""

    EXACT = "exact"
    AT_LEAST = "at least"
    APPROX = "approx"
    RANK = "rank"
    QUALITATIVE = "qualitative"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCount:
    """One published number, or the words that stand for it."""

    period: Period
    said_period: str = ""
    """The time in the source's words, if `period` only gives the days within which it lies."""
    count: int | None
    said: str = ""
    """The number in the source's words: `about 12`, `rise`."""
    kind: CountKind
    unit: Unit | None = None
    airfields: tuple[str, ...] = ()
    operator: str | None = None
    lead: bool = False
    """Whether the first sentences of a report name this count."""
    what: str
    confidence: str = ""
    note: str = ""
    source: str

    @property
    def landings(self) -> float | None:
        """The number of landings: two legs are one landing."""
        if self.count is None:
            return None
        return self.count / 2 if self.unit is Unit.LEG else float(self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fighting:
    """A time of fighting. If its end or its days are unknown, it is shown but not tested."""

    period: Period
    tested: bool
    name: str
    confidence: str = ""
    note: str = ""
    source: str

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day, the first twice if the end is open; None if it has no
        beginning."""
        if self.period.first is None:
            return None
        return self.period.first, self.period.last or self.period.first


@dataclass(frozen=True, slots=True)
class PublishedRecord:
    """Everything published that the collector knows."""

    sightings: tuple[Sighting, ...] = ()
    counts: tuple[PublishedCount, ...] = ()
    fighting: tuple[Fighting, ...] = ()


def days_near_fighting(fighting: Iterable[Fighting], before_days: int) -> frozenset[date]:
    """Return the days of the tested fighting and the `before_days` days before each.

    Raises ValueError if `before_days` is negative.
    """
    if before_days < 0:
        raise ValueError(f"{before_days} days before the fighting: the number must be 0 or more")
    found: set[date] = set()
    for event in fighting:
        days = event.days
        if event.tested and days is not None:
            first = days[0] - timedelta(days=before_days)
            found.update(first + timedelta(days=n) for n in range((days[1] - first).days + 1))
    return frozenset(found)


def fighting_between(fighting: Sequence[Fighting], first: date, last: date) -> list[Fighting]:
    """Return the fighting on any of these days, both included, in order of time."""
    found = [(event.days, event) for event in fighting]
    return [
        event
        for days, event in sorted(found, key=lambda item: (item[0] or (date.max,), item[1].name))
        if days is not None and days[0] <= last and first <= days[1]
    ]
