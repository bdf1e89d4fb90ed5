"""What is requested of a host, and what is the answer? Values, and the validators of replies."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from collector.http.etiquette import decoded_body, sendable, shown_url
from collector.secret import Secret, redacted
from collector.untrusted import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer. `body` is decoded; `url` has no credentials."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    url: str
    received_at: datetime
    not_modified: bool = False
    """Whether the status is 304: unchanged since the reply whose validators were sent."""

    def header(self, name: str) -> str | None:
        """Return the first header of that name in any case; None if absent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Sink(Protocol):
    """Where a body is written that is too large for memory."""

    def headers(self) -> Mapping[str, str]:
        """Return headers for the next try, so that it goes on where the last one ended."""

    def write(self, status: int, headers: Mapping[str, str], chunks: Iterable[bytes]) -> None:
        """Write the body of an accepted answer; `headers` by lower-case name."""


LONGEST_LABEL = 120
"""Characters of an address in a message; a poll for a fleet may list 200 aircraft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: what to send, and within which limits. `shown` is the URL for people."""

    url: str
    headers: Mapping[str, str | Secret]
    spacing: timedelta
    timeout: timedelta
    max_bytes: int
    tolerate: Collection[int] = ()
    refusals: Collection[int] = ()
    form: Mapping[str, str | Secret] | None = None
    content: bytes | None = None
    """Posted as it is, instead of a form."""
    conditional: bool = False
    teaches: bool = False
    """Whether its answer teaches the host's pace. All requests keep to it."""
    pay: Callable[[], None] | None = None
    socket_path: str | None = None
    into: Sink | None = None
    """Receives the body instead of the response."""
    stall: timedelta | None = None
    """Longest time without a byte, if it differs from `timeout` for the whole body."""
    follow: Collection[str] = ()
    """Other hosts, including those below them, that it may be redirected to."""

    @property
    def longest_stall(self) -> timedelta:
        """The longest time without a byte."""
        return self.stall or self.timeout

    @property
    def label(self) -> str:
        """`shown` shortened for messages: the middle of a long list of addresses is left out."""
        shown = self.shown
        return shown if len(shown) <= LONGEST_LABEL else f"{shown[:70]}…{shown[-12:]}"

    def accepts(self, status: int) -> bool:
        """Return whether an answer with that status is returned instead of raised."""
        return status in (200, 304, *self.tolerate)

    def sent(self) -> dict[str, str]:
        """Return the headers of the next try, with secrets."""
        return revealed(self.headers) | (dict(self.into.headers()) if self.into else {})

    def read(self, status: int, headers: Mapping[str, str], chunks: Iterable[bytes]) -> bytes:
        """Return the decoded body without our secrets, empty if it went into the sink.

        Some servers quote a refused key. Raises ValueError as `decoded_body` does.
        """
        if self.into is not None and self.accepts(status):
            self.into.write(status, headers, chunks)
            return b""
        limit = self.max_bytes if self.accepts(status) else MAX_ERROR_BYTES
        encoding = redacted(headers.get("content-encoding", ""), self.secrets)
        body = decoded_body(chunks, encoding, limit)
        return redacted(body, self.secrets)

    def harmless(self, text: str) -> str:
        """Return what a library says, which may quote the server: without our secrets, then cut.

        Of a secret that is cut, the rest would not be found.
        """
        return visible(redacted(text, self.secrets), 200)

    @property
    def shown(self) -> str:
        """The URL without credentials."""
        return shown_url(self.url)

    @property
    def secrets(self) -> list[str]:
        """Texts that must not be kept or shown: each secret, and the token after `Bearer`."""
        values = [*self.headers.values(), *(self.form or {}).values()]
        whole = [value.reveal() for value in values if isinstance(value, Secret)]
        return [*whole, *(value.rpartition(" ")[2] for value in whole)]


def revealed(values: Mapping[str, str | Secret]) -> dict[str, str]:
    """Return the values with their secrets, as they are sent."""
    return {
        name: value.reveal() if isinstance(value, Secret) else value
        for name, value in values.items()
    }


class Validators:
    """The ETag and Last-Modified of the last good reply of each URL."""

    def __init__(self) -> None:
        self._stored: dict[str, dict[str, str]] = {}

    def headers_for(self, request: Request) -> dict[str, str]:
        """Return headers that make the request conditional; empty if not wanted or possible."""
        return dict(self._stored.get(request.url, {})) if request.conditional else {}

    def remember(self, request: Request, headers: Mapping[str, str]) -> None:
        """Store the validators of a 200 that can be sent back; `headers` by lower-case name."""
        if not request.conditional:
            return
        self._stored.pop(request.url, None)
        pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        found = {ours: text for ours, theirs in pairs if (text := sendable(headers.get(theirs)))}
        if found:
            self._stored[request.url] = found
            while len(self._stored) > MAX_REMEMBERED:
                del self._stored[next(iter(self._stored))]

    def forget(self, url: str) -> None:
        """Send the next request for this URL unconditionally."""
        self._stored.pop(url, None)


ATTEMPTS = 3
"""Including the first try; the next poll is the better retry."""


PATIENCE = timedelta(seconds=20)
"""Longest time for retries of one request, below the shortest usual poll interval."""


TIMEOUT = timedelta(seconds=20)
"""For one exchange, from connecting to the last byte."""
CONNECTING_SHARE = 1 / 3
"""So much of that time is for connecting to one address of the host. Where IPv6 is configured and
leads nowhere, the first address answers nothing, and the second must still have its time."""


MAX_BYTES = 32 * 1024 * 1024
"""A reply with 12,000 aircraft has 6 MB."""


MAX_ERROR_BYTES = 64 * 1024


MAX_REDIRECTS = 3


MAX_REMEMBERED = 256
"""URLs whose validators are kept; a collector uses a few dozen."""
