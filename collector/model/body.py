"""Is a body gzipped? Its first two bytes decide, never a header, for live replies and recordings.

Some proxies pack without saying so, some say so without packing, and some pack twice.
"""

from __future__ import annotations

import zlib
from typing import Any

GZIP_MAGIC = b"\x1f\x8b"
"""The first two bytes of everything gzipped."""

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


def _one_layer(body: bytes, max_bytes: int, library: Any) -> bytes:
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
