"""What is one request to a feed, and what may come back? The values that all faults use."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum

import httpx

from .sky import Row, envelope

HANGS = timedelta(seconds=20)
"""So long the client waits (`collector.http.request.TIMEOUT`); the simulated clock moves on."""
JSON = {"content-type": "application/json"}


class Delivers(StrEnum):
    """What of the sky reaches a client that reads all that can be read."""

    NOTHING = "nothing"
    OTHERS = "others"
    """A valid reply, but not to be trusted in the rows of the aircraft that are watched."""
    FALSE = "false"
    """A valid reply that may report the aircraft that are watched where they are not."""
    WHOLE = "whole"


class Stream(httpx.SyncByteStream):
    """A body that arrives in one piece, and then fails if it is told to."""

    def __init__(self, body: bytes, failure: Exception | None = None) -> None:
        self._body, self._failure = body, failure

    def __iter__(self) -> Iterator[bytes]:
        yield self._body
        if self._failure is not None:
            raise self._failure


@dataclass
class Exchange:
    """One request, the truth that it asks for, and the tools of a fault."""

    request: httpx.Request
    kind: str
    now: datetime
    """The true time."""
    rows: Sequence[Row]
    """The true answer."""
    watched: frozenset[str]
    wait: Callable[[timedelta], object]
    """Lets the simulated time pass."""
    rng: random.Random
    memory: dict[str, bytes]
    """What the fault remembers from one request to the next."""
    last: bytes | None = None
    """The body of the last true answer to the same request."""

    def body(self, rows: Sequence[Mapping[str, object]] | None = None) -> bytes:
        """Return a body with these rows, or the true ones."""
        return envelope(self.rows if rows is None else rows, self.now, self.kind)

    def body_at(self, now: datetime) -> bytes:
        """Return the true rows under another time of the reply."""
        return envelope(self.rows, now, self.kind)

    def ok(self, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Response:
        """Return a 200 with this body, or the true one."""
        return answer(200, self.body() if body is None else body, self.now, headers)

    def status(
        self, code: int, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Response:
        """Return another status."""
        return answer(code, body, self.now, headers)

    def own(self) -> list[Row]:
        """Return the rows of watched aircraft."""
        return [row for row in self.rows if row["hex"] in self.watched]

    def with_own(self, change: Callable[[Row], Row]) -> list[Row]:
        """Return all rows, those of watched aircraft changed."""
        return [change(dict(row)) if row["hex"] in self.watched else row for row in self.rows]


Response = httpx.Response


def answer(
    code: int,
    body: bytes | Stream,
    now: datetime,
    headers: Mapping[str, str] | Sequence[tuple[bytes, bytes]] | None = None,
) -> Response:
    """Return an answer with a `Date` of the true time."""
    stream = body if isinstance(body, Stream) else Stream(body)
    listed: list[tuple[bytes, bytes]] = [(b"Date", format_datetime(now, usegmt=True).encode())]
    given = headers or {}
    pairs = given.items() if isinstance(given, Mapping) else given
    for name, value in [*JSON.items(), *pairs]:
        listed.append((_bytes(name), _bytes(value)))
    return httpx.Response(code, headers=listed, stream=stream)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


Answers = Callable[[Exchange], Response]


@dataclass(frozen=True, slots=True)
class FeedFault:
    """One way in which a feed fails."""

    name: str
    answer: Answers
    delivers: Delivers = Delivers.NOTHING
    kinds: frozenset[str] = frozenset()
    """The kinds of feed that can fail so; empty: all."""
    once: bool = False
    """Whether it is a single false report: then it comes once in a visit, as the name says."""
    parks: bool = False
    """Whether the collector leaves the feed alone then, for a day or more."""
