"""Do any bytes give a Snapshot or a DecodeError, never another exception or a wild value?"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.coverage.region import Region
from collector.decode import Snapshot, decode
from collector.errors import DecodeError
from collector.model import Observation, WatchMatch
from collector.model.reply import Everything, Format, Reply
from collector.pipeline.sift import sift

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EVERYTHING = Region(((0.0, 0.0, 20_000.0),))
MATCH = (WatchMatch("fleet", "all", True),)

wild_numbers = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0, -1, 60, 1e9, -1e9, 1e18, 1e300, 10**40, 89.9, 180, 181, 40000]),
)
wild = st.one_of(st.none(), st.booleans(), wild_numbers, st.text(max_size=12), st.just("ground"))
any_json = st.recursive(
    wild, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=6), inner), max_leaves=12
)
KEYS = [
    *("hex", "type", "flight", "r", "t", "ownOp", "alt_baro", "altitude", "alt_geom", "gs"),
    *("speed", "track", "calc_track", "baro_rate", "geom_rate", "vert_rate", "squawk", "lat"),
    *("lon", "seen", "seen_pos", "version", "nic", "nac_p", "sil", "nav_qnh", "gpsOkBefore"),
    *("mlat", "tisb", "lastPosition", "rr_lat", "rr_lon"),
]
rows = st.lists(
    st.fixed_dictionaries(
        {"hex": st.one_of(st.just("600865"), st.just("~2a0c31"), st.just("4CA1FA"), any_json)},
        optional=dict.fromkeys(KEYS[1:], any_json),
    )
    | any_json,
    max_size=5,
)
now_s = st.one_of(st.just(AT.timestamp()), st.just(AT.timestamp() * 1000), any_json)
states = st.lists(st.lists(any_json, max_size=19) | any_json, max_size=4)
sound_state = st.tuples(
    st.just("600865"), *[any_json] * 2, wild_numbers, wild_numbers, *[wild] * 12
).map(list)


def bodies() -> st.SearchStrategy[tuple[Format, Any]]:
    v2 = st.fixed_dictionaries({"now": now_s}, optional={"ac": rows, "aircraft": rows})
    opensky = st.fixed_dictionaries(
        {"time": now_s, "states": st.none() | states | st.lists(sound_state, max_size=3)}
    )
    trace = st.fixed_dictionaries(
        {"icao": st.just("600865") | any_json, "timestamp": now_s},
        optional={"trace": states, "r": any_json, "t": any_json, "ownOp": any_json},
    )
    points = st.lists(st.tuples(now_s, *[wild] * 5).map(list) | any_json, max_size=4)
    track = st.fixed_dictionaries(
        {"icao24": st.just("600865") | any_json, "path": st.none() | points},
        optional={"callsign": wild, "calllsign": wild},
    )
    return st.one_of(
        st.tuples(st.just(Format.READSB), v2 | any_json),
        st.tuples(st.just(Format.OPENSKY_STATES), opensky | any_json),
        st.tuples(st.just(Format.TRACE), trace | any_json),
        st.tuples(st.just(Format.OPENSKY_TRACK), track | any_json),
    )


def in_bounds(observation: Observation) -> bool:
    low_high: list[tuple[float | None, float, float]] = [
        (observation.lat_deg, -90, 90),
        (observation.lon_deg, -180, 180),
        (observation.baro_altitude_ft, -2000, 130_000),
        (observation.geom_altitude_ft, -3000, 135_000),
        (observation.ground_speed_kt, 0, 4100),
        (observation.track_deg, 0, 359.999999),
        (observation.vertical_rate_fpm, -32_700, 32_700),
        (observation.nic, 0, 15),
        (observation.sil, 0, 3),
        (observation.nav_qnh_hpa, 850, 1100),
    ]
    numbers = all(
        value is None or (math.isfinite(value) and low <= value <= high)
        for value, low, high in low_high
    )
    texts = (observation.callsign, observation.registration, observation.type_code)
    return numbers and all(text is None or (text and text.isprintable()) for text in texts)


@given(bodies())
def test_any_json_is_a_snapshot_or_a_decode_error(body: tuple[Format, Any]) -> None:
    fmt, value = body
    reply = Reply(
        feed="feed",
        format=fmt,
        ask=Everything(),
        url="https://feed.example/v2/all",
        received_at=AT,
        body=json.dumps(value).encode(),
    )
    try:
        sifted = sift(reply, lambda _row, _day: MATCH, EVERYTHING)
    except DecodeError:
        return
    for observation, matches in sifted.observations:
        assert matches == MATCH
        assert in_bounds(observation)
        assert (observation.lat_deg is None) == (observation.position_at is None)
        if not fmt.history:
            assert observation.heard_at <= AT + timedelta(minutes=11)
    assert sifted.coverage.unplaced <= sifted.coverage.aircraft


@given(st.sampled_from(Format), st.binary(max_size=200))
def test_any_bytes_are_a_snapshot_or_a_decode_error(fmt: Format, body: bytes) -> None:
    for each in (body, gzip.compress(body), gzip.compress(body)[:-3], b"\x1f\x8b" + body):
        with suppress(DecodeError):
            assert isinstance(decode(fmt, each, received_at=AT), Snapshot)


GOOD: dict[Format, dict[str, Any]] = {
    Format.READSB: {"now": AT.timestamp(), "ac": [{"hex": "600865", "lat": 30, "lon": 35}]},
    Format.OPENSKY_STATES: {"time": int(AT.timestamp()), "states": None},
    Format.TRACE: {"icao": "600865", "timestamp": AT.timestamp(), "trace": []},
    Format.OPENSKY_TRACK: {"icao24": "600865", "callsign": None, "path": []},
}

NOT_DATA: list[Callable[[bytes], bytes]] = [
    lambda _: b"",
    lambda _: b" \r\n",
    lambda _: b"<!DOCTYPE html><html><body>Just a moment...</body></html>",
    lambda _: b'{"error":"Please contact us"}',
    lambda _: b"null",
    lambda _: b"[]",
    lambda _: b'"busy"',
    lambda _: b'{"x":' + b"[" * 100_000,
    lambda good: good[:-1],
    lambda good: good[: len(good) // 2],
    lambda good: good + b"}",
    lambda good: gzip.compress(good)[:-4],
    lambda good: gzip.compress(good)[:-9],
]


@pytest.mark.parametrize("fmt", list(Format))
@pytest.mark.parametrize("spoil", NOT_DATA)
def test_what_is_no_data_is_an_error_and_never_nobody(
    fmt: Format, spoil: Callable[[bytes], bytes]
) -> None:
    good = json.dumps(GOOD[fmt]).encode()
    decode(fmt, good, received_at=AT)
    decode(fmt, gzip.compress(good), received_at=AT)
    with pytest.raises(DecodeError):
        decode(fmt, spoil(good), received_at=AT)


@pytest.mark.parametrize("fmt", [Format.READSB, Format.OPENSKY_STATES])
@pytest.mark.parametrize("now", [0, 3600, -1, 1e300, 4102444800, 4102444800000])
def test_an_impossible_time_is_an_error(fmt: Format, now: float) -> None:
    body = GOOD[fmt] | {"now": now, "time": now}
    with pytest.raises(DecodeError, match="clock"):
        decode(fmt, json.dumps(body).encode(), received_at=AT)


def test_an_unzipped_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.decode.LARGEST_BYTES", 1000)
    with pytest.raises(DecodeError, match="larger than"):
        decode(Format.READSB, gzip.compress(b" " * 5000), received_at=AT)
