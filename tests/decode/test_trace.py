"""Are traces decoded: rows of 9 and of 14, legs, flags, and genuine files?"""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collector.decode import decode
from collector.errors import DecodeError
from collector.model import Observation, Source
from collector.model.reply import Format
from tests.support.reshape import DAY_TRACE, DESERT_TRACES
from tests.support.shared import SHARED, needs_shared

BEGIN_S = 1_795_305_600.0
BEGIN = datetime.fromtimestamp(BEGIN_S, UTC)


def observations(*points: list[Any], **top: Any) -> list[Observation]:
    body = {"icao": "600865", "r": "4K-AZ101", "t": "IL76", "timestamp": BEGIN_S, **top}
    found = decode(
        Format.TRACE, json.dumps(body | {"trace": list(points)}).encode(), received_at=BEGIN
    )
    return [found.observation(row, "traces") for row in found.rows]


def point(offset_s: float, altitude: Any = 5000, flags: int = 0, details: Any = None) -> list[Any]:
    return [offset_s, 30.1, 35.0, altitude, 180.0, 202.0, flags, -640, details]


def test_short_and_long_rows() -> None:
    short, long = observations(
        point(10.5, details={"type": "mlat", "alt_geom": 5200, "squawk": "3310"}),
        [*point(20), "adsb_icao", 5300, -700, 210, 0.0],
    )
    assert short.position_at == short.heard_at == BEGIN + timedelta(seconds=10.5)
    assert (short.source, short.geom_altitude_ft, short.squawk) == (Source.MLAT, 5200, "3310")
    assert (long.source, long.geom_altitude_ft, long.baro_altitude_ft) == (Source.ADSB, 5300, 5000)
    assert long.vertical_rate_fpm == -640
    assert (long.registration, long.type_code) == ("4K-AZ101", "IL76")
    assert short.fresh
    assert long.fresh


def test_ground_null_and_geometric_altitudes() -> None:
    ground, unknown, geometric = observations(
        point(1, "ground"), point(2, None), point(3, 5300, flags=8)
    )
    assert (ground.on_ground, ground.baro_altitude_ft) == (True, None)
    assert (unknown.on_ground, unknown.baro_altitude_ft) == (None, None)
    assert (geometric.baro_altitude_ft, geometric.geom_altitude_ft) == (None, 5300)


def test_a_callsign_holds_for_the_rest_of_its_leg() -> None:
    seen = observations(
        point(1),
        point(2, details={"flight": "AZQ4801 "}),
        point(3),
        point(4, flags=1),
        point(5, flags=2),
        point(6, flags=3, details={"flight": "AZQ4802 "}),
    )
    assert [each.callsign for each in seen] == [
        *(None, "AZQ4801", "AZQ4801", "AZQ4801", None, "AZQ4802")
    ]
    assert all(each.fresh for each in seen), "flag 1 is a gap before a point, not its age"


def test_offsets_before_and_after_the_day() -> None:
    seen = observations(point(-3600), point(90_000), point(1e9))
    assert [each.at - BEGIN for each in seen] == [timedelta(hours=-1), timedelta(hours=25)]


def test_phantoms_of_the_day_before_are_no_reports_of_this_one() -> None:
    """They come out of a cache, between rows of the day, and may bear another leg's flag."""
    seen = observations(
        point(-30),
        point(5, details={"flight": "AZQ4801 "}),
        point(-80_000, flags=2, details={"flight": "AZQ1    "}),
        point(20),
        point(15),
    )
    offsets_s = [(each.at - BEGIN).total_seconds() for each in seen]
    assert offsets_s == [-30, 5, 15, 20]
    assert [each.callsign for each in seen] == [None, "AZQ4801", "AZQ4801", "AZQ4801"]


@pytest.mark.parametrize("timestamp", [0.0, 1_000_000.0, 4_102_444_800.0, 1e300, -1.0])
def test_a_trace_of_1970_or_2100_is_refused(timestamp: float) -> None:
    with pytest.raises(DecodeError, match="not between 2010 and 2099"):
        observations(point(1), timestamp=timestamp)


def test_an_odd_point_does_not_lose_the_others() -> None:
    seen = observations(point(1), "x", [1], [*point(2)[:6], "odd", "odd", 7], point(3))  # type: ignore[arg-type]
    assert [each.at - BEGIN for each in seen] == [timedelta(seconds=each) for each in (1, 2, 3)]
    assert seen[1].vertical_rate_fpm is None


@pytest.mark.parametrize("gone", ["icao", "timestamp", "trace"])
def test_without_its_keys_it_is_no_trace(gone: str) -> None:
    body = {"icao": "600865", "timestamp": BEGIN_S, "trace": []}
    del body[gone]
    with pytest.raises(DecodeError):
        decode(Format.TRACE, json.dumps(body).encode(), received_at=BEGIN)


def test_an_unknown_aircraft_without_database_entry() -> None:
    seen = observations(point(1), r=None, t=None, noRegData=True)
    assert (seen[0].registration, seen[0].type_code) == (None, None)


@needs_shared
def test_genuine_files_say_what_their_json_says() -> None:
    files = [
        SHARED / "data" / "feeds" / "adsblol" / "trace_full_4cafc4_abridged.json",
        SHARED / "data" / "feeds" / "readsb" / "trace_3c66b0.json",
        DAY_TRACE,
        *sorted(DESERT_TRACES.rglob("trace_full_*.json")),
    ]
    assert len(files) == 19
    for path in files:
        body = path.read_bytes()
        trace = json.loads(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)
        found = decode(Format.TRACE, body, received_at=BEGIN)
        assert found.bad_rows == 0
        assert len(found.rows) == len(trace["trace"])
        for raw, row in zip(trace["trace"], found.rows, strict=True):
            seen = found.observation(row, "traces")
            assert (seen.icao24, seen.registration) == (trace["icao"], trace.get("r"))
            assert (seen.lat_deg, seen.lon_deg) == (raw[1], raw[2])
            assert seen.on_ground == (None if raw[3] is None else raw[3] == "ground")
            assert abs(seen.at.timestamp() - trace["timestamp"] - raw[0]) < 1e-3


@needs_shared
def test_the_day_of_four_landings_has_its_callsigns() -> None:
    found = decode(Format.TRACE, DAY_TRACE.read_bytes(), received_at=BEGIN)
    callsigns = [row.callsign for row in found.rows if row.callsign]
    assert {"DAL1812", "DAL2418"} <= set(callsigns)
