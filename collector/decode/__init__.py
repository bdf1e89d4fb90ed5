"""What do the bytes of a reply say? `decode` turns them into rows, with one module for each format.

It is pure: no clock, no network. Polls, replays and archives all go through `decode` and `sift`.
"""

from __future__ import annotations

from datetime import datetime

from collector.decode.gzipped import fast_zlib
from collector.decode.opensky import decode_opensky
from collector.decode.opensky_track import decode_opensky_track
from collector.decode.readsb import decode_readsb
from collector.decode.repair import BOM
from collector.decode.rows import Located, Row, Snapshot
from collector.decode.trace import decode_trace
from collector.errors import DecodeError
from collector.model.body import unpacked
from collector.model.reply import Format

__all__ = ["LARGEST_BYTES", "Located", "Row", "Snapshot", "decode"]

LARGEST_BYTES = 256 * 1024 * 1024
"""Most bytes of an unpacked body. A reply with all aircraft of the world has about 6 MB."""


def decode(format: Format, body: bytes, *, received_at: datetime) -> Snapshot:  # noqa: A002
    """Return the decoded body of a reply.

    A valid reply without aircraft is a Snapshot without rows. An odd byte costs a field or a row,
    never the reply. `received_at` bounds the reply's own
    time; for traces and tracks, which are histories, it is ignored. Raises DecodeError if the body
    is empty, a web page, truncated, of another format, of an impossible time, or only a
    message.
    """
    try:
        body = unpacked(body, LARGEST_BYTES, library=fast_zlib)
    except ValueError as error:
        raise DecodeError(f"the body {error}") from error
    body = body.removeprefix(BOM)
    if not body.strip():
        raise DecodeError("the body is empty")
    if body.lstrip()[:1] == b"<":
        raise DecodeError(f"the body is a web page, not data: it begins {body.lstrip()[:60]!r}")
    if format is Format.OPENSKY_STATES:
        return decode_opensky(body, received_at)
    if format is Format.TRACE:
        return decode_trace(body)
    if format is Format.OPENSKY_TRACK:
        return decode_opensky_track(body)
    return decode_readsb(body, received_at)
