"""What does a gzipped file hold? `gunzip` unpacks it, but never to more than a given bound.

ISA-L (package `isal`) unpacks two to three times as fast as the standard library, which takes its
place where ISA-L is not installed. One gzip member is read: readsb writes no more
(docs/feed-formats.md#traces).
"""

from __future__ import annotations

import importlib
import zlib
from typing import Any

from collector.errors import DecodeError
from collector.model.body import GZIP_MAGIC, has_unknown_flags


def _fastest() -> Any:
    try:
        return importlib.import_module("isal.isal_zlib")
    except ImportError:
        return zlib


fast_zlib = _fastest()
"""ISA-L's module, which offers the standard library's functions, or the standard library's own."""

_GZIP_BITS = zlib.MAX_WBITS | 16

_BROKEN = (zlib.error, fast_zlib.error, EOFError)


def gunzip(body: bytes, *, max_bytes: int) -> bytes:
    """Return the body unpacked, or the body itself if it is not gzipped.

    The last four bytes of gzip give the unpacked length. Memory is asked for just that length
    first, which is by far the fastest. Where the length is wrong (because something follows the
    member), a second try goes up to `max_bytes`.

    Raises DecodeError if the gzip is damaged, cut short or unpacks to more than `max_bytes`.
    """
    if not body.startswith(GZIP_MAGIC):
        return body
    if has_unknown_flags(body):
        raise DecodeError("the gzip is damaged (it sets unknown flags)")
    stated_bytes = int.from_bytes(body[-4:], "little")
    plain = _bounded(body, stated_bytes + 1) if stated_bytes < max_bytes else None
    if plain is None:
        plain = _bounded(body, max_bytes)
    if plain is None:
        raise DecodeError(
            f"the gzip is cut short, or unpacks to more than {max_bytes:,} bytes: it is too large"
        )
    return plain


def _bounded(body: bytes, max_bytes: int) -> bytes | None:
    """Return the unpacked bytes; None unless they end before `max_bytes`. Raises DecodeError."""
    stream = fast_zlib.decompressobj(_GZIP_BITS)
    try:
        plain: bytes = stream.decompress(body, max_bytes)
    except _BROKEN as error:
        raise DecodeError(f"the gzip is damaged ({error})") from error
    return plain if stream.eof else None
