"""What is in a trace's gzip? By the fastest library there is, and never more than a bound.

ISA-L (isal) unpacks two to three times as fast as the standard library, which takes its place
where it isn't installed. Both are asked for one member: readsb writes no more (FEEDS.md §3.3).
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from collector.errors import DecodeError

if TYPE_CHECKING:
    from isal import isal_zlib
else:
    try:
        from isal import isal_zlib
    except ImportError:  # pragma: no cover - no wheel for this machine
        isal_zlib = zlib

LARGEST_TRACE_BYTES = 64 * 1024 * 1024
"""Unpacked. A day's trace is under 10 MB; what is larger than this was made to fill memory."""

GZIP = b"\x1f\x8b"
_GZIP_BITS = zlib.MAX_WBITS | 16

_BROKEN = (zlib.error, isal_zlib.error, EOFError)


def unzipped(body: bytes) -> bytes:
    """A trace without gzip around it; a trace that has none is given as it is.

    Its last four bytes tell how long it is unpacked: memory for so much is asked for, and no more
    is taken. Raises DecodeError if it is damaged, cut short or larger than LARGEST_TRACE_BYTES.
    """
    if not body.startswith(GZIP):
        return body
    told_bytes = int.from_bytes(body[-4:], "little")
    if told_bytes > LARGEST_TRACE_BYTES:
        raise DecodeError("its gzip is damaged, or holds far more than any trace")
    stream = isal_zlib.decompressobj(_GZIP_BITS)
    try:
        plain: bytes = stream.decompress(body, told_bytes + 1)
    except _BROKEN as error:
        raise DecodeError(f"its gzip is damaged ({error})") from error
    if not stream.eof:
        raise DecodeError("its gzip is damaged or cut short, or holds more than it says")
    return plain
