"""Is a body gzipped? Its first two bytes decide, never a header, for live replies and recordings.

Some proxies pack without saying so, some say so without packing, and some pack twice.
"""

from __future__ import annotations

import zlib
from typing import Any

GZIP_MAGIC = b"\x1f\x8b"
"""The first two bytes of everything gzipped."""

_FLAGS_AT, _RESERVED = 3, 0xE0
"""Flags that must be zero, and an error if they are not (RFC 1952, section 2.3.1.2)."""
_MOST_LAYERS = 2
_GZIP_BITS = zlib.MAX_WBITS | 16
_PIECE_BYTES = 256 * 1024


def unpacked(body: bytes, max_bytes: int, *, library: Any = zlib) -> bytes:
    """Return the body unpacked, or the body itself if it is not gzipped.

    It may be gzipped twice and have several members. What follows the last member is left out.
    What was unpacked stays as it is when it is unpacked again, as a reply is when it is replayed.
    `library` offers the functions of zlib. Raises ValueError, which says what is wrong, if the gzip
    is damaged, ends early, is packed more often, or unpacks to more than `max_bytes`.
    """
    for _ in range(_MOST_LAYERS):
        if not body.startswith(GZIP_MAGIC):
            break
        body = _one_layer(body, max_bytes, library)
    if body.startswith(GZIP_MAGIC):
        raise ValueError("is gzipped more than twice")
    return body


def has_unknown_flags(packed: bytes, at: int = 0) -> bool:
    """Return whether the gzip member that begins there sets a flag that RFC 1952 reserves.

    zlib refuses such a member and ISA-L reads it: what a body says must not depend on that.

    >>> has_unknown_flags(b"\\x1f\\x8b\\x08\\x40"), has_unknown_flags(b"\\x1f\\x8b\\x08\\x08")
    (True, False)
    """
    return len(packed) > at + _FLAGS_AT and bool(packed[at + _FLAGS_AT] & _RESERVED)


def _one_layer(body: bytes, max_bytes: int, library: Any) -> bytes:
    if has_unknown_flags(body):
        raise ValueError("is damaged gzip")
    plain = bytearray()
    stream = library.decompressobj(_GZIP_BITS)
    try:
        for at in range(0, len(body), _PIECE_BYTES):
            rest = body[at : at + _PIECE_BYTES]
            end = at + len(rest)
            while rest:
                if stream.eof:
                    member_at = end - len(rest)
                    if body[member_at : member_at + len(GZIP_MAGIC)] != GZIP_MAGIC:
                        return bytes(plain)
                    if has_unknown_flags(body, member_at):
                        raise ValueError("is damaged gzip")
                    stream = library.decompressobj(_GZIP_BITS)
                plain += stream.decompress(rest, _PIECE_BYTES)
                if len(plain) > max_bytes:
                    raise ValueError(f"is larger than {max_bytes} bytes")
                rest = stream.unused_data if stream.eof else stream.unconsumed_tail
    except (zlib.error, library.error, EOFError) as error:
        raise ValueError("is damaged gzip") from error
    if not stream.eof:
        raise ValueError("is gzip that ends early")
    return bytes(plain)
