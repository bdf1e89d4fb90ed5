"""Which traces has a tar1090 map kept of these aircraft? One file for each aircraft and day.

The files are `globe_history/YYYY/MM/DD/traces/xx/trace_full_<hex>.json`; `xx` are the last two
digits (docs/feed-formats.md#history). A file that came is kept and not fetched again; so is the
answer that an aircraft has none. The maps of some networks ask programs to stay away
(docs/feed-formats.md#protected-maps). They are never asked.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from collector import private
from collector.errors import ArchiveError, Malformed
from collector.http.etiquette import shown_url
from collector.model.body import GZIP_MAGIC
from collector.model.terms import protected
from collector.untrusted import file_name

if TYPE_CHECKING:
    from collector.http import Http

SPACING = timedelta(seconds=2)
"""Pause between requests, as for adsb.lol; a Raspberry Pi needs no less."""
FINAL_AFTER = timedelta(hours=2)
"""A day's files are final 55 minutes after UTC midnight (docs/feed-formats.md#history)."""
_NONE = ".none"
"""Suffix of the empty file which says that the map has no such trace."""


def final(day: date, now: datetime) -> bool:
    """Return whether the files of that day no longer change."""
    return now >= datetime.combine(day + timedelta(days=1), time(), UTC) + FINAL_AFTER


class Shelf:
    """The folder in which the traces of one map are kept."""

    def __init__(self, url: str, folder: Path) -> None:
        self._folder = folder / file_name(shown_url(url.rstrip("/")))

    def path_of(self, icao24: str, day: date) -> Path:
        """Return the path of that aircraft's trace of that day."""
        return self._folder / f"{day:%Y/%m/%d}" / "traces" / icao24[-2:] / _trace(icao24)

    def is_answered(self, icao24: str, day: date) -> bool:
        """Return whether no request is needed: the trace is kept, or known not to exist."""
        path = self.path_of(icao24, day)
        return path.exists() or _marker(path).exists()


class History:
    """One tar1090 map, asked politely."""

    def __init__(self, http: Http, url: str, folder: Path) -> None:
        """Raises ArchiveError if the map must not be read by programs."""
        host = protected(url)
        if host is not None:
            raise ArchiveError(
                f"{host} does not allow programs to read its map: name your own tar1090 as "
                "archives.history_url instead"
            )
        self._http = http
        self._base = url.rstrip("/")
        self._shelf = Shelf(url, folder)

    def trace(
        self, icao24: str, day: date, *, room: Callable[[int], None] = lambda _: None
    ) -> Path | None:
        """Return the path of that aircraft's trace of that day; None if the map has none.

        `room` is called with the number of bytes before a file is written, and may raise. Raises
        the branches of FeedError, and ArchiveError if the file cannot be written.
        """
        path = self._shelf.path_of(icao24, day)
        if not self._shelf.is_answered(icao24, day):
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
                    f"{answer.url}: the answer is not a trace; check archives.history_url"
                )
            body = gzip.compress(body, mtime=0)
        room(len(body))
        _write(path, body)


def _trace(icao24: str) -> str:
    return f"trace_full_{icao24}.json"


def _marker(path: Path) -> Path:
    return path.with_name(path.name + _NONE)


def _write(path: Path, body: bytes) -> None:
    """Write the whole file or nothing. Raises ArchiveError."""
    partial = path.with_name(path.name + ".partial")
    try:
        private.make_folder(path.parent)
        partial.write_bytes(body)
        partial.rename(path)
    except OSError as error:
        raise ArchiveError(
            f"{path} cannot be written: {error.strerror or error}; free some space, or choose "
            "another archives.folder"
        ) from error
