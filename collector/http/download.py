"""How is a file of gigabytes written whole, over broken connections? Each try adds a part.

While it is fetched, the file is called `NAME.part`, and `NAME.part.json` beside it holds its URL,
validator and size. The next try, by this process or a later one, asks for the rest (`Range` and
`If-Range`, RFC 9110 sections 14.2 and 13.1.5). A file of the promised size gets its name,
and `NAME.sha256` beside it for `sha256sum --check`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from collector import private
from collector.errors import ArchiveError, Interrupted, Malformed, Unreachable
from collector.http.etiquette import sendable, shown_url
from collector.http.request import Request
from collector.untrusted import visible

if TYPE_CHECKING:
    from collector.http.client import Http

LONGEST = timedelta(hours=6)
"""Longest time of one try: 2 GB at 93 kB/s. The next try goes on with the rest."""
STALL = timedelta(seconds=60)
"""Longest time without a byte, after which the connection is closed."""
MAX_RESTARTS = 3
"""After this many answers that do not fit the file, the download fails."""
_SUM = re.compile(r"([0-9a-f]{64})  .+\n?")
_RANGE = re.compile(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18})")
_READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A complete file. `sha256` is that of the received bytes, in hexadecimal."""

    path: Path
    url: str
    size_bytes: int
    sha256: str
    fresh: bool
    """False if the file existed and nothing was requested."""


def download(
    http: Http,
    url: str,
    to: Path,
    *,
    spacing: timedelta = timedelta(),
    room: Callable[[int], None] = lambda _: None,
    follow: Collection[str] = (),
    stall: timedelta = STALL,
) -> Downloaded:
    """Fetch `url` into the file `to`, going on where an earlier try ended.

    Args:
        room: called with the number of bytes to come; raises if they are too many.
        follow: hosts, including those below them, that redirects may lead to.

    Tries go on as long as each gets further than all before. Raises the branches of FeedError as
    `Http.get` does, ArchiveError if the file cannot be written, and what `room` raises.
    """
    complete = _whole(url, to)
    if complete is not None:
        return complete
    part = _Part(url, to, room)
    request = Request(
        url=url,
        headers={"Accept": "*/*", "Accept-Encoding": "identity"},
        spacing=spacing,
        timeout=LONGEST,
        stall=stall,
        max_bytes=0,
        tolerate=(206, 416),
        into=part,
        follow=follow,
    )
    while not part.whole:
        before = part.furthest
        try:
            http.fetch(request)
        except Interrupted:
            raise
        except Unreachable:
            if part.furthest <= before:
                raise
    return Downloaded(to, part.shown, part.size, part.finish(), fresh=True)


def discard(path: Path) -> None:
    """Delete a downloaded file, complete or not, with the files that belong to it."""
    for file in (path, *(_beside(path, end) for end in (".sha256", ".part", ".part.json"))):
        file.unlink(missing_ok=True)


def _whole(url: str, path: Path) -> Downloaded | None:
    """Return the file if it was completed before, else None."""
    try:
        found = _SUM.fullmatch(_beside(path, ".sha256").read_text("ascii"))
        size = path.stat().st_size
    except (OSError, ValueError):
        return None
    if found is None:
        return None
    return Downloaded(path, shown_url(url), size, found[1], fresh=False)


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


class _Part:
    """The bytes received so far: the `Sink` of a request."""

    def __init__(self, url: str, to: Path, room: Callable[[int], None]) -> None:
        self.shown = shown_url(url)
        self.whole = False
        self.size = 0
        """Bytes received."""
        self._url = url
        self._to = to
        self._room = room
        self._file = _beside(to, ".part")
        self._note = _beside(to, ".part.json")
        self._hash = hashlib.sha256()
        self._validator = ""
        self._total: int | None = None
        self._restarts = 0
        self._resume()
        self.furthest = self.size

    def headers(self) -> Mapping[str, str]:
        """Return headers that ask for the rest if the file is still the same."""
        if not (self.size and self._validator):
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self._validator}

    def write(self, status: int, headers: Mapping[str, str], chunks: Iterable[bytes]) -> None:
        """Append the body. Raises Unreachable if the next try must begin anew, Malformed."""
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding != "identity":
            raise Malformed(
                f"{self.shown}: the body is encoded as {visible(encoding, 40)}, although only the "
                "plain bytes were requested"
            )
        if status == 200:
            self._begin(headers)
        elif status == 206:
            self._continue(headers)
        else:
            self._restart(f"the server answers {status} to a request for the rest")
        if self._total is not None:
            self._room(self._total - self.size)
        self._append(chunks)
        if self._total is not None and self.size != self._total:
            raise Unreachable(f"{self.shown}: only {self.size} of {self._total} bytes arrived")
        self.whole = True

    def finish(self) -> str:
        """Give the file its name, and return its sha256. Raises ArchiveError."""
        digest = self._hash.hexdigest()
        try:
            sums = _beside(self._to, ".sha256")
            sums.write_text(f"{digest}  {self._to.name}\n", encoding="ascii")
            self._file.rename(self._to)
            self._note.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        return digest

    def _resume(self) -> None:
        """Take over what an earlier try left, if a validator can show that the file is the same."""
        try:
            note = json.loads(self._note.read_text("utf-8"))
            url, total = note["url"], note["total"]
            validator = sendable(str(note["validator"]))
            if url != self._url or not validator:
                return
            with self._file.open("rb") as file:
                while piece := file.read(_READ_BYTES):
                    self._hash.update(piece)
                    self.size += len(piece)
        except (OSError, ValueError, KeyError, TypeError):
            self._hash, self.size = hashlib.sha256(), 0
            return
        self._validator, self._total = validator, total
        self.whole = self.size == total

    def _begin(self, headers: Mapping[str, str]) -> None:
        """Begin anew after a 200: the whole file comes."""
        etag = headers.get("etag", "").strip()
        validator = etag if etag.startswith('"') else headers.get("last-modified")
        self._validator = sendable(validator)
        length = headers.get("content-length", "")
        self._total = int(length) if length.isdecimal() else None
        self._hash, self.size = hashlib.sha256(), 0
        note = {"url": self._url, "validator": self._validator, "total": self._total}
        try:
            private.make_folder(self._to.parent)
            self._file.write_bytes(b"")
            self._note.write_text(json.dumps(note), encoding="utf-8")
        except OSError as error:
            raise self._unwritable(error) from error

    def _continue(self, headers: Mapping[str, str]) -> None:
        """Go on after a 206, which must be exactly the rest, of a file of the same size."""
        given = _RANGE.fullmatch(headers.get("content-range", ""))
        if given is None or int(given[1]) != self.size:
            self._restart("the server sends another part than requested")
        elif self._total is not None and int(given[2]) != self._total:
            self._restart("the file has another size than before")
        else:
            self._total = int(given[2])

    def _restart(self, why: str) -> None:
        """Forget what was received, so that the next try begins anew.

        Always raises: Unreachable, or Malformed after too many restarts.
        """
        self._hash, self.size, self._validator, self._total = hashlib.sha256(), 0, "", None
        self._note.unlink(missing_ok=True)
        self._restarts += 1
        if self._restarts > MAX_RESTARTS:
            raise Malformed(
                f"{self.shown}: {why}, after {self._restarts} tries; try again another day"
            )
        self.furthest += 1  # counts as progress, so that the next try is made
        raise Unreachable(f"{self.shown}: {why}; the download begins anew")

    def _append(self, chunks: Iterable[bytes]) -> None:
        try:
            file = self._file.open("ab")
        except OSError as error:
            raise self._unwritable(error) from error
        with file:
            file.truncate(self.size)
            for chunk in chunks:
                if self._total is not None and self.size + len(chunk) > self._total:
                    self._restart("the server sends more bytes than announced")
                try:
                    file.write(chunk)
                except OSError as error:
                    raise self._unwritable(error) from error
                self._hash.update(chunk)
                self.size += len(chunk)
                self.furthest = max(self.furthest, self.size)
            self._flush(file.fileno())

    def _flush(self, descriptor: int) -> None:
        try:
            os.fsync(descriptor)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> ArchiveError:
        return ArchiveError(
            f"{self._file} cannot be written: {error.strerror or error}; free some space or choose "
            "another folder, then start again: the bytes received are kept"
        )
