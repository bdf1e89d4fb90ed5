"""How is a receiver of one's own asked: by URL, through a unix socket, or from its file (step 1)?

readsb, tar1090, dump1090-fa and dump1090-mutability. Whatever it hears is asked for at once.
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
"""A file with 12,000 aircraft has 6 MB; receivers hear a few hundred."""
EVERYTHING = "all&jv2"
"""readsb's query for all it hears, in the v2 envelope."""
REREAD_AFTER = timedelta(seconds=0.2)
"""A writer that does not replace its file in one step needs about so long to finish it."""


class LocalFeed(Adapter):
    """A receiver whose `aircraft.json` or readsb API can be reached."""

    def __init__(self, settings: FeedSettings, http: Http, clock: Clock) -> None:
        super().__init__(settings, http, clock)
        self._url = settings.url or ""
        if settings.api_key:
            self.headers[settings.header or "Authorization"] = settings.api_key

    def asks(self, fleet: Sequence[str], areas: Sequence[Area]) -> list[Ask]:  # noqa: ARG002
        """Everything, once, whatever is wanted."""
        return [Everything()]

    def cost(self, ask: Ask) -> int:  # noqa: ARG002 - the same for all
        """One request."""
        return 1

    def fetch(self, ask: Ask) -> Reply:  # noqa: ARG002 - there is only one answer
        """Read or ask once. Raises as `Feed.fetch` does."""
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
            asked=url,
            shown=shown,
            max_age=LOCAL_MAX_AGE,
        )

    def _fetch_file(self, path: Path) -> Reply:
        # Not Path.is_dir: it raises where a folder on the way may not be entered.
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
        return self.judged(reply, LOCAL_MAX_AGE)


def data_url(url: str) -> str:
    """The URL to ask for, from the address of a receiver's map or of the data itself.

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
    """A file's bytes and when they were written, both of the same version of it.

    Raises Unreachable if it cannot be read, Malformed if it is no plain file or too large.
    """
    try:
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:  # noqa: PTH123
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Malformed(f"{where}: not a plain file; name the receiver's aircraft.json")
            body = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unreachable(
            f"{where}: {error.strerror}; is the receiver running, and may this user read it?"
        ) from error
    if len(body) > MAX_BYTES:
        raise Malformed(f"{where}: larger than {MAX_BYTES} bytes; is it the right file?")
    return body, datetime.fromtimestamp(status.st_mtime, UTC)
