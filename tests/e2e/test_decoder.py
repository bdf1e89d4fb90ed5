"""Does a landing received by a real decoder end in exactly one alert mail?

Debian's dump1090-mutability is fed Mode S frames of a simulated arrival at Ovda, in real time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.mail.compose import message_id
from tests.support import mode_s
from tests.support.arrival import OVDA_20L, Arrival
from tests.support.decoder import PATIENCE_S, Decoder, needs_decoder
from tests.support.smtp import Inbox, smtp_server
from tests.support.station import AT_ONCE_S, DEADLINE_S

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


CONFIGURATION = """
contact = "tests@example.org"
data = "{data}"

[[recipient]]
name = "editor"
address = "editor@example.org"

[mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "{sender}"
group_wait_s = 0

[feeds.adsblol]
enabled = false

[feeds.receiver]
kind = "readsb"
url = "{url}"

[polling]
far_s = 10
near_s = 5
inbound_s = 5

[web]
enabled = false

[[watch]]
name = "ovda"
places = ["LLOV", "LLER", "LLOV or LLER"]
icao24 = ["600865"]

[[watch.rule]]
name = "any"
at = "LLOV"
count = 1
"""
SENDER = "collector@example.org"


class Collector:
    """The command, as an operator runs it, on one configuration."""

    def __init__(self, config: Path) -> None:
        self._command = [sys.executable, "-m", "collector", "--config", str(config)]

    def start(self, log: Path) -> subprocess.Popen[bytes]:
        with log.open("wb") as out:
            return subprocess.Popen([*self._command, "run"], stderr=out, env=dict(os.environ))

    def once(self) -> None:
        subprocess.run([*self._command, "run", "--once"], check=True, timeout=DEADLINE_S)

    def listing(self, *words: str) -> list[dict[str, Any]]:
        done = subprocess.run(
            [*self._command, *words, "--json"], check=True, capture_output=True, timeout=DEADLINE_S
        )
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return rows

    def alerts(self) -> list[tuple[str, str]]:
        """The keys of all notices about alerts that were ever owed, and of the mails they left
        with."""
        rows = self.listing("outbox", "list")
        return [(row["key"], row["group"]) for row in rows if row["key"].startswith("alert:")]


def fly(decoder: Decoder, arrival: Arrival, alive: Callable[[], bool]) -> datetime:
    """Send an arrival's frames in real time; gives the moment the wheels touched."""
    began_at, begin = datetime.now(UTC), time.monotonic()
    for seconds, frames in arrival.transmissions():
        time.sleep(max(0.0, begin + seconds - time.monotonic()))
        decoder.send(frames)
        assert alive(), "the daemon ended while the aircraft was still flying"
    return began_at + timedelta(seconds=arrival.touchdown_s)


@pytest.mark.waits
def test_an_arrival_becomes_one_landing_and_one_alert_mail(
    decoder: Decoder, tmp_path: Path
) -> None:
    inbox, log = Inbox(), tmp_path / "log"
    with smtp_server(inbox) as port:
        config = tmp_path / "collector.toml"
        url = decoder.aircraft_json.as_uri()
        config.write_text(
            CONFIGURATION.format(data=tmp_path / "data", port=port, sender=SENDER, url=url)
        )
        collector = Collector(config)
        daemon = collector.start(log)
        try:
            touched_at = fly(
                decoder,
                Arrival(icao24="600865", callsign="AZQ101"),
                lambda: daemon.poll() is None,
            )
            until = time.monotonic() + DEADLINE_S
            while not inbox.taken and time.monotonic() < until:
                time.sleep(0.2)
            daemon.terminate()
            assert daemon.wait(timeout=AT_ONCE_S) == 0
        finally:
            daemon.kill()
            daemon.wait()
        said = log.read_text()
        assert inbox.taken, f"no mail came; the daemon said:\n{said}"
        the_landing(collector, touched_at, said)
        key = the_mail(collector, inbox)
        collector.once()
        assert the_mail(collector, inbox) == key


def the_landing(collector: Collector, touched_at: datetime, said: str) -> None:
    """One landing, at Ovda, sure, at the time it took place."""
    landings = collector.listing("landings", "--all")
    assert len(landings) == 1, f"{landings}; the daemon said:\n{said}"
    landing = landings[0]
    assert (landing["icao24"], landing["airfield"]) == ("600865", "LLOV")
    assert (landing["grade"], landing["counted"]) == ("confirmed", True)
    assert (landing["callsign"], landing["feeds"]) == ("AZQ101", ["receiver"])
    found_at = datetime.fromisoformat(landing["touchdown_at"])
    assert abs((found_at - touched_at).total_seconds()) <= landing["uncertainty_s"] + 2


def the_mail(collector: Collector, inbox: Inbox) -> str:
    """Exactly one alert was ever owed, and exactly one such mail received; gives its key."""
    keys = collector.alerts()
    assert len(keys) == 1, keys
    key, group = keys[0]
    mails = [mail for mail in inbox.taken if mail["Message-ID"] == message_id(group, SENDER)]
    assert len(mails) == 1
    assert mails[0]["To"] == "editor@example.org"
    assert "LLOV" in mails[0].as_string()
    return key
