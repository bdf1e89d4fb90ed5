"""Does a landing heard by a real decoder end in exactly one alert mail?

Debian's dump1090-mutability is fed Mode S frames of a simulated arrival at Ovda, in real time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import mode_s
from tests.support.arrival import OVDA_20L, Arrival
from tests.support.decoder import PATIENCE_S, Decoder, needs_decoder

pytestmark = needs_decoder


@pytest.fixture
def decoder(tmp_path: Path) -> Iterator[Decoder]:
    running = Decoder(tmp_path / "decoder", OVDA_20L.lat_deg, OVDA_20L.lon_deg)
    yield running
    running.close()


def heard(decoder: Decoder, icao24: str, *keys: str) -> dict[str, Any]:
    """The decoder's row, once it has all of `keys`."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        row = decoder.row(icao24)
        if row is not None and all(key in row for key in keys):
            return row
        time.sleep(0.1)
    raise AssertionError(f"the decoder does not say {keys} of {icao24}: {decoder.row(icao24)}")


def test_the_decoder_reads_what_we_encode(decoder: Decoder) -> None:
    decoder.send(
        [
            mode_s.identification("600865", "AZQ101"),
            mode_s.airborne_position("600865", 29.98, 34.955, 3025, odd=False),
            mode_s.airborne_position("600865", 29.98, 34.955, 3025, odd=True),
            mode_s.airborne_velocity("600865", 140, 202, -768),
            mode_s.identification("600866", "AZQ102"),
            mode_s.surface_position("600866", 29.94, 34.937, 17.0, 202, odd=False),
            mode_s.surface_position("600866", 29.94, 34.937, 17.0, 202, odd=True),
        ]
    )
    flying = heard(decoder, "600865", "lat", "flight", "speed")
    assert (flying["flight"], flying["altitude"]) == ("AZQ101  ", 3025)
    assert flying["lat"] == pytest.approx(29.98, abs=5e-5)
    assert flying["lon"] == pytest.approx(34.955, abs=5e-5)
    assert flying["speed"] == pytest.approx(140, abs=1)
    assert flying["track"] == pytest.approx(202, abs=1)
    assert flying["vert_rate"] == -768
    taxiing = heard(decoder, "600866", "lat", "flight", "speed")
    assert (taxiing["flight"], taxiing["altitude"]) == ("AZQ102  ", "ground")
    assert taxiing["lat"] == pytest.approx(29.94, abs=1e-5)
    assert taxiing["lon"] == pytest.approx(34.937, abs=1e-5)
    assert taxiing["speed"] == pytest.approx(17, abs=1)


def fly(decoder: Decoder, arrival: Arrival) -> None:
    """Send an arrival's frames in real time."""
    begin = time.monotonic()
    for seconds, frames in arrival.transmissions():
        time.sleep(max(0.0, begin + seconds - time.monotonic()))
        decoder.send(frames)
