"""Does a body read the same, whether a feed sends it now or a recording holds it?"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from collector.decode import decode
from collector.errors import DecodeError, FeedError
from collector.feeds.freshness import time_of
from collector.http.etiquette import decoded_body
from collector.model.reply import Format
from tests.recording.replies import AT, replies_of, reply
from tests.recording.test_other_tools import foreign

BOM = b"\xef\xbb\xbf"
BODY = reply().body
PACKED = gzip.compress(BODY)
CALLSIGN = BODY.replace(b'"seen"', b'"flight": "AZQ\xb0", "gs": NaN, "seen"')

GOOD: dict[str, tuple[bytes, str | None]] = {
    "plain": (BODY, None),
    "identity": (BODY, "identity"),
    "gzip": (PACKED, "gzip"),
    "x-gzip": (PACKED, "X-GZIP"),
    "gzip, not stated": (PACKED, None),
    "stated as gzip, but plain": (BODY, "gzip"),
    "two members": (gzip.compress(BODY[:20]) + gzip.compress(BODY[20:]), "gzip"),
    "two members, not stated": (gzip.compress(BODY[:20]) + gzip.compress(BODY[20:]), None),
    "packed twice": (gzip.compress(PACKED), "gzip"),
    "zeros behind the gzip": (PACKED + bytes(512), "gzip"),
    "a byte order mark": (BOM + BODY, None),
    "a byte order mark, gzipped": (gzip.compress(BOM + BODY), "gzip"),
    "a byte order mark, stated as gzip": (BOM + BODY, "gzip"),
    "odd bytes": (CALLSIGN, None),
    "odd bytes, gzipped": (gzip.compress(BOM + CALLSIGN), None),
}

BAD: dict[str, tuple[bytes, str | None]] = {
    "cut": (BODY[:-3], None),
    "stated as gzip, cut and plain": (BODY[:-3], "gzip"),
    "a cut gzip": (PACKED[:-5], "gzip"),
    "a cut gzip, not stated": (PACKED[:-5], None),
    "the gzip of a cut body": (gzip.compress(BODY[:-3]), "gzip"),
    "a damaged gzip": (PACKED[:12] + b"\xff\xff\xff" + PACKED[15:], "gzip"),
    "a first byte of gzip": (b"\x1f", "gzip"),
    "a web page, gzipped": (gzip.compress(b"<html>Just a moment</html>"), None),
    "an error": (b'{"ac":[],"msg":"down","now":%d}' % AT.timestamp(), None),
    "only a byte order mark": (BOM, None),
}


def live(body: bytes, encoding: str | None) -> list[str | None] | None:
    """The addresses that a live poll finds; None if it fails."""
    try:
        plain = decoded_body([body[i : i + 7] for i in range(0, len(body), 7)], encoding, 1 << 20)
        time_of(Format.READSB, plain, "feed")
        return [row.icao24 for row in decode(Format.READSB, plain, received_at=AT).rows]
    except (ValueError, FeedError, DecodeError):
        return None


def replayed(folder: Path, body: bytes, encoding: str | None) -> list[str | None] | None:
    """The addresses that a replay finds in another tool's recording; None if it fails."""
    headers = [] if encoding is None else [("Content-Encoding", encoding)]
    foreign(folder / "other.warc.gz", body, headers)
    (found,) = replies_of([folder])
    try:
        return [row.icao24 for row in decode(found.format, found.body, received_at=AT).rows]
    except DecodeError:
        return None


@pytest.mark.parametrize("name", GOOD)
def test_a_good_body_is_read_at_both_doors(tmp_path: Path, name: str) -> None:
    assert live(*GOOD[name]) == replayed(tmp_path, *GOOD[name]) == ["600865"]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_body_is_refused_at_both_doors(tmp_path: Path, name: str) -> None:
    assert live(*BAD[name]) is replayed(tmp_path, *BAD[name]) is None
