"""How do we run Debian's dump1090-mutability as the real decoder in front of the collector?

It takes AVR lines on a raw TCP port and writes `aircraft.json` once a second.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.support.mode_s import avr

DUMP1090 = shutil.which("dump1090-mutability")

needs_decoder = pytest.mark.skipif(
    DUMP1090 is None, reason="no decoder: apt-get install dump1090-mutability"
)

PATIENCE_S = 60.0


class Decoder:
    """A running decoder with a receiver at one place; `send` speaks to its raw port."""

    def __init__(self, folder: Path, lat_deg: float, lon_deg: float) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.aircraft_json = folder / "aircraft.json"
        port = _free_port()
        place = ["--lat", f"{lat_deg:.5f}", "--lon", f"{lon_deg:.5f}"]
        outputs = ["--net-ro-port", "0", "--net-sbs-port", "0", "--net-bi-port", "0"]
        outputs += ["--net-bo-port", "0", "--net-bind-address", "127.0.0.1"]
        program = [str(DUMP1090), "--net-only", "--quiet", "--write-json", str(folder)]
        self._process = subprocess.Popen(
            [*program, "--net-ri-port", str(port), *outputs, *place],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            self._raw = self._connect(port)
        except BaseException:
            self.close()
            raise

    def _connect(self, port: int) -> socket.socket:
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
            except ConnectionRefusedError:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise AssertionError(f"the decoder did not come up: {self._said()}") from None
                time.sleep(0.05)

    def _said(self) -> str:
        self._process.kill()
        return self._process.communicate()[1]

    def send(self, frames: Iterable[str]) -> None:
        """Frames as if just received."""
        self._raw.sendall(b"".join(avr(each) for each in frames))

    def row(self, icao24: str) -> dict[str, Any] | None:
        """What the decoder's file says of one aircraft at this moment."""
        if not self.aircraft_json.exists():
            return None
        rows: list[dict[str, Any]] = json.loads(self.aircraft_json.read_text())["aircraft"]
        return next((row for row in rows if row["hex"] == icao24), None)

    def close(self) -> None:
        """End the decoder."""
        if hasattr(self, "_raw"):
            self._raw.close()
        self._process.kill()
        self._process.communicate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
