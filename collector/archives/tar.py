"""Which files does a tar hold? Only the wanted ones are read.

A day's tar has 60,000 members in 3 GB, of which a small watch wants a hundred. Of the others only
the header is read, a block of 512 bytes. Names and sizes are read in their old, POSIX (ustar, pax)
and GNU forms. Links, folders and other members that are not files are passed over.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from collector.model.body import GZIP_MAGIC

BLOCK_BYTES = 512
_READ_BYTES = 1 << 20
_LONGEST_EXTENSION_BYTES = 1 << 16
"""A larger extended header holds no name: a path has at most 4,096 bytes."""
_LARGEST_NUMBER = 1 << 60
"""More bytes than any disk holds, and a valid file offset."""
_ADLER_MODULUS = 65521

_FILES = (b"0", b"\0", b"7")
_LONG_NAME, _LONG_LINK, _PAX = b"L", b"K", b"x"
_EXTENDED = (_LONG_NAME, _PAX)
_USTAR = b"ustar\0"
"""The mark of POSIX. GNU's own form has blanks here, and its prefix field holds no name."""
_PAX_FIELD = re.compile(rb"\d{1,6} (path|size)=([^\n]*)\n")
ZEROS = bytes(BLOCK_BYTES)

Header = tuple[bytes, int, bytes]
"""Name, size in bytes, and kind, of the file whose content follows."""


@dataclass(frozen=True, slots=True)
class Strange:
    """A part of the file that is not a tar: how much, and where."""

    reason: str


@dataclass(frozen=True, slots=True)
class Member:
    """A wanted file of the tar."""

    name: str
    size_bytes: int
    body: bytes | None
    """None if it is larger than the limit; shorter than its size if the tar ends within it."""


class Source(Protocol):
    """Bytes in order, some of which can be passed over."""

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes, or fewer at the end. Raises OSError."""

    def skip(self, size: int) -> None:
        """Pass over `size` bytes, perhaps beyond the end. Raises OSError."""

    def close(self) -> None:
        """Close the files."""


class Parts:
    """Several files read as one, of which one is open. Bytes passed over are not read."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = list(paths)
        self._part = 0
        self._at = 0
        """Offset within that part."""
        self._file: int | None = None

    def read(self, size: int) -> bytes:
        """Read as `Source.read` does, also across the end of a part."""
        if self._file is not None:
            read = os.pread(self._file, size, self._at)
            if len(read) == size:
                self._at += size
                return read
        read = b""
        while len(read) < size and (piece := self._piece(size - len(read))):
            read = read + piece if read else piece
        return read

    def skip(self, size: int) -> None:
        """Skip as `Source.skip` does."""
        self._at += size

    def close(self) -> None:
        """Close as `Source.close` does."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _piece(self, size: int) -> bytes:
        """Return some of the next bytes, at least one; none at the end of the last part."""
        while self._part < len(self._paths):
            if self._file is None:
                self._file = os.open(self._paths[self._part], os.O_RDONLY)
            if piece := os.pread(self._file, size, self._at):
                self._at += len(piece)
                return piece
            self._at -= os.fstat(self._file).st_size
            self.close()
            self._part += 1
        return b""


class _Raw(io.RawIOBase):
    """A source as a file of the standard library."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        return self._source.read(size if size >= 0 else _READ_BYTES)


class Unzipped:
    """A gzipped source. Bytes passed over must be unpacked all the same."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._file = gzip.GzipFile(fileobj=_Raw(source))

    def read(self, size: int) -> bytes:
        """Read as `Source.read` does. Raises OSError, EOFError, zlib.error."""
        return self._file.read(size)

    def skip(self, size: int) -> None:
        """Skip as `Source.skip` does. Raises OSError, EOFError, zlib.error."""
        while size > 0:
            piece = self._file.read(min(size, _READ_BYTES))
            if not piece:
                return
            size -= len(piece)

    def close(self) -> None:
        """Close as `Source.close` does."""
        self._file.close()
        self._source.close()


def opened(paths: Sequence[Path]) -> Source:
    """Open a tar in its parts, unpacked if it is gzipped. Raises OSError."""
    probe = Parts(paths)
    try:
        zipped = probe.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    finally:
        probe.close()
    return Unzipped(Parts(paths)) if zipped else Parts(paths)


def members(
    source: Source, wanted: Callable[[bytes], bool], *, largest_bytes: int
) -> Iterator[Member | Strange]:
    """Yield the files of a tar whose names are wanted, in order, and its damaged parts as Strange.

    After damage the next header is searched for. If the end mark is missing, the last value is a
    Strange, and whatever followed is lost. Raises as the source does.
    """
    long_name: bytes | None = None
    long_size_bytes: int | None = None
    for header in _headers(source):
        if isinstance(header, Strange):
            yield header
            continue
        short_name, size_bytes, kind = header
        if kind in _EXTENDED and size_bytes <= _LONGEST_EXTENSION_BYTES:
            body = source.read(size_bytes)
            source.skip(-size_bytes % BLOCK_BYTES)
            long_name, long_size_bytes = _extended(kind, body, long_name, long_size_bytes)
            continue
        name = long_name or short_name
        size_bytes = size_bytes if long_size_bytes is None else long_size_bytes
        long_name = long_size_bytes = None
        if kind not in _FILES or not wanted(name):
            source.skip(size_bytes + -size_bytes % BLOCK_BYTES)
        elif size_bytes > largest_bytes:
            source.skip(size_bytes + -size_bytes % BLOCK_BYTES)
            yield Member(name.decode(errors="replace"), size_bytes, None)
        else:
            body = source.read(size_bytes)
            source.skip(-size_bytes % BLOCK_BYTES)
            yield Member(name.decode(errors="replace"), size_bytes, body)


def _headers(source: Source) -> Iterator[Header | Strange]:
    """Yield each header, and a Strange for each damaged part."""
    strange_bytes = 0
    for block, header in blocks(source):
        if header is not None:
            if strange_bytes:
                name = header[0].decode(errors="replace")
                yield Strange(f"{strange_bytes} bytes before {name} are no part of a tar")
                strange_bytes = 0
            yield header
        elif block == ZEROS and not strange_bytes:
            return
        elif strange_bytes or len(block) == BLOCK_BYTES:
            strange_bytes += len(block)
    if strange_bytes:
        yield Strange(f"the last {strange_bytes} bytes are no part of a tar")
    else:
        yield Strange("the tar ends early: its end mark is missing")


def blocks(source: Source) -> Iterator[tuple[bytes, Header | None]]:
    """Yield each block that may be a header, with the header if it is one, until the bytes end.

    The last block may be shorter than the others. The caller passes over or reads what belongs to
    a header before it asks for the next block. Raises as the source does.
    """
    while len(block := source.read(BLOCK_BYTES)) == BLOCK_BYTES:
        yield block, header_of(block)
    if block:
        yield block, None


def header_of(block: bytes) -> Header | None:
    """Return the header in a block; None if its checksum shows that it is not a header.

    The checksum is the sum of all bytes, with its own field taken as eight blanks. One half of an
    Adler-32 is that sum (modulo 65,521), fifty times as fast as adding in Python.
    """
    field = block[148:156]
    try:
        stated = _number(field)
        size_bytes = _number(block[124:136])
    except ValueError:
        return None
    summed = (zlib.adler32(block, 0) & 0xFFFF) - sum(field) + 8 * ord(" ")
    if (stated - summed) % _ADLER_MODULUS:
        return None
    name = block[:100].split(b"\0", 1)[0]
    if block[257:263] == _USTAR and block[345]:
        name = block[345:500].split(b"\0", 1)[0] + b"/" + name
    return name, size_bytes, block[156:157]


def _number(field: bytes) -> int:
    """Return a number in octal digits, or in GNU's binary form. Raises ValueError."""
    if field[0] & 0x80:
        value = int.from_bytes(field[1:], "big")
    else:
        value = int(field.rstrip(b"\0 ") or b"0", 8)
    if not 0 <= value <= _LARGEST_NUMBER:
        raise ValueError(f"{value} is not the size of a file")
    return value


def _extended(
    kind: bytes, body: bytes, name: bytes | None, size_bytes: int | None
) -> tuple[bytes | None, int | None]:
    """Return name and size for the next header, given those from earlier extensions."""
    if kind == _LONG_NAME:
        return body.split(b"\0", 1)[0], size_bytes
    for key, value in _PAX_FIELD.findall(body):
        if key == b"path":
            name = value
        elif value.isdigit() and int(value) <= _LARGEST_NUMBER:
            size_bytes = int(value)
    return name, size_bytes
