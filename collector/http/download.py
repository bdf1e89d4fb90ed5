"""How does a file of gigabytes come whole onto the disk, over any number of broken connections?

While it is fetched it is `NAME.part`, beside it `NAME.part.json` with its URL, its validator and
its size. The next try, of this process or of a later one, asks for the rest (`Range`, `If-Range`,
RFC 9110 §13.1.5 and §14.2). Whole and of the promised size it gets its name, and `NAME.sha256`
beside it as `sha256sum --check` reads it.
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

from collector.errors import ArchiveError, Interrupted, Malformed, Unreachable
from collector.http.etiquette import without_credentials
from collector.http.request import Order
from collector.untrusted import visible

if TYPE_CHECKING:
    from collector.http.client import Http

LONGEST = timedelta(hours=6)
"""For one try: 2 GB in that time is 93 kB/s. The next try goes on with the rest."""
STALL = timedelta(seconds=60)
"""Without a single byte for so long the connection is given up."""
RESTARTS = 3
"""A server that gives something else so often does not know its own file."""
_SUM = re.compile(r"([0-9a-f]{64})  .+\n?")
_RANGE = re.compile(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18})")
_READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that is whole. `sha256` is that of the bytes received, in hexadecimal."""

    path: Path
    url: str
    size_bytes: int
    sha256: str
    fresh: bool
    """False if it was there already and nothing was asked."""


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
        room: asked with the bytes that are still to come; raises if they are too many.
        follow: hosts, those below them included, that it may be redirected to.

    It is tried again as long as each try brings it further than any before. Raises the branches
    of FeedError as `Http.get` does, ArchiveError if it cannot be written, whatever `room` raises.
    """
    known = _whole(url, to)
    if known is not None:
        return known
    part = _Part(url, to, room)
    order = Order(
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
            http.fetch(order)
        except Interrupted:
            raise
        except Unreachable:
            if part.furthest <= before:
                raise
    return Downloaded(to, part.shown, part.size, part.finish(), fresh=True)


def discard(path: Path) -> None:
    """Delete a downloaded file with everything beside it, also one that is not whole yet."""
    for each in (path, *(_beside(path, end) for end in (".sha256", ".part", ".part.json"))):
        each.unlink(missing_ok=True)


def _whole(url: str, path: Path) -> Downloaded | None:
    """The file, if it came whole before."""
    try:
        found = _SUM.fullmatch(_beside(path, ".sha256").read_text("ascii"))
        size = path.stat().st_size
    except (OSError, ValueError):
        return None
    if found is None:
        return None
    return Downloaded(path, without_credentials(url), size, found[1], fresh=False)


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


class _Part:
    """What has come so far: the `Sink` of an order."""

    def __init__(self, url: str, to: Path, room: Callable[[int], None]) -> None:
        self.shown = without_credentials(url)
        self.whole = False
        self.size = 0
        """Bytes there now."""
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
        """Ask for the rest, if it is still the same file."""
        if not (self.size and self._validator):
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self._validator}

    def take(self, status: int, headers: Mapping[str, str], chunks: Iterable[bytes]) -> None:
        """Append what comes. Raises Unreachable where it must be begun anew, Malformed."""
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding != "identity":
            raise Malformed(
                f"{self.shown}: is encoded as {visible(encoding, 40)}, though nothing but the "
                "bytes themselves was accepted"
            )
        if status == 200:
            self._begin(headers)
        elif status == 206:
            self._continue(headers)
        else:
            self._restart(f"answers {status} to being asked for the rest")
        if self._total is not None:
            self._room(self._total - self.size)
        self._append(chunks)
        if self._total is not None and self.size != self._total:
            raise Unreachable(f"{self.shown}: {self.size} of {self._total} bytes came")
        self.whole = True

    def finish(self) -> str:
        """Give the file its name; its sha256. Raises ArchiveError."""
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
        """Take over what an earlier run left, if it can be told whether it is the same file."""
        try:
            note = json.loads(self._note.read_text("utf-8"))
            url, validator, total = note["url"], note["validator"], note["total"]
            if url != self._url or not validator:
                return
            with self._file.open("rb") as file:
                while piece := file.read(_READ_BYTES):
                    self._hash.update(piece)
                    self.size += len(piece)
        except (OSError, ValueError, KeyError, TypeError):
            self._hash, self.size = hashlib.sha256(), 0
            return
        self._validator, self._total = str(validator), total
        self.whole = self.size == total

    def _begin(self, headers: Mapping[str, str]) -> None:
        """A 200: the whole file comes, whatever is there."""
        etag = headers.get("etag", "").strip()
        self._validator = etag if etag.startswith('"') else headers.get("last-modified", "")
        length = headers.get("content-length", "")
        self._total = int(length) if length.isdecimal() else None
        self._hash, self.size = hashlib.sha256(), 0
        note = {"url": self._url, "validator": self._validator, "total": self._total}
        try:
            self._to.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_bytes(b"")
            self._note.write_text(json.dumps(note), encoding="utf-8")
        except OSError as error:
            raise self._unwritable(error) from error

    def _continue(self, headers: Mapping[str, str]) -> None:
        """A 206: it must be the very rest that was asked for, of a file of the same size."""
        given = _RANGE.fullmatch(headers.get("content-range", ""))
        if given is None or int(given[1]) != self.size:
            self._restart("gives another part than was asked for")
        elif self._total is not None and int(given[2]) != self._total:
            self._restart("has another size than before")
        else:
            self._total = int(given[2])

    def _restart(self, why: str) -> None:
        """Forget what is there; the next try begins anew. Always raises: Unreachable, Malformed."""
        self._hash, self.size, self._validator, self._total = hashlib.sha256(), 0, "", None
        self._note.unlink(missing_ok=True)
        self._restarts += 1
        if self._restarts > RESTARTS:
            raise Malformed(f"{self.shown}: {why}, again and again; try again another day")
        self.furthest += 1  # this is known now, which is a step: the next try is made
        raise Unreachable(f"{self.shown}: {why}; begun anew")

    def _append(self, chunks: Iterable[bytes]) -> None:
        try:
            file = self._file.open("ab")
        except OSError as error:
            raise self._unwritable(error) from error
        with file:
            file.truncate(self.size)
            for chunk in chunks:
                if self._total is not None and self.size + len(chunk) > self._total:
                    self._restart("gives more bytes than it said")
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
            f"{self._file} cannot be written: {error.strerror or error}; make room or choose "
            "another folder, then start again: what has come is kept"
        )
