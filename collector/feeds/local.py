"""How is the operator's own receiver polled? It has a URL, a unix socket or a file.

It may be readsb, tar1090, dump1090-fa or dump1090-mutability. One poll asks for all aircraft.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

from collector.clock import Clock
from collector.errors import Malformed, Stale, Unreachable
from collector.feeds.base import Adapter
from collector.feeds.config import FeedSettings
from collector.feeds.freshness import LOCAL_MAX_AGE
from collector.model.reply import Area, Ask, Everything, Format, Reply
from collector.untrusted import visible

if TYPE_CHECKING:
    from collector.http import Http

MAX_BYTES = 32 * 1024 * 1024
"""A file of 12,000 aircraft has 6 MB; a receiver lists a few hundred."""
EVERYTHING = "all&jv2"
"""readsb's query for all aircraft, in the envelope of v2."""
REREAD_AFTER = timedelta(seconds=0.2)
"""Time that a receiver needs to finish a file that it does not replace in one step."""


class LocalFeed(Adapter):
    """A receiver whose `aircraft.json` or readsb API can be reached."""

    def __init__(self, settings: FeedSettings, http: Http, clock: Clock) -> None:
        super().__init__(settings, http, clock)
        self._url = settings.url or ""
        if settings.api_key:
            self.headers[settings.header or "Authorization"] = settings.api_key

    def asks(self, fleet: Sequence[str], areas: Sequence[Area]) -> list[Ask]:  # noqa: ARG002
        """Return one poll for everything."""
        return [Everything()]

    def cost(self, ask: Ask) -> int:  # noqa: ARG002 - the same for all
        """Return 1: one request."""
        return 1

    def fetch(self, ask: Ask) -> Reply:  # noqa: ARG002 - every poll is for everything
        """Read the file or send one request. Raises as `Feed.fetch` does."""
        parts = urlsplit(self._url)
        if parts.scheme in ("http", "https"):
            return self._fetch_http(data_url(self._url), None, None)
        path = unquote(parts.path)
        if parts.scheme == "unix":
            shown = f"unix://{path}?{EVERYTHING}"
            return self._fetch_http(f"http://localhost/?{EVERYTHING}", path, shown)
        return self._fetch_file(Path(path))

    def _fetch_http(self, url: str, socket_path: str | None, shown: str | None) -> Reply:
        response = self.ask_http(url, self.headers, cost=1, socket_path=socket_path)
        return self.accept(
            response,
            Everything(),
            Format.READSB,
            requested=url,
            shown=shown,
            max_age=LOCAL_MAX_AGE,
        )

    def _fetch_file(self, path: Path) -> Reply:
        # Path.is_dir raises if a folder on the way may not be entered.
        if os.path.isdir(path):  # noqa: PTH112
            path /= "aircraft.json"
        self.budget.pay(1, self.clock.now())
        try:
            return self._read(path)
        except Malformed:
            if self.clock.wait(REREAD_AFTER):
                raise
            return self._read(path)

    def _read(self, path: Path) -> Reply:
        now = self.clock.now()
        where = f"file://{visible(str(path))}"
        body, written_at = read(path, where)
        if now - written_at > LOCAL_MAX_AGE:
            raise Stale(
                f"{where}: last written {written_at:%F %H:%M:%S}Z; is the receiver running?"
            )
        reply = Reply(
            feed=self.name,
            format=Format.READSB,
            ask=Everything(),
            url=where,
            received_at=now,
            body=body,
        )
        return self.checked(reply, LOCAL_MAX_AGE)


def data_url(url: str) -> str:
    """Return the URL of the data, from the address of a receiver's map or of the data itself.

    >>> data_url("http://pi.lan/tar1090/")
    'http://pi.lan/tar1090/data/aircraft.json'
    >>> data_url("http://pi.lan:8042/re-api/")
    'http://pi.lan:8042/re-api/?all&jv2'
    >>> data_url("http://pi.lan/skyaware/data/aircraft.json")
    'http://pi.lan/skyaware/data/aircraft.json'
    """
    parts = urlsplit(url)
    path, query = parts.path, parts.query
    if path.rstrip("/").endswith("/re-api"):
        query = query or EVERYTHING
    elif not path.endswith(".json") and not query:
        folder = path.rstrip("/")
        path = (
            f"{folder}/aircraft.json"
            if folder.endswith("/data")
            else f"{folder}/data/aircraft.json"
        )
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def read(path: Path, where: str) -> tuple[bytes, datetime]:
    """Return a file's bytes and the time when they were written, both of the same version.

    Raises Unreachable if the file cannot be read, Malformed if it is too large or not a plain file.
    """
    try:
        # O_NONBLOCK: opening a pipe without a writer would wait for ever.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:  # noqa: PTH123
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Malformed(f"{where}: not a plain file; name the receiver's aircraft.json")
            body = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unreachable(
            f"{where}: {error.strerror}; check that the receiver is running and that this user may "
            "read the file"
        ) from error
    if len(body) > MAX_BYTES:
        raise Malformed(f"{where}: larger than {MAX_BYTES} bytes; check that it is the right file")
    return body, datetime.fromtimestamp(status.st_mtime, UTC)
