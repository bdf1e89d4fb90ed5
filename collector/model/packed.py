"""How is a file packed, and which command unpacks it? Its first bytes decide, never its name.

Recordings and traces are read where they lie. What somebody packed again is not unpacked by the
collector, which could fill the disk, but it says how to.
"""

from __future__ import annotations

import zlib
from pathlib import Path

from collector.model.body import GZIP_MAGIC

HEAD_BYTES = 1024
"""So many first bytes are enough; a tar says that it is one at byte 257."""

_COMMANDS = (
    (b"PK\x03\x04", "unzip"),
    (b"\xfd7zXZ\0", "xz --decompress --keep"),
    (b"\x28\xb5\x2f\xfd", "zstd --decompress"),
    (b"BZh", "bzip2 --decompress --keep"),
    (b"7z\xbc\xaf\x27\x1c", "7z x"),
    (b"Rar!", "unrar x"),
)
_USTAR_AT, _USTAR = 257, b"ustar"


def how_to_unpack(path: Path, head: bytes) -> str | None:
    """Return how to unpack a file with these first bytes; None if it need not be unpacked.

    A single gzip need not be, but a tar need, packed or not.

    >>> how_to_unpack(Path("day.zip"), b"PK\\x03\\x04")
    'unpack it first (`unzip day.zip`), then name what comes out'
    """
    inner = head
    if head.startswith(GZIP_MAGIC):
        try:
            inner = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, HEAD_BYTES)
        except zlib.error:
            return None
    command = next((command for magic, command in _COMMANDS if head.startswith(magic)), None)
    if inner[_USTAR_AT : _USTAR_AT + len(_USTAR)] == _USTAR:
        command = "tar --extract --file"
    if command is None:
        return None
    return f"unpack it first (`{command} {path}`), then name what comes out"
