"""Are OpenSky's states decoded: metric units, nulls, old positions, and genuine replies?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collector.decode import Snapshot, decode
from collector.errors import DecodeError
from collector.model import Observation, Source
from collector.model.reply import Format
from tests.support.reshape import opensky_replies
from tests.support.shared import SHARED, needs_shared

NOW_S = 1_795_348_800
AT = datetime.fromtimestamp(NOW_S, UTC)
STATE: list[Any] = [
    *("600865", "AZQ4801 ", "Azerbaijan", NOW_S - 5, NOW_S - 3, 34.9358, 29.9403, 3048.0, False),
    *(128.611, 202.5, -5.08, None, 3200.4, "3310", False, 0),
]


def snapshot(*states: Any, **envelope: Any) -> Snapshot:
    body = {"time": NOW_S, "states": list(states), **envelope}
    return decode(Format.OPENSKY_STATES, json.dumps(body).encode(), received_at=AT)


def observe(**changed: Any) -> Observation:
    state = list(STATE)
    for index, value in changed.items():
        state[int(index[1:])] = value
    found = snapshot(state)
    return found.observation(found.rows[0], "opensky")


def test_metres_become_feet_and_seconds_times() -> None:
    seen = observe()
    assert (seen.icao24, seen.callsign, seen.feed) == ("600865", "AZQ4801", "opensky")
    assert (seen.lat_deg, seen.lon_deg) == (29.9403, 34.9358)
    assert seen.baro_altitude_ft == pytest.approx(10_000)
    assert seen.geom_altitude_ft == pytest.approx(10_500)
    assert seen.ground_speed_kt == pytest.approx(250, abs=0.01)
    assert seen.vertical_rate_fpm == pytest.approx(-1000)
    assert (seen.track_deg, seen.squawk, seen.source) == (202.5, "3310", Source.ADSB)
    assert (seen.heard_at, seen.position_at) == (
        AT - timedelta(seconds=3),
        AT - timedelta(seconds=5),
    )
    assert seen.on_ground is False
    assert seen.registration is None


def test_null_means_not_reported() -> None:
    seen = observe(_1=None, _3=None, _5=None, _6=None, _7=None, _9=None, _11=None, _13=None)
    assert (seen.callsign, seen.position_at, seen.lat_deg) == (None, None, None)
    assert (seen.baro_altitude_ft, seen.geom_altitude_ft, seen.ground_speed_kt) == (None,) * 3
    assert seen.vertical_rate_fpm is None


def test_a_frozen_position_keeps_its_time_and_is_not_fresh() -> None:
    seen = observe(_3=NOW_S - 1962)
    assert seen.position_at == AT - timedelta(seconds=1962)
    assert not seen.fresh
    assert seen.at == seen.heard_at


def test_a_position_without_its_time_is_none() -> None:
    assert observe(_3=None).lat_deg is None


@pytest.mark.parametrize("body", [{"time": NOW_S}, {"states": []}, {"time": "now", "states": []}])
def test_without_its_keys_it_is_no_reply(body: dict[str, Any]) -> None:
    with pytest.raises(DecodeError):
        decode(Format.OPENSKY_STATES, json.dumps(body).encode(), received_at=AT)


def test_null_states_are_nobody_and_not_an_error() -> None:
    assert list(snapshot(states=None).rows) == []


def test_longer_rows_are_taken_and_odd_ones_skipped() -> None:
    odd = [*STATE[:9], "fast", *STATE[10:]]
    found = snapshot([*STATE, -1, "new"], odd, ["600866"], 7, [None] * 17)
    assert [row.icao24 for row in found.rows] == ["600865", "600865"]
    assert found.bad_rows == 3
    assert found.observation(found.rows[1], "opensky").ground_speed_kt is None


@needs_shared
@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        ("states_all_extended_18.json", ["ab1644", "e8027e", "e8027d", "a2cbe1"]),
        ("states_all_none.json", []),
        ("states_single_17.json", ["39ad00"]),
    ],
)
def test_genuine_replies(name: str, addresses: list[str]) -> None:
    body = (SHARED / "data" / "feeds" / "opensky" / name).read_bytes()
    received = datetime.fromtimestamp(json.loads(body)["time"] + 1, UTC)
    found = decode(Format.OPENSKY_STATES, body, received_at=received)
    assert [row.icao24 for row in found.rows] == addresses
    assert found.bad_rows == 0


@needs_shared
def test_west_asia_has_the_stale_third_that_was_counted() -> None:
    """387 of 1,075 positions of the recording were older than 60 s at last contact."""
    seen = []
    for reply in opensky_replies():
        found = decode(reply.format, reply.body, received_at=reply.received_at)
        seen += [found.observation(row, reply.feed) for row in found.rows]
    assert len(seen) == 1075
    assert sum(not each.fresh for each in seen) == 387
    grounded = [each for each in seen if each.icao24 == "7380c9" and each.on_ground]
    assert grounded[0].callsign == "ELY1024"
    assert f"{grounded[0].heard_at:%H:%M:%S}" == "07:49:23"


@pytest.mark.parametrize(
    ("number", "source"),
    [(0, Source.ADSB), (None, Source.ADSB), (1, Source.OTHER), (2, Source.MLAT), (3, Source.OTHER)],
)
def test_who_gave_the_position(number: int | None, source: Source) -> None:
    assert observe(_16=number).source is source
