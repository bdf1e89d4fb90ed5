"""What is in a trace's gzip? By the fastest library there is, and never more than a bound.

ISA-L (isal) unpacks two to three times as fast as the standard library, which takes its place
where it isn't installed. Both are asked for one member: readsb writes no more (FEEDS.md §3.3).
"""

from __future__ import annotations

import importlib
import zlib
from typing import Any

from collector.errors import DecodeError


def _fastest() -> Any:
    try:
        return importlib.import_module("isal.isal_zlib")
    except ImportError:
        return zlib


fast_zlib = _fastest()
"""ISA-L's module, which has the standard library's functions, or that one itself."""

LARGEST_TRACE_BYTES = 64 * 1024 * 1024
"""Unpacked. A day's trace is under 10 MB; what is larger than this was made to fill memory."""

GZIP = b"\x1f\x8b"
_GZIP_BITS = zlib.MAX_WBITS | 16

_BROKEN = (zlib.error, fast_zlib.error, EOFError)


def unzipped(body: bytes) -> bytes:
    """A trace without gzip around it; a trace that has none is given as it is.

    Its last four bytes tell how long it is unpacked: memory for just that is asked for, which is
    much the quickest. Where they don't (something stands behind its end), it is tried without.
    Raises DecodeError if it is damaged, cut short or larger than LARGEST_TRACE_BYTES.
    """
    if not body.startswith(GZIP):
        return body
    told_bytes = int.from_bytes(body[-4:], "little")
    plain = _bounded(body, told_bytes + 1) if told_bytes < LARGEST_TRACE_BYTES else None
    if plain is None:
        plain = _bounded(body, LARGEST_TRACE_BYTES)
    if plain is None:
        raise DecodeError("its gzip is cut short, or holds far more than any trace")
    return plain


def _bounded(body: bytes, most_bytes: int) -> bytes | None:
    """What is in it; None if its end does not come before so many bytes. Raises DecodeError."""
    stream = fast_zlib.decompressobj(_GZIP_BITS)
    try:
        plain: bytes = stream.decompress(body, most_bytes)
    except _BROKEN as error:
        raise DecodeError(f"its gzip is damaged ({error})") from error
    return plain if stream.eof else None
