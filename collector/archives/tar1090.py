"""Which traces has a tar1090 instance kept of these aircraft? One file an aircraft and day.

`globe_history/YYYY/MM/DD/traces/xx/trace_full_<hex>.json`, `xx` the last two digits (FEEDS.md
§3.4). What came is kept and not asked for again, and so is that an aircraft was not heard. The
maps of some networks ask not to be read by programs (FEEDS.md §4.3): they are never asked.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from collector.decode.gzipped import GZIP_MAGIC
from collector.errors import ArchiveError, Malformed
from collector.http.etiquette import without_credentials
from collector.model.terms import protected
from collector.untrusted import file_name

if TYPE_CHECKING:
    from collector.http import Http

SPACING = timedelta(seconds=2)
"""As adsb.lol is asked; a neighbour's Raspberry Pi needs no less."""
FINAL_AFTER = timedelta(hours=2)
"""A day's files are final 55 minutes after UTC midnight (FEEDS.md §3.4)."""
_NONE = ".none"
"""Ending of the empty file that says: asked, and there was none."""


def final(day: date, now: datetime) -> bool:
    """Whether that day's files no longer change."""
    return now >= datetime.combine(day + timedelta(days=1), time(), UTC) + FINAL_AFTER


class Shelf:
    """Where the traces of one instance are kept."""

    def __init__(self, url: str, folder: Path) -> None:
        self._folder = folder / file_name(without_credentials(url.rstrip("/")))

    def path_of(self, icao24: str, day: date) -> Path:
        """Where that aircraft's trace of that day is kept."""
        return self._folder / f"{day:%Y/%m/%d}" / "traces" / icao24[-2:] / _trace(icao24)

    def known(self, icao24: str, day: date) -> bool:
        """Whether it needs no request: the trace is kept, or it is known that there is none."""
        path = self.path_of(icao24, day)
        return path.exists() or _marker(path).exists()


class History:
    """One instance, asked politely."""

    def __init__(self, http: Http, url: str, folder: Path) -> None:
        """Raises ArchiveError if it is one that must not be read by programs."""
        host = protected(url)
        if host is not None:
            raise ArchiveError(
                f"{host} asks not to be read by programs and protects itself against them: name "
                "your own tar1090 as archives.history_url instead"
            )
        self._http = http
        self._base = url.rstrip("/")
        self._shelf = Shelf(url, folder)

    def trace(
        self, icao24: str, day: date, *, room: Callable[[int], None] = lambda _: None
    ) -> Path | None:
        """That aircraft's trace of that day; None if it was not heard.

        `room` is asked before anything is written. Raises the branches of FeedError, ArchiveError
        if it cannot be kept.
        """
        path = self._shelf.path_of(icao24, day)
        if not self._shelf.known(icao24, day):
            self._ask(icao24, day, path, room)
        return path if path.exists() else None

    def _ask(self, icao24: str, day: date, path: Path, room: Callable[[int], None]) -> None:
        place = f"globe_history/{day:%Y/%m/%d}/traces/{icao24[-2:]}/{_trace(icao24)}"
        answer = self._http.get(f"{self._base}/{place}", spacing=SPACING, tolerate=(404,))
        if answer.status == 404:
            _write(_marker(path), b"")
            return
        body = answer.body
        if not body.startswith(GZIP_MAGIC):
            if not body.lstrip().startswith(b"{"):
                raise Malformed(
                    f"{answer.url}: answers with something that is no trace; check "
                    "archives.history_url"
                )
            body = gzip.compress(body, mtime=0)
        room(len(body))
        _write(path, body)


def _trace(icao24: str) -> str:
    return f"trace_full_{icao24}.json"


def _marker(path: Path) -> Path:
    return path.with_name(path.name + _NONE)


def _write(path: Path, body: bytes) -> None:
    """The whole file or none."""
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(body)
        partial.rename(path)
    except OSError as error:
        raise ArchiveError(
            f"{path} cannot be written: {error.strerror or error}; make room, or choose another "
            "archives.folder"
        ) from error
