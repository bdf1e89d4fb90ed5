"""How much memory does the daemon hold after a day? A real process runs through a simulated day.

`_day.py` builds everything that `collector run` builds and lives that day. Each poll goes over HTTP
to a feed served here and is recorded, decoded and stored; landings are derived, mails and the
digest are written, the status page is fetched, and the track of each landing is drawn. Only the
waiting is left out, and what developers have installed beside it (`_as_installed.py`).
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import _as_installed
import _sky
from _claims import Claim, report, short

from collector import settings
from collector.settings import derived as derived_settings

BOUND_MB = 90.0

CONFIGURATION = """
contact = "bench@example.org"
data = "{data}"
[feeds.adsblol]
enabled = false
[feeds.receiver]
kind = "readsb"
url = "http://127.0.0.1:{feed}/data/aircraft.json"
[polling]
far_s = 60
[web]
port = {page}
"""


class Feed(ThreadingHTTPServer):
    """A receiver's web server, whose time is set with `/now?SECONDS`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        fleet = derived_settings.fleet(settings.load(None, environ={})).fleet_addresses()
        self.region = _sky.Region(fleet[:12])
        self.began_s = 0.0
        self.now_s = 0.0


class Handler(BaseHTTPRequestHandler):
    """A handler that sends no Date, which would make the daemon report a wrong clock."""

    server: Feed

    def do_GET(self) -> None:
        """Set the time, or reply with the aircraft at that time."""
        body = b"{}"
        if self.path.startswith("/now?"):
            self.server.now_s = float(self.path.partition("?")[2])
            self.server.began_s = self.server.began_s or self.server.now_s
        else:
            minutes = (self.server.now_s - self.server.began_s) / 60
            body = self.server.region.aircraft_json(self.server.now_s, minutes)
        self.send_response_only(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its base's name
        """Write no log."""


def free_port() -> int:
    """Return a port that is free at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def main() -> int:
    hours = 1 if short() else 24
    feed = Feed()
    threading.Thread(target=feed.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        port = feed.server_address[1]
        config = Path(folder) / "collector.toml"
        config.write_text(CONFIGURATION.format(data=folder, feed=port, page=free_port()))
        begin = time.perf_counter()
        day = [sys.executable, str(Path(__file__).with_name("_day.py")), str(config), str(port)]
        environment = os.environ | {_as_installed.NAMES: _as_installed.hidden()}
        done = subprocess.run([*day, str(hours)], capture_output=True, check=False, env=environment)
        took_s = time.perf_counter() - begin
    feed.shutdown()
    if done.returncode != 0:
        sys.exit(f"the day ended early: {done.stderr.decode()[-2000:]}")
    measured = json.loads(done.stdout)
    notes = [
        f"{hours} simulated hours in {took_s:.0f} s",
        f"{measured['polls']} polls of 600 other aircraft, {measured['landings']} landings,",
        f"and {_sky.HEAVIES} large aircraft that are followed",
    ]
    claims = [
        Claim("daemon, resident at the end", measured["VmRSS"] / 1024, BOUND_MB, "MB"),
        Claim("daemon, resident at its highest", measured["VmHWM"] / 1024, BOUND_MB, "MB"),
    ]
    return report("Memory", claims, notes)


if __name__ == "__main__":
    sys.exit(main())
