"""Are the odd positions of genuine recordings used, doubted or left out as they should be?"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collector.landings.evidence.blind_altitudes import blind_heights
from collector.model import Observation, Source
from collector.tracking import track
from collector.tracking.fix import Doubt
from collector.tracking.quality import altitude_of
from tests.e2e.recorded import (
    AIRCRAFT_JSON,
    FEEDS,
    WEST,
    doubts,
    fix_at,
    landed,
    readsb,
    silences,
    west_asia,
)
from tests.support.reshape import opensky_replies
from tests.support.shared import needs_shared

pytestmark = needs_shared


def test_frozen_positions() -> None:
    """sitpulse-westasia, 738073: "at Ben Gurion" for 35 min from 4,075 to 37,000 ft; 748025:
    34,050 to 15,200 ft over one spot of the sea. Only the heights are used."""
    heard, slots = west_asia()
    for icao24, clock in (("738073", "08:07"), ("748025", "08:49")):
        fix = fix_at(heard[icao24], clock)
        assert (fix.doubt, fix.placed) == (Doubt.STALE, False)
        assert fix.altitude_ft is not None
        assert fix.vertical_rate_fpm is None, "it froze with the position"
        assert landed(heard[icao24], *WEST, slots=slots) == []
    frozen = [one for each in heard.values() for one in each if Doubt.STALE in doubts([one])]
    assert len(frozen) > 300


def test_heights_alone() -> None:
    """sitpulse-westasia, 748025: seven heights without a usable position, the lowest 15,200 ft.
    feeds/adsblol/mil_trimmed.json: rows of type mode_s that never had one."""
    heard_then = silences(west_asia()[0]["748025"], *WEST)[2]
    told = blind_heights(heard_then, replace(heard_then[0].fix, altitude_ft=None))
    assert told is not None
    assert told.lowest_ft == pytest.approx(15_200, abs=50)
    body = json.loads((FEEDS / "adsblol" / "mil_trimmed.json").read_bytes())
    at = datetime.fromtimestamp(body["now"] / 1000, UTC)
    heard = [one for one in readsb(body, at) if one.source is Source.MODE_S]
    assert len(heard) == 3
    fixes = [fix for one in heard for fix in track([one])]
    assert fixes
    assert not any(fix.placed for fix in fixes), "a rough estimate by its receivers is none"


def test_saturated_difference_of_altitudes() -> None:
    """sitpulse-westasia, 151fc8 at 09:57: 36,000 and 32,850 ft at 436 kt; the place is doubted,
    the pressure altitude stays."""
    heard, _ = west_asia()
    (one,) = [o for o in heard["151fc8"] if f"{o.heard_at:%H:%M}" == "09:57"]
    assert doubts([one]) == [Doubt.SATURATED]
    assert altitude_of(one)[0] == pytest.approx(36_000, abs=1)
    saturated = [o for each in heard.values() for o in each if Doubt.SATURATED in doubts([o])]
    assert len(saturated) >= 15


def test_spoofed_circle() -> None:
    """sitpulse-westasia, 8963e1 at 07:52: 29,350 ft at 49 kt, both altitudes agreeing."""
    heard, _ = west_asia()
    circling = {
        icao24
        for icao24, each in heard.items()
        for one in each
        if Doubt.CIRCLING in doubts([replace(one, crowded=False)])
    }
    assert "8963e1" in circling


def test_crowded_point() -> None:
    """sitpulse-westasia, 07:14: a8d972, 743589, 743593 within 200 m at 33.03 N 34.23 E, from
    11,300 to 24,025 ft; only one of them sent no saturated difference."""
    heard, _ = west_asia()
    for icao24 in ("a8d972", "743589", "743593"):
        (one,) = [o for o in heard[icao24] if o.crowded]
        assert doubts([one]) == [Doubt.CROWDED]


def test_late_delivery() -> None:
    """sitpulse-westasia, 06a08e: on the ground at 10:23:16, delivered at 10:25:05. Late is not
    stale: its position was fresh at last contact."""
    received = next(r.received_at for r in opensky_replies() if r.received_at.minute == 25)
    (one,) = [o for o in west_asia()[0]["06a08e"] if o.on_ground]
    assert received - one.heard_at > timedelta(seconds=97)
    assert one.fresh
    assert track([one])[0].placed


def test_positions_delivered_again() -> None:
    """sitpulse-westasia: eight positions come twice, the next with the same time and place."""
    seen = defaultdict(list)
    for icao24, each in west_asia()[0].items():
        for one in each:
            if one.position_at is not None:
                seen[icao24, one.heard_at, one.position_at, one.lat_deg].append(one)
    again = [each for each in seen.values() if len(each) > 1]
    assert len(again) >= 8
    assert all(len(track(each)) <= 1 for each in again)


def test_old_transponders_and_multilateration() -> None:
    """sdr-enthusiasts aircraft_4.json and aircraft_5.json: ADS-B version 0; their and adsb.lol's
    rows of type mlat. Each is used as any other."""
    found: list[Observation] = []
    for path in sorted(AIRCRAFT_JSON.glob("aircraft_*.json")):
        body = json.loads(path.read_bytes())
        found += readsb(body, datetime.fromtimestamp(body["now"], UTC))
    old = [one for one in found if one.adsb_version == 0 and one.position_at is not None]
    mlat = [one for one in found if one.source is Source.MLAT and one.position_at is not None]
    assert len(old) >= 5
    assert mlat
    assert all(track([one])[0].placed for one in (*old, *mlat) if one.fresh and not one.crowded)
