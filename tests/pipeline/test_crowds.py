"""Which aircraft that are given near to each other are at one point, as spoofed ones are?"""

from __future__ import annotations

from typing import Any

from collector.geo import destination
from collector.pipeline.sift import sift
from tests.pipeline.test_sift import OVDA, REGION, WATCHED, near, only, reply
from tests.support.reshape import opensky_replies
from tests.support.shared import needs_shared


def _crowded(*rows: dict[str, Any]) -> list[bool]:
    addresses = [row["hex"] for row in rows]
    sifted = sift(reply(*rows), only(*addresses), REGION)
    return [observation.crowded for observation, _ in sifted.observations]


def test_two_aircraft_at_one_point_are_a_crowd() -> None:
    lat, lon = destination(*OVDA, 45.0, 195.0 / 1852.0)
    far_lat, far_lon = destination(*OVDA, 45.0, 205.0 / 1852.0)
    one, two = near("000001", alt_baro=24000), near("000002", lat=lat, lon=lon, alt_baro=11300)
    assert _crowded(one, two) == [True, True]
    assert _crowded(one, two | {"lat": far_lat, "lon": far_lon}) == [False, False]
    assert _crowded(one, two | {"seen_pos": 61}) == [False, False]
    assert _crowded(one, two | {"alt_baro": "ground"}) == [False, False], "parked side by side"
    assert _crowded(one, one) == [False, False], "one aircraft listed twice"
    ghost = two | {"hex": "~2a0c31"}
    assert _crowded(one, ghost) == [False], "a ground station's copy of the same aircraft"


def test_aircraft_that_come_as_near_by_themselves_are_no_crowd() -> None:
    """A light aircraft on a final lost its last position to another one that crossed above it."""
    final = near("000001", alt_baro=600, gs=120.0, track=193.0, seen_pos=2.0)
    above = near("000002", alt_baro=2400, gs=110.0, track=80.0)
    assert _crowded(final, above) == [False, False], "one crosses above the other"
    cruise = {"gs": 440.0, "track": 190.0, "alt_baro": 35000}
    assert _crowded(final, above | cruise) == [False, False], "one passes high above the other"
    follows = final | {"hex": "000002", "seen_pos": 40.0}
    assert _crowded(final, follows) == [False, False], "one was there 38 s before the other"
    parked = [near(each, alt_baro=1450, gs=0.2, track=90.0) for each in ("000001", "000002")]
    assert _crowded(*parked) == [False, False], "parked side by side, without a ground bit"


def test_aircraft_that_move_alike_at_one_point_are_a_crowd_at_any_heights() -> None:
    circle = near("000001", alt_baro=35000, gs=156.0, track=80.0)
    other = near("000002", alt_baro=11300, gs=150.0, track=95.0, seen_pos=3.0)
    assert _crowded(circle, other) == [True, True]
    assert _crowded(circle | {"gs": 0.0}, other | {"gs": 0.0}) == [True, True], "a spoofed point"
    crossing = other | {"track": 200.0, "alt_baro": 35200}
    assert _crowded(circle, crossing) == [True, True], "nobody crosses 200 ft above another"


def test_a_crowd_across_the_date_line() -> None:
    one = near("000001", lat=10.0, lon=179.9999, alt_baro=24000)
    two = near("000002", lat=10.0, lon=-179.9999, alt_baro=24000)
    assert _crowded(one, two) == [True, True]


@needs_shared
def test_the_spoofed_circle_on_this_route_is_a_crowd() -> None:
    """Three aircraft within 200 m at 33.03 N 34.23 E, 156 kt, fresh (`docs/accuracy.md`)."""
    crowd = {
        observation.icao24
        for each in opensky_replies()[:1] + opensky_replies()[1:2]
        for observation, _ in sift(each, lambda *_: WATCHED, REGION).observations
        if observation.crowded
    }
    assert crowd == {"a8d972", "743589", "743593"}
