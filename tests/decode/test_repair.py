"""Does one odd byte cost its own row at most, in every format, and never pass for a smaller sky?"""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from math import isfinite
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.decode import Snapshot, decode
from collector.decode.repair import BOM, repaired, repaired_reply
from collector.errors import DecodeError, Malformed
from collector.feeds.freshness import time_of
from collector.model import Observation
from collector.model.reply import Format

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NOW_S = int(AT.timestamp())
ODD_AT = 1
"""Which row gets the odd byte."""


def _readsb(index: int) -> bytes:
    row = {
        "hex": f"60086{index}",
        "flight": f"AZQ{index}   ",
        "alt_baro": 9000 + index,
        "gs": 260.5,
    }
    row |= {"lat": 29.9 + index, "lon": 34.9, "mlat": [], "seen": 0.5, "seen_pos": 1.5}
    return json.dumps(row | {"lastPosition": {"lat": 1.0, "nic": 8}, "tisb": []}).encode()


def _state(index: int) -> bytes:
    row: list[Any] = [f"60086{index}", f"AZQ{index}   ", "Azerbaijan", NOW_S - 2, NOW_S - 1]
    row += [34.9, 29.9 + index, 9000.5, False, 130.5, 200.0, -5.0, [1, 2], 9100.0, "1234", False, 0]
    return json.dumps(row).encode()


def _point(index: int) -> bytes:
    details = {"flight": "AZQ4801 ", "alt_geom": 9100, "nic": 8}
    row = [index * 5.5, 29.9 + index, 34.9, 9000, 260.5, 200.0, 0, -64, details, "adsb_icao"]
    return json.dumps([*row, 9100, None, 250, 0.5]).encode()


def _waypoint(index: int) -> bytes:
    return json.dumps([NOW_S + index, 29.9 + index, 34.9, 9000.5, 200.0, False]).encode()


SHAPES: dict[str, tuple[Format, Callable[[int], bytes], bytes, bytes]] = {
    "v2": (
        Format.READSB,
        _readsb,
        b'{"ac": [',
        b'], "msg": "No error", "now": %d, "total": 3, "ctime": 1, "ptime": 0}' % (NOW_S * 1000),
    ),
    "aircraft.json": (
        Format.READSB,
        _readsb,
        b'{ "now" : %d.5,\n  "messages" : 123,\n  "aircraft" : [\n' % NOW_S,
        b"\n]\n}\n",
    ),
    "states": (Format.OPENSKY_STATES, _state, b'{"time":%d,"states":[' % NOW_S, b"]}"),
    "trace": (
        Format.TRACE,
        _point,
        b'{"icao":"600865","r":"4K-AZ","t":"IL76","timestamp":%d.5,\n"trace":[ ' % NOW_S,
        b" ]}\n",
    ),
    "track": (
        Format.OPENSKY_TRACK,
        _waypoint,
        b'{"icao24":"600865","path":[',
        b'],"callsign":"A"}',
    ),
}

IN_A_FIELD: dict[str, bytes] = {
    "NaN": b"NaN",
    "nan as C prints it": b"-nan",
    "Infinity": b"Infinity",
    "-Infinity": b"-Infinity",
    "a large exponent": b"1e999",
    "400 digits": b"-1" + b"0" * 400,
    "no digit after the point": b"1.",
    "two leading zeros": b"007",
    "no UTF-8": b'"IL\xb076"',
    "Latin-1 at the end": b'"Aerocl\xe9"',
    "a raw tab": b'"IL\t76"',
    "a raw line break": b'"IL\r\n76"',
    "a NUL": b'"IL\x0076"',
    "a lone high surrogate": rb'"IL\ud80076"',
    "a lone low surrogate": rb'"IL\udc00"',
    "an unknown escape": rb'"IL\x76"',
    "half an escape": rb'"IL\u00"',
}

BREAKS_A_ROW: dict[str, bytes] = {
    "a quote": b'"',
    "a quote in a text": b'"AZ"Q"',
    "a backslash before the quote": b'"AZQ\\"',
    "a brace": b"}",
    "an opening brace": b"{",
    "a bracket": b"]",
    "an opening bracket": b"[",
    "nothing": b"",
    "two values": b"1 2",
}


def body_of(shape: str, *rows: bytes) -> bytes:
    _, _, head, tail = SHAPES[shape]
    return head + b", ".join(rows) + tail


def spoilt(shape: str, odd: bytes) -> bytes:
    """A row in which one field that is read has an odd value."""
    row = SHAPES[shape][1](ODD_AT)
    before, at, after = row.partition(
        {"v2": b"260.5", "aircraft.json": b"260.5"}.get(shape, b"34.9")
    )
    assert at
    return before + odd + after


def observed(found: Snapshot) -> list[Observation]:
    return [found.observation(row, "feed") for row in found.rows if row.icao24 is not None]


def read(shape: str, body: bytes) -> Snapshot:
    return decode(SHAPES[shape][0], body, received_at=AT)


def good_rows(shape: str) -> list[bytes]:
    return [SHAPES[shape][1](index) for index in (0, 2)]


def others(shape: str, found: Snapshot) -> list[Observation]:
    """The observations that are not of the spoilt row."""
    if SHAPES[shape][0].history:
        return [each for each in observed(found) if each.lon_deg is not None]
    return [each for each in observed(found) if each.icao24 != f"60086{ODD_AT}"]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("odd", IN_A_FIELD)
def test_an_odd_value_costs_its_field(shape: str, odd: str) -> None:
    first, last = good_rows(shape)
    found = read(shape, body_of(shape, first, spoilt(shape, IN_A_FIELD[odd]), last))
    alone = read(shape, body_of(shape, first, last))
    assert others(shape, found) == observed(alone)
    assert (len(found.rows), found.bad_rows) == (3, 0)
    (hurt,) = [each for each in observed(found) if each not in observed(alone)]
    assert hurt.ground_speed_kt is None or hurt.lon_deg is None


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("odd", BREAKS_A_ROW)
def test_a_broken_row_costs_itself_and_is_counted(shape: str, odd: str) -> None:
    first, last = good_rows(shape)
    for rows in ((first, b"", last), (b"", first, last), (first, last, b"")):
        body = body_of(shape, *(row or spoilt(shape, BREAKS_A_ROW[odd]) for row in rows))
        found = read(shape, body)
        assert observed(found) == observed(read(shape, body_of(shape, first, last)))
        assert found.bad_rows == 1
        if not SHAPES[shape][0].history:
            assert time_of(SHAPES[shape][0], body, "feed") is not None


@pytest.mark.parametrize("shape", SHAPES)
def test_a_reply_in_which_every_row_is_broken_is_no_empty_sky(shape: str) -> None:
    with pytest.raises(DecodeError):
        read(shape, body_of(shape, spoilt(shape, b"1 2"), spoilt(shape, b"1 2")))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("odd", [b"1.0", b"NaN", b'"', b"]", b"}", b"\xff"])
def test_a_reply_cut_anywhere_is_refused(shape: str, odd: bytes) -> None:
    first, last = good_rows(shape)
    body = body_of(shape, first, spoilt(shape, odd), last).rstrip()
    for length in range(len(body)):
        with pytest.raises(DecodeError):
            read(shape, body[:length])
        if not SHAPES[shape][0].history:
            with pytest.raises(Malformed):
                time_of(SHAPES[shape][0], body[:length], "feed")


odd_pieces = st.one_of(
    st.binary(min_size=1, max_size=1),
    st.sampled_from([*IN_A_FIELD.values(), *BREAKS_A_ROW.values()]),
    st.sampled_from([b"NaN", b"nan", b"inf", b"\\", b"\\u", b"\\ud800", b"\xed\xa0\x80", BOM]),
)


@given(st.sampled_from(sorted(SHAPES)), st.integers(0, 2), st.integers(1, 400), odd_pieces)
@example("v2", 1, 30, b'"')
def test_an_odd_byte_in_one_row_never_changes_another(
    shape: str, place: int, at: int, odd: bytes
) -> None:
    first, last = good_rows(shape)
    row = SHAPES[shape][1](ODD_AT)
    at = 1 + at % (len(row) - 1)  # within its brackets
    rows = [first, last]
    rows.insert(place, row[:at] + odd + row[at:])
    wanted = observed(read(shape, body_of(shape, first, last)))
    found = read(shape, body_of(shape, *rows))
    seen = observed(found)
    if SHAPES[shape][0].history:
        assert [each for each in seen if each in wanted] == wanted
    else:
        addresses = {each.icao24 for each in wanted}
        assert [each for each in seen if each.icao24 in addresses] == wanted
    assert len(found.rows) + found.bad_rows <= 3 or odd in b"[]{},"
    for each in seen:
        values = asdict(each).values()
        assert all(isfinite(value) for value in values if isinstance(value, float))


@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode))
def test_repair_settles_on_any_bytes(body: bytes) -> None:
    once = repaired(body)
    assert repaired(once) == once
    with suppress(DecodeError):
        whole, left_out = repaired_reply(body, ("ac",))
        json.loads(whole)
        assert left_out >= 0


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=10,
)


@given(json_values, st.booleans())
def test_sound_json_stays_as_it_is(value: object, ascii_only: bool) -> None:
    try:
        body = json.dumps(value, ensure_ascii=ascii_only, allow_nan=False).encode()
    except UnicodeEncodeError:
        return
    assert repaired(body) == body


def test_a_text_of_nothing_but_oddities_takes_little_memory() -> None:
    head, tail, size = b'{"hex":"600865","flight":"', b'"}', 1_000_000
    tracemalloc.start()
    try:
        assert repaired(head + b"\x01" * size + tail) == head + b" " * size + tail
        assert b"\x01" in repaired(head + b"\x01a" * size + tail), "too many: its row is left out"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 60 * size


HOSTILE: list[bytes] = [
    b'{"ac":' + b"[" * 3_000_000,
    b'"\\' * 1_500_000,
    b'{"ac":[' + b"},{" * 1_000_000,
    b'{"ac":[{' + b"}]" * 1_500_000,
    b'"ac":[' * 500_000,
    b'{"ac":[{}' + b'"a' * 1_500_000 + b"}]}",
    b'{"ac":[{' + b"NaN," * 750_000,
    b"\x01a" * 1_500_000,
    b"1" * 3_000_000,
    b'{"ac":[' + b'{"hex":},' * 300_000 + b'{}],"now":1}',
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_three_hostile_megabytes_take_bounded_time(body: bytes) -> None:
    begun = time.process_time()
    for fmt in Format:
        with suppress(DecodeError):
            decode(fmt, body, received_at=AT)
    assert time.process_time() - begun < 20.0
