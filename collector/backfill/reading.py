"""What does one unit of an archive hold of what is looked for? A worker's part. (step 2)

Workers read and sift; plain values come back. Nothing is stored here, and nothing is known of
other units, so that any number of processes or machines may do it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import unquote

from collector.archives.traces import Skipped, Unit, read_unit
from collector.backfill.search import Search, tools
from collector.decode import decode
from collector.decode.heard import heard_near, joined, spots_of, spots_of_trace
from collector.decode.sift import sift
from collector.decode.trace import TraceRow
from collector.errors import DecodeError
from collector.hearing import Slot
from collector.model import Observation, WatchMatch
from collector.replies import Fleet, Reply

Seen = tuple[Observation, tuple[WatchMatch, ...]]

TRACE_NAME = re.compile(r"trace_(?:full|recent)_(~?[0-9a-f]{6})\.json(?:\.gz)?", re.IGNORECASE)
"""One aircraft's trace by itself; any other unit is a collection (FEEDS.md §3.3)."""

DAY_FROM = 0.1
"""A day holds at least this share of a unit's rows, or the unit does not tell of it: phantom points
before midnight make no day (FEEDS.md §4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one unit holds; picklable."""

    seen: tuple[Seen, ...] = ()
    """Reports that are wanted, with who wants them."""
    slots: tuple[Slot, ...] = ()
    """When and where the network proves to have heard."""
    days: frozenset[date] = frozenset()
    """UTC days the unit tells of."""
    traces: int = 0
    sampled: int = 0
    skipped: tuple[Skipped, ...] = ()


def read(search: Search, units: Sequence[Unit]) -> tuple[Found, ...]:
    """Read some units, each by itself. What cannot be read is told in the result; never raises."""
    return tuple(_read_one(search, unit) for unit in units)


@dataclass(slots=True)
class _Reader:
    """One unit's reading."""

    search: Search
    unit: Unit
    seen: list[Seen] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    days: Counter[date] = field(default_factory=Counter)
    traces: int = 0
    sampled: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    _probe: str | None = None
    _taken: bool = False

    def names(self, icao24: str) -> bool:
        """Whether a trace is read wherever the aircraft flew. One of each collection always is: it
        tells which day the collection is of, where nobody else flew."""
        if self._probe is None and not TRACE_NAME.fullmatch(self.unit.name):
            self._probe = icao24
        return icao24 == self._probe or tools(self.search).named(icao24)

    def take(self, reply: Reply) -> None:
        """Keep what matters of one trace. Raises DecodeError."""
        kit = tools(self.search)
        icao24 = reply.ask.icao24[0] if isinstance(reply.ask, Fleet) else ""
        seen: tuple[Seen, ...] = ()
        if kit.wanted(icao24) or kit.visitors is not None:
            sifted = sift(reply, kit.matcher, kit.region, kit.visitors)
            seen = sifted.observations
            self.traces += 1
            self.seen += seen
        sampled = icao24 in self.search.sample
        if sampled or not self._taken:
            rows = decode(reply.format, reply.body, received_at=reply.received_at).rows
            self.days.update(row.at.date() for row in rows if isinstance(row, TraceRow))
        if sampled:
            self.sampled += 1
            self.slots += heard_near(spots_of_trace(rows, kit.region), self.search.feed)
        elif seen:
            reports = [observation for observation, _ in seen]
            self.days.update(observation.at.date() for observation in reports)
            self.slots += heard_near(spots_of(reports, kit.region), self.search.feed)
        self._taken = True

    def found(self) -> Found:
        """All of it."""
        least = DAY_FROM * self.days.total()
        return Found(
            seen=tuple(self.seen),
            slots=joined(self.slots),
            days=frozenset(day for day, rows in self.days.items() if rows >= least),
            traces=self.traces,
            sampled=self.sampled,
            skipped=tuple(self.skipped),
        )


def _read_one(search: Search, unit: Unit) -> Found:
    reader = _Reader(search, unit)
    for reply in _replies(reader):
        try:
            reader.take(reply)
        except DecodeError as error:
            reader.skipped.append(Skipped(unit.paths[0], _member(reply), str(error)))
    return reader.found()


def _replies(reader: _Reader) -> Iterator[Reply]:
    """The traces of a unit that may hold what is looked for: near an airfield anybody may land."""
    search, report = reader.search, reader.skipped.append
    anybody = search.visitors is not None
    wanted = (lambda _: True) if anybody else reader.names
    return read_unit(reader.unit, feed=search.feed, wanted=wanted, report=report)


def _member(reply: Reply) -> str | None:
    """The name within its collection that a reply came from; None for a file by itself."""
    _, mark, member = reply.url.partition("#")
    return unquote(member) if mark else None
