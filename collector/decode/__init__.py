"""What do the bytes of a reply say? Bytes in, rows out, one module a format. (step 1)

Pure: no clock, no network. Live polls, replays and archives all come through `decode` and `sift`.
"""

from __future__ import annotations

from datetime import datetime

from collector.decode.gzipped import gunzip
from collector.decode.opensky import decode_opensky
from collector.decode.opensky_track import decode_opensky_track
from collector.decode.readsb import decode_readsb
from collector.decode.rows import Located, Row, Snapshot
from collector.decode.trace import decode_trace
from collector.errors import DecodeError
from collector.model.reply import Format

__all__ = ["LARGEST_BYTES", "Located", "Row", "Snapshot", "decode"]

LARGEST_BYTES = 256 * 1024 * 1024
"""A reply of every aircraft of the world is about 6 MB, a day's trace under 10 MB."""


def decode(format: Format, body: bytes, *, received_at: datetime) -> Snapshot:  # noqa: A002
    """Decode a reply's body.

    Raises DecodeError if it is empty, HTML, truncated, of another format, or of an impossible
    time. A valid reply without aircraft is a Snapshot without rows. `received_at` bounds the
    reply's own time; for traces and tracks, which are histories, it is not looked at.
    """
    body = gunzip(body, max_bytes=LARGEST_BYTES)
    if not body.strip():
        raise DecodeError("the body is empty: the feed answered nothing at all")
    if body.lstrip()[:1] == b"<":
        raise DecodeError(f"the body is a page, not data: it begins {body.lstrip()[:60]!r}")
    if format is Format.OPENSKY_STATES:
        return decode_opensky(body, received_at)
    if format is Format.TRACE:
        return decode_trace(body)
    if format is Format.OPENSKY_TRACK:
        return decode_opensky_track(body)
    return decode_readsb(body, received_at)
