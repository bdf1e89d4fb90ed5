"""Which members does a tar hold? Only the wanted ones are read. (step 1)

A day's tar has 60,000 members in 3 GB, of which a small watch wants a hundred: of the others the
header alone is looked at, a block of 512 bytes. Known are the old, POSIX (ustar, pax) and GNU
forms of names and sizes; links, folders and whatever else is no file are passed over.
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

from collector.decode.gzipped import GZIP_MAGIC

BLOCK_BYTES = 512
_READ_BYTES = 1 << 20
_LONGEST_EXTENSION_BYTES = 1 << 16
"""Extended headers larger than this tell no name (a path has 4,096 bytes at most)."""
_LARGEST_NUMBER = 1 << 60
"""More than any disk holds, and less than a file's offset may be."""
_ADLER_MODULUS = 65521

_FILES = (b"0", b"\0", b"7")
_LONG_NAME, _LONG_LINK, _PAX = b"L", b"K", b"x"
_EXTENDED = (_LONG_NAME, _PAX)
_USTAR = b"ustar\0"
"""POSIX; GNU's own form has blanks here, and other things than a name in the prefix's field."""
_PAX_FIELD = re.compile(rb"\d{1,6} (path|size)=([^\n]*)\n")
ZEROS = bytes(BLOCK_BYTES)

Header = tuple[bytes, int, bytes]
"""Name, size in bytes, and kind, of the file whose content follows."""


@dataclass(frozen=True, slots=True)
class Strange:
    """Some of the tar is no tar: how much, and where."""

    reason: str


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the tar that was wanted."""

    name: str
    size_bytes: int
    body: bytes | None
    """None where it is larger than was asked for; shorter than its size where the tar ends."""


class Source(Protocol):
    """Bytes in order, of which some are passed over."""

    def read(self, size: int) -> bytes:
        """The next bytes, as many as asked for unless the end comes first. Raises OSError."""

    def skip(self, size: int) -> None:
        """Pass over bytes, perhaps beyond the end. Raises OSError."""

    def close(self) -> None:
        """Let go of the files."""


class Parts:
    """Several files read as one, one open at a time; what is passed over is not read."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = list(paths)
        self._part = 0
        self._at = 0
        """Where in that part."""
        self._file: int | None = None

    def read(self, size: int) -> bytes:
        """As Source has it; over the border of two parts where need be."""
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
        """As Source has it."""
        self._at += size

    def close(self) -> None:
        """As Source has it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _piece(self, size: int) -> bytes:
        """Some of the next bytes, at least one; none at the end of the last part."""
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
    """A source for the standard library's readers."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        return self._source.read(size if size >= 0 else _READ_BYTES)


class Unzipped:
    """A zipped source: what is passed over must be unpacked nevertheless."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._file = gzip.GzipFile(fileobj=_Raw(source))

    def read(self, size: int) -> bytes:
        """As Source has it; raises EOFError and zlib.error as well."""
        return self._file.read(size)

    def skip(self, size: int) -> None:
        """As Source has it; raises EOFError and zlib.error as well."""
        while size > 0:
            piece = self._file.read(min(size, _READ_BYTES))
            if not piece:
                return
            size -= len(piece)

    def close(self) -> None:
        """As Source has it."""
        self._file.close()
        self._source.close()


def opened(paths: Sequence[Path]) -> Source:
    """The bytes of a tar in its parts, unpacked if they are zipped. Raises OSError."""
    probe = Parts(paths)
    try:
        zipped = probe.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    finally:
        probe.close()
    return Unzipped(Parts(paths)) if zipped else Parts(paths)


def members(
    source: Source, wanted: Callable[[bytes], bool], *, largest_bytes: int
) -> Iterator[Member | Strange]:
    """The files of a tar whose names are wanted, in order, with what is no tar between them.

    Where the tar is damaged, what follows is searched for the next header. Ends with a Strange
    where the end mark is missing: whatever stood behind is lost. Raises as the source does.
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
    """Name, size and kind of each header; what belongs to it is taken before the next one."""
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
    """Name, size and kind; None if the block's sum says that it is no header.

    The sum of the bytes, its own field taken as eight blanks, is half of what Adler-32 computes
    (modulo 65,521): a fiftieth of the time that adding them up takes.
    """
    field = block[148:156]
    try:
        told = _number(field)
        size_bytes = _number(block[124:136])
    except ValueError:
        return None
    summed = (zlib.adler32(block, 0) & 0xFFFF) - sum(field) + 8 * ord(" ")
    if (told - summed) % _ADLER_MODULUS:
        return None
    name = block[:100].split(b"\0", 1)[0]
    if block[257:263] == _USTAR and block[345]:
        name = block[345:500].split(b"\0", 1)[0] + b"/" + name
    return name, size_bytes, block[156:157]


def _number(field: bytes) -> int:
    """Octal digits, or GNU's binary form of what is too large for them. Raises ValueError."""
    if field[0] & 0x80:
        value = int.from_bytes(field[1:], "big")
    else:
        value = int(field.rstrip(b"\0 ") or b"0", 8)
    if not 0 <= value <= _LARGEST_NUMBER:
        raise ValueError(f"{value} is no size of a file")
    return value


def _extended(
    kind: bytes, body: bytes, name: bytes | None, size_bytes: int | None
) -> tuple[bytes | None, int | None]:
    """Name and size that the next header is to have, given those from earlier extensions."""
    if kind == _LONG_NAME:
        return body.split(b"\0", 1)[0], size_bytes
    for key, value in _PAX_FIELD.findall(body):
        if key == b"path":
            name = value
        elif value.isdigit() and int(value) <= _LARGEST_NUMBER:
            size_bytes = int(value)
    return name, size_bytes
