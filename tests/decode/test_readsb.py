"""What does each key of v2, readsb and dump1090 become, by hand and in genuine replies?"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.decode import Snapshot, decode
from collector.errors import DecodeError
from collector.model import Observation, Source
from collector.model.reply import Format
from tests.support.shared import SHARED, needs_shared

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FEEDS = SHARED / "data" / "feeds"


def snapshot(*rows: Any, key: str = "ac", now: float | None = None) -> Snapshot:
    body = {key: list(rows), "now": AT.timestamp() * 1000 if now is None else now}
    return decode(Format.READSB, json.dumps(body).encode(), received_at=AT)


def observe(row: dict[str, Any], **where: Any) -> Observation:
    found = snapshot({"hex": "600865", **row}, **where)
    return found.observation(found.rows[0], "feed")


def ago(seconds: float) -> datetime:
    return AT - timedelta(seconds=seconds)


def test_times_are_ages_before_now() -> None:
    seen = observe({"lat": 30.0, "lon": 35.0, "seen": 2.5, "seen_pos": 10.0})
    assert (seen.heard_at, seen.position_at) == (ago(2.5), ago(10))
    assert seen.fresh


@pytest.mark.parametrize("key", ["ac", "aircraft"])
def test_now_is_seconds_or_milliseconds_by_size(key: str) -> None:
    for now in (AT.timestamp(), AT.timestamp() * 1000):
        assert snapshot(key=key, now=now).now_at == AT


def test_a_position_is_stale_by_its_age_at_last_contact() -> None:
    late = {"lat": 30.0, "lon": 35.0, "seen": 200, "seen_pos": 250}
    frozen = {"lat": 30.0, "lon": 35.0, "seen": 1, "seen_pos": 62}
    assert observe(late).fresh
    assert not observe(frozen).fresh
    now_s = AT.timestamp()
    places = [row.position(now_s) for row in snapshot({"hex": "a" * 6} | late).rows]
    assert places == [(30.0, 35.0)]
    assert snapshot({"hex": "a" * 6} | frozen).rows[0].position(now_s) is None


def test_a_position_without_an_age_is_as_old_as_its_row() -> None:
    assert observe({"lat": 30.0, "lon": 35.0, "seen": 7}).position_at == ago(7)
    assert observe({"lat": 30.0, "lon": 35.0}).position_at == AT


def test_rough_and_remembered_places_are_no_positions() -> None:
    seen = observe(
        {
            "lastPosition": {"lat": 30.0, "lon": 35.0, "seen_pos": 90, "nic": 8, "rc": 186},
            "rr_lat": 30.1,
            "rr_lon": 35.1,
            "gpsOkBefore": AT.timestamp() - 600,
            "gpsOkLat": 30.0,
            "gpsOkLon": 35.0,
            "seen": 1,
        }
    )
    assert (seen.lat_deg, seen.lon_deg, seen.position_at) == (None, None, None)
    assert seen.gps_lost


def test_ground_is_a_word_and_zero_is_an_altitude() -> None:
    ground = observe({"alt_baro": "ground", "gs": 12.5})
    assert (ground.on_ground, ground.baro_altitude_ft, ground.ground_speed_kt) == (True, None, 12.5)
    zero = observe({"alt_baro": 0})
    assert (zero.on_ground, zero.baro_altitude_ft) == (False, 0)
    assert observe({}).on_ground is None
    assert observe({"alt_baro": "n/a"}).on_ground is None


def test_the_older_keys_of_dump1090() -> None:
    flying = observe({"altitude": 4250, "speed": 180, "vert_rate": -640, "track": 202})
    assert flying.baro_altitude_ft == 4250
    assert (flying.ground_speed_kt, flying.vertical_rate_fpm) == (180, -640)
    down = observe({"altitude": "ground", "speed": 60, "vert_rate": -640})
    assert down.on_ground is True
    assert down.vertical_rate_fpm is None, "the key keeps its last airborne value on the ground"


def test_source_by_type_or_by_the_lists_of_derived_fields() -> None:
    for name, source in [
        ("adsb_icao", Source.ADSB),
        ("adsr_icao", Source.ADSR),
        ("tisb_icao", Source.TISB),
        ("adsc", Source.ADSC),
        ("mlat", Source.MLAT),
        ("mode_s", Source.MODE_S),
        ("something_new", Source.OTHER),
    ]:
        assert observe({"type": name}).source is source
    place = {"lat": 30.0, "lon": 35.0}
    assert observe({**place, "mlat": ["lat", "lon"]}).source is Source.MLAT
    assert observe({**place, "tisb": ["lat"], "mlat": []}).source is Source.TISB
    assert observe({**place, "mlat": [], "tisb": []}).source is Source.ADSB
    assert observe({}).source is Source.OTHER


@pytest.mark.parametrize(
    ("flight", "callsign"),
    [
        ("AZQ4801 ", "AZQ4801"),
        ("        ", None),
        ("00000000", None),
        ("@@@@@@@@", None),
        ("AZ\x1b[2J", "AZ[2J"),
        ("AZ\r\nBcc:", "AZBcc:"),
        ("\u202eAZQ1", "AZQ1"),
        ("X" * 5000, "X" * 8),
    ],
)
def test_callsigns_are_cleaned(flight: str, callsign: str | None) -> None:
    assert observe({"flight": flight}).callsign == callsign
    assert snapshot({"hex": "600865", "flight": flight}).rows[0].callsign == callsign


def test_addresses_are_lower_case_and_tilde_is_none() -> None:
    rows = snapshot({"hex": "4CA1FA"}, {"hex": "~2a0c31"}, {"hex": "xyz123"}, {"hex": ""}).rows
    assert [row.icao24 for row in rows] == ["4ca1fa", None, None, None]
    with pytest.raises(DecodeError, match="address"):
        rows[1].observation(AT, "feed")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"lat": 91.0, "lon": 35.0}, "lat_deg"),
        ({"lat": 30.0, "lon": 180.5}, "position_at"),
        ({"lat": 0.0, "lon": 0.0}, "position_at"),
        ({"lat": 30.0, "lon": 35.0, "seen_pos": -4000}, "position_at"),
        ({"alt_baro": 400000}, "baro_altitude_ft"),
        ({"alt_geom": -9000}, "geom_altitude_ft"),
        ({"gs": -1}, "ground_speed_kt"),
        ({"track": 720}, "track_deg"),
        ({"baro_rate": 99999}, "vertical_rate_fpm"),
        ({"nav_qnh": 0}, "nav_qnh_hpa"),
        ({"squawk": "d276"}, "squawk"),
        ({"nic": 99}, "nic"),
    ],
)
def test_what_cannot_be_is_not_reported(row: dict[str, Any], field: str) -> None:
    assert getattr(observe(row), field) is None


def test_one_odd_row_does_not_lose_the_others() -> None:
    found = snapshot(
        {"hex": "600865", "gs": "fast", "lat": 30.0, "lon": 35.0, "seen_pos": 1, "nic": [1]},
        {"flight": "N/A"},
        "a row",
        None,
        {"hex": 4096},
        {"hex": "600866", "alt_baro": 1500},
    )
    assert [row.icao24 for row in found.rows] == ["600865", "600866"]
    assert found.bad_rows == 4
    first = found.observation(found.rows[0], "feed")
    assert (first.lat_deg, first.ground_speed_kt, first.nic) == (30.0, None, None)


def test_bytes_that_are_no_text_lose_not_even_their_row() -> None:
    body = b'{"now":%d,"ac":[{"hex":"600865","flight":"\xff\xfe"},{"hex":"600866"}]}' % (
        AT.timestamp()
    )
    found = decode(Format.READSB, body, received_at=AT)
    assert [row.icao24 for row in found.rows] == ["600865", "600866"]
    assert found.bad_rows == 0
    assert found.rows[0].callsign == "\ufffd\ufffd"


def test_suspect_geometric_altitude_does_not_place_a_row_in_height() -> None:
    def height(**row: Any) -> float | None:
        return snapshot({"hex": "600865", **row}).rows[0].altitude_ft

    assert height(alt_baro=30000, alt_geom=31000) == 31000
    assert height(alt_baro=30000, alt_geom=33125) == 30000
    assert height(alt_baro=30000) == 30000
    assert height(alt_geom=900) == 900
    assert height(alt_baro="ground", alt_geom=1500) == 0
    assert height(altitude="ground") == 0
    assert height() is None


def _rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a genuine file, whether it is a reply, a list, lines, or has comments."""
    text = re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.MULTILINE).strip()
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        value = json.loads(f"[{text.rstrip(',')}]")
    if isinstance(value, dict):
        value = value.get("ac") or value.get("aircraft") or [value]
    return [row for row in value if "hex" in row]  # one list ends in {"end": "end"}


GENUINE = [
    "feeds/adsblol/mil_trimmed.json",
    "feeds/adsblol/point_51.47_-0.45_250.rows.json",
    "feeds/adsbexchange/v2_aircraft_a2fcf2_2020.json",
    "feeds/airplaneslive/aircraft_ac2f18_2024.json",
    "feeds/dump1090fa/aircraft_rows.json",
    "EMcNugget-ADS-B-Military-Analytics/test_dataset.jsonc",
    *(f"sdr-enthusiasts-sdre-rust-adsb-parser/test_data/aircraft_{n}.json" for n in range(1, 6)),
    *(f"sdr-enthusiasts-sdre-rust-adsb-parser/test_data/json_{n}.json" for n in range(1, 4)),
]


@needs_shared
@pytest.mark.parametrize("name", GENUINE)
def test_genuine_rows_say_what_their_json_says(name: str) -> None:
    rows = _rows(SHARED / "data" / name)
    found = snapshot(*rows)
    assert len(found.rows) == len(rows) > 0
    assert found.bad_rows == 0
    for raw, row in zip(rows, found.rows, strict=True):
        if raw["hex"].startswith("~"):
            assert row.icao24 is None
            continue
        seen = found.observation(row, "feed")
        assert seen.icao24 == raw["hex"]
        assert seen.lat_deg == raw.get("lat")
        assert seen.on_ground == (None if "alt_baro" not in raw else raw["alt_baro"] == "ground")
        assert seen.geom_altitude_ft == raw.get("alt_geom")
        assert seen.ground_speed_kt == raw.get("gs")
        blank = raw.get("flight", "").strip() in ("", "00000000")
        assert seen.callsign == (None if blank else raw["flight"].strip())
        assert seen.type_code == raw.get("t")
        assert seen.heard_at == AT - timedelta(seconds=raw.get("seen", 0))
        assert seen.gps_lost == ("gpsOkBefore" in raw)
        if "lat" in raw:
            assert seen.position_at == AT - timedelta(seconds=raw["seen_pos"])
            recent = raw["seen_pos"] <= 300  # one ADS-C report is older
            assert row.position(AT.timestamp()) == ((raw["lat"], raw["lon"]) if recent else None)


@needs_shared
def test_whole_genuine_replies_keep_their_own_time() -> None:
    folder = SHARED / "data" / "sdr-enthusiasts-sdre-rust-adsb-parser" / "test_data"
    for path in sorted(folder.glob("aircraft_*.json")):
        now = json.loads(path.read_text())["now"]
        received = datetime.fromtimestamp(now + 0.4, UTC)
        assert decode(Format.READSB, path.read_bytes(), received_at=received).now_at == (
            datetime.fromtimestamp(now, UTC)
        )


@needs_shared
def test_three_networks_repeats_live_at_their_position_time() -> None:
    """Captures of one aircraft by three networks: late delivery leaves the position's time."""
    for path in sorted((SHARED / "data" / "orriduck-ADSBao").glob("[fs]*-*.json")):
        capture = json.loads(path.read_text())
        for fix in capture["fixes"]:
            now_s = fix["receiveTime"] / 1000
            age = (fix["receiveTime"] - fix["positionTime"]) / 1000
            row = {"hex": capture["hex"], "flight": capture["callsign"], "gs": fix["gs"]}
            row |= {"lat": fix["lat"], "lon": fix["lon"], "seen_pos": age, "seen": 0.1}
            body = json.dumps({"ac": [row], "now": fix["receiveTime"]}).encode()
            received = datetime.fromtimestamp(now_s, UTC)
            found = decode(Format.READSB, body, received_at=received)
            seen = found.observation(found.rows[0], fix["source"])
            wanted = datetime.fromtimestamp(fix["positionTime"] / 1000, UTC)
            assert abs(seen.at - wanted) <= timedelta(milliseconds=1)
            assert seen.fresh == (age - 0.1 <= 60)


@pytest.mark.parametrize("listed", ["[]", " [ ] ", "null"])
def test_an_error_message_is_not_an_empty_sky(listed: str) -> None:
    body = f'{{"ac":{listed},"msg":"back end\\u0007 down","now":{AT.timestamp()}}}'
    with pytest.raises(DecodeError) as caught:
        decode(Format.READSB, body.encode(), received_at=AT)
    assert listed == "null" or "error: back end\\x07 down" in str(caught.value)


@pytest.mark.parametrize("msg", ['"No error"', '"no error "', '""', "null", "0", "{}"])
def test_an_empty_sky_without_an_error_is_one(msg: str) -> None:
    body = f'{{"ac":[],"msg":{msg},"now":{AT.timestamp()}}}'
    assert decode(Format.READSB, body.encode(), received_at=AT).rows == []


def test_a_message_beside_aircraft_costs_none() -> None:
    body = b'{"ac":[{"hex":"6"}],"msg":"moving soon","now":%d}' % AT.timestamp()
    assert decode(Format.READSB, body, received_at=AT).rows
