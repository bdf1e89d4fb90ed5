"""What is asked of a host, and what came back? Values, and the memory of what may be unchanged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from collector.http.etiquette import inflated, without_credentials
from collector.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back. `body` is decoded; `url` carries no credentials."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    url: str
    received_at: datetime
    not_modified: bool = False
    """304: nothing changed since the reply whose validators were sent."""

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Sink(Protocol):
    """Where a body goes that is too large to be held."""

    def headers(self) -> Mapping[str, str]:
        """What the next try must send: it goes on where the last one ended."""

    def take(self, status: int, headers: Mapping[str, str], chunks: Iterable[bytes]) -> None:
        """Keep the body of an answer that was welcome; `headers` by lower-case name."""


LONGEST_NAMED = 120
"""Letters of an address in a message; a fleet is asked for by some 200 of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One fetch: what to ask, and within which limits. `shown` is the URL for people."""

    url: str
    headers: Mapping[str, str | Secret]
    spacing: timedelta
    timeout: timedelta
    max_bytes: int
    tolerate: Collection[int] = ()
    refusals: Collection[int] = ()
    form: Mapping[str, str | Secret] | None = None
    conditional: bool = False
    pay: Callable[[], None] | None = None
    socket_path: str | None = None
    into: Sink | None = None
    """Takes the body instead of the response."""
    stall: timedelta | None = None
    """Longest time without a byte, where it differs from `timeout`, which is for all of them."""
    follow: Collection[str] = ()
    """Other hosts, those below them included, that it may be redirected to."""

    @property
    def named(self) -> str:
        """`shown` as messages name it: the middle of a fleet's many addresses is left out."""
        shown = self.shown
        return shown if len(shown) <= LONGEST_NAMED else f"{shown[:70]}…{shown[-12:]}"

    def welcomes(self, status: int) -> bool:
        """Whether an answer of that status is handed back."""
        return status in (200, 304, *self.tolerate)

    def sent(self) -> dict[str, str]:
        """The headers of the next try."""
        return revealed(self.headers) | (dict(self.into.headers()) if self.into else {})

    def read(self, status: int, headers: Mapping[str, str], chunks: Iterable[bytes]) -> bytes:
        """The decoded body, empty where it went elsewhere. Raises ValueError as `inflated`."""
        if self.into is not None and self.welcomes(status):
            self.into.take(status, headers, chunks)
            return b""
        limit = self.max_bytes if self.welcomes(status) else MAX_ERROR_BYTES
        return inflated(chunks, headers.get("content-encoding"), limit)

    @property
    def shown(self) -> str:
        """The URL without credentials."""
        return without_credentials(self.url)

    @property
    def secrets(self) -> list[str]:
        """What must not appear in any message: each secret, and the token after `Bearer`."""
        values = [*self.headers.values(), *(self.form or {}).values()]
        whole = [value.reveal() for value in values if isinstance(value, Secret)]
        return [*whole, *(value.rpartition(" ")[2] for value in whole)]


def revealed(values: Mapping[str, str | Secret]) -> dict[str, str]:
    """The values as they go over the wire."""
    return {
        name: value.reveal() if isinstance(value, Secret) else value
        for name, value in values.items()
    }


class Validators:
    """ETag and Last-Modified of the last good reply of each URL."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, str]] = {}

    def headers_for(self, order: Order) -> dict[str, str]:
        """What makes the request conditional; nothing unless that is wished and possible."""
        return dict(self._known.get(order.url, {})) if order.conditional else {}

    def remember(self, order: Order, headers: Mapping[str, str]) -> None:
        """Note the validators of a 200, `headers` by lower-case name."""
        if not order.conditional:
            return
        self._known.pop(order.url, None)
        pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        found = {ours: headers[theirs] for ours, theirs in pairs if headers.get(theirs)}
        if found:
            self._known[order.url] = found
            while len(self._known) > MAX_REMEMBERED:
                del self._known[next(iter(self._known))]

    def forget(self, url: str) -> None:
        """Ask unconditionally next time."""
        self._known.pop(url, None)


ATTEMPTS = 3
"""First try included; the next poll is the better retry."""


PATIENCE = timedelta(seconds=20)
"""Longest time one fetch may spend on retries: shorter than the shortest usual poll interval."""


TIMEOUT = timedelta(seconds=20)
"""For one exchange, from connecting to the last byte."""


MAX_BYTES = 32 * 1024 * 1024
"""A reply with 12,000 aircraft has 6 MB."""


MAX_ERROR_BYTES = 64 * 1024


MAX_REDIRECTS = 3


MAX_REMEMBERED = 256
"""URLs whose validators are kept; a collector asks for a few dozen."""
