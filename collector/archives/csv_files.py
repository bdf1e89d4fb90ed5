"""How is a CSV file of the past opened? As text, unpacked if need be, a line at a time."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from collector.errors import DecodeError
from collector.model.body import GZIP_MAGIC

LONGEST_LINE = 65_536
"""In characters; genuine lines have 300."""


def opened(path: Path) -> io.TextIOWrapper:
    """Open a CSV file as text, unpacked if it is gzipped. Raises DecodeError, OSError."""
    with path.open("rb") as raw:
        magic = raw.read(4)
    if magic == b"PAR1":
        raise DecodeError(f"{path}: this is a Parquet file: convert it to CSV first")
    # The wrapper closes what it wraps.
    binary = gzip.open(path) if magic[:2] == GZIP_MAGIC else path.open("rb")  # noqa: SIM115
    return io.TextIOWrapper(cast(BinaryIO, binary), "utf-8-sig", "replace", newline="")


def lines_of(file: io.TextIOWrapper, path: Path) -> Iterator[str]:
    """Yield the lines of a file. Raises DecodeError at one that is too long to be a CSV line."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise DecodeError(
                f"{path}: a line has more than {LONGEST_LINE} characters: this is no CSV file"
            )
        yield line
