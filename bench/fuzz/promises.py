"""What else is promised of foreign bytes, besides that only errors of the collector are raised?

An odd byte in one row never changes another; what was received live is read alike when it is
replayed; what leaves the house names no other aircraft and nothing of a receiver.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from collector import recording
from collector.coverage.region import Region
from collector.decode import decode
from collector.disclosure.replies import Leaving
from collector.errors import CollectorError
from collector.http import etiquette
from collector.model import Observation, WatchMatch
from collector.model.reply import Area, Fleet, Format, Reply
from collector.pipeline.sift import SiftedReply, sift
from collector.recording.extracting import extract
from collector.recording.writing import reply_member

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NOW_S = int(AT.timestamp())
ROUND = Region(((29.94, 34.93, 250.0),))
MATCH = (WatchMatch("fleet", "all", True),)
LARGEST_BYTES = 1 << 20
OURS, OTHER = "600865", "600866"


def one_row_spoilt(body: bytes, _path: Path) -> None:
    """Put odd bytes into one of three rows: the others are read as without it.

    The first byte chooses the format, the second the row, the third the place in it. Brackets and
    commas may divide a row into several, which then speak for themselves.
    """
    if len(body) < 4:
        return
    format, rows, around = SHAPES[body[0] % len(SHAPES)]  # noqa: A001
    spoilt = body[1] % 3
    text, odd = rows[spoilt], body[3:]
    at = 1 + body[2] % (len(text) - 1)
    if any(byte in b"[]{}," for byte in odd):
        return
    shown = [*rows[:spoilt], text[:at] + odd + text[at:], *rows[spoilt + 1 :]]
    wanted = _observed(format, around, [*rows[:spoilt], *rows[spoilt + 1 :]])
    seen = _observed(format, around, shown)
    if format.history:
        kept = [each for each in seen if each in wanted]
    else:
        addresses = {each.icao24 for each in wanted}
        kept = [each for each in seen if each.icao24 in addresses]
    assert kept == wanted, (kept, wanted)


def _observed(format: Format, around: bytes, rows: list[bytes]) -> list[Observation]:  # noqa: A002
    head, tail = around.split(b"ROWS")
    found = decode(format, head + b", ".join(rows) + tail, received_at=AT)
    return [found.observation(row, "feed") for row in found.rows if row.icao24 is not None]


def live_and_replayed(body: bytes, path: Path) -> None:
    """Receive a reply of a server as a poll does, record it, and read it back in both ways."""
    if not body:
        return
    format = tuple(Format)[body[0] % len(Format)]  # noqa: A001
    try:
        received = etiquette.decoded_body([body[1:]], None, LARGEST_BYTES)
    except ValueError:  # the poll failed, and there is nothing to be recorded
        return
    reply = Reply(
        feed="adsblol",
        format=format,
        ask=Area(29.94, 34.93, 100.0),
        url="https://api.adsb.lol/v2/point/29.94/34.93/100",
        received_at=AT,
        headers=(("Content-Type", body[1:40].decode("latin-1")),),
        body=received,
    )
    path.write_bytes(reply_member(reply, {}))
    recognise = partial(recording.recognise, hosts={})
    live = _sifted(reply)
    read = [each.reply for each in recording.read([path], recognise=recognise)]
    taken = [
        each.recorded.reply
        for each in extract([path], AT, AT, recognise=recognise, report=lambda _: None)
    ]
    for replayed in (read, taken):
        assert [each and _sifted(each) for each in replayed] == [live], replayed


def _sifted(reply: Reply) -> SiftedReply | str:
    try:
        return sift(reply, lambda _row, _day: MATCH, ROUND, remember=True)
    except CollectorError as error:
        return type(error).__name__


def leaving(body: bytes, _path: Path) -> None:
    """Let a reply leave that a receiver of the operator's own, or a feed asked for two, gave."""
    if not body:
        return
    format = (Format.READSB, Format.TRACE)[body[0] % 2]  # noqa: A001
    rules = Leaving(
        OURS,
        {"roof": "receiver", "adsblol": "adsblol"},
        frozenset({"roof"}),
        frozenset({"api.adsb.lol"}),
    )
    for feed, aircraft in (("roof", (OURS,)), ("adsblol", (OURS, OTHER))):
        reply = Reply(
            feed=feed,
            format=format,
            ask=Fleet(aircraft),
            url=f"https://api.adsb.lol/v2/hex/{','.join(aircraft)}",
            received_at=AT,
            body=body[1:],
        )
        left = rules.of_reply(reply)
        if left is None:
            continue
        with suppress(CollectorError):
            sift(left[0], lambda _row, _day: MATCH, ROUND)
        if feed == "roof":
            _each(json.loads(left[0].body), _says_nothing_of_the_receiver)
        elif format is Format.READSB:
            whole = json.loads(left[0].body)
            for row in (*whole.get("ac", ()), *whole.get("aircraft", ())):
                assert row["hex"] == OURS, row


def _says_nothing_of_the_receiver(table: dict[str, Any]) -> None:
    assert not {"r_dst", "r_dir", "rssi", "dst", "dir"} & table.keys(), table


def _each(value: Any, check: Callable[[dict[str, Any]], None]) -> None:
    if isinstance(value, dict):
        check(value)
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            _each(each, check)


def _readsb(index: int) -> dict[str, Any]:
    row = {"hex": f"60086{index}", "flight": f"AZQ{index}   ", "alt_baro": 9000 + index}
    row |= {"gs": 260.5, "lat": 29.9 + index / 10, "lon": 34.9, "mlat": [], "seen": 0.5}
    return row | {"seen_pos": 1.5, "lastPosition": {"lat": 1.0, "nic": 8}, "tisb": []}


def _state(index: int) -> list[Any]:
    row: list[Any] = [f"60086{index}", f"AZQ{index}   ", "Azerbaijan", NOW_S - 2, NOW_S - 1, 34.9]
    return [*row, 29.9 + index, 9000.5, False, 130.5, 200.0, -5.0, [1, 2], 9100.0, "12", False, 0]


def _point(index: int) -> list[Any]:
    details = {"flight": "AZQ4801 ", "alt_geom": 9100, "nic": 8}
    point = [index * 5.5, 29.9 + index, 34.9, 9000, 260.5, 200.0, 0, -64, details, "adsb_icao"]
    return [*point, 9100, None, 250, 0.5]


def _waypoint(index: int) -> list[Any]:
    return [NOW_S + index, 29.9 + index, 34.9, 9000.5, 200.0, False]


_AROUND: tuple[tuple[Format, Callable[[int], object], bytes], ...] = (
    (Format.READSB, _readsb, b'{"ac": [ROWS], "now": %d}' % (NOW_S * 1000)),
    (Format.READSB, _readsb, b'{"now": %d, "aircraft": [ROWS]}' % NOW_S),
    (Format.OPENSKY_STATES, _state, b'{"time":%d,"states":[ROWS]}' % NOW_S),
    (Format.TRACE, _point, b'{"icao":"600865","timestamp":%d.5,"trace":[ROWS]}' % NOW_S),
    (Format.OPENSKY_TRACK, _waypoint, b'{"icao24":"600865","path":[ROWS],"callsign":"A"}'),
)
SHAPES = tuple(
    (kind, [json.dumps(row(index)).encode() for index in range(3)], around)
    for kind, row, around in _AROUND
)
"""Each format with three rows, and what stands around them."""
