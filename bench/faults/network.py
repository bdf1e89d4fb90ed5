"""How does the collector's HTTP client reach a simulated sky? Below httpx, where the sockets are.

Everything above is the collector's: requests, retries, pauses, decoding. What was delivered is
told to whoever keeps the ledger, since only that proves what could have been heard.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx

from .exchange import Delivers, Exchange, FeedFault
from .sky import FLEET, Row, Sky, inside, within

PING_HOST = "deadman.test"
TOKEN = b'{"access_token":"t0ken","expires_in":1800}'
_AREA = re.compile(r"/(?:point|lat)/([\d.-]+)/(?:lon/)?([\d.-]+)/(?:dist/)?(\d+)$")
_IDS = re.compile(r"/(?:hex|icao)/([0-9a-f,]+)$")
WATCHED = frozenset(FLEET)

Tell = Callable[[str, dict[str, Any]], None]
"""Tells the ledger: which event, and what of it."""


@dataclass
class Network:
    """Every host that the collector can reach."""

    sky: Sky
    kind: str
    true_now: Callable[[], datetime]
    wait: Callable[[timedelta], object]
    tell: Tell
    rng: random.Random
    fault: FeedFault | None = None
    memory: dict[str, bytes] = field(default_factory=dict)
    met: bool = False
    """Whether a request met the fault."""
    last: dict[str, bytes] = field(default_factory=dict)
    """The body of the last true answer, by URL."""

    def begin(self, fault: FeedFault | None) -> None:
        """Let the feed fail so from now on; None: let it answer truly."""
        self.fault, self.memory, self.met = fault, {}, False

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Return what comes back. Raises httpx's errors, as its own transport does."""
        now = self.true_now()
        rows, place = self._asked(request, now)
        at = Exchange(request, self.kind, now, rows, WATCHED, self.wait, self.rng, self.memory)
        host, path = request.url.host, request.url.path
        if host == PING_HOST:
            self.tell("ping", {})
            return at.status(200, b"ok")
        if path.endswith("/token"):
            return at.ok(TOKEN)
        fault, self.met, url = self.fault, True, str(request.url)
        at.last = self.last.get(url)
        if fault is None:
            self.last[url] = at.body()
        answer = at.ok() if fault is None else fault.answer(at)
        delivers = Delivers.WHOLE if fault is None else fault.delivers
        if answer.status_code == 200 and delivers is not Delivers.NOTHING:
            own = at.own()
            true = [_told(row) for row in own] if delivers is Delivers.WHOLE else []
            false = [row["hex"] for row in own] if delivers is Delivers.FALSE else []
            self.tell("reply", {"place": place, "rows": true, "false": false})
        return answer

    def _asked(self, request: httpx.Request, now: datetime) -> tuple[Sequence[Row], bool]:
        """Return the true rows that a request asks for, and whether it asks for a place."""
        rows, path = self.sky.rows(now), request.url.path
        if area := _AREA.search(path):
            lat, lon, radius = map(float, area.groups())
            return within(rows, lat, lon, radius), True
        if ids := _IDS.search(path):
            wanted = set(ids[1].split(","))
            return [row for row in rows if row["hex"] in wanted], False
        query = parse_qs(request.url.query.decode())
        if "icao24" in query:
            return [row for row in rows if row["hex"] in query["icao24"]], False
        if "lamin" in query:
            edges = (float(query[key][0]) for key in ("lamin", "lomin", "lamax", "lomax"))
            return inside(rows, *edges), True
        return rows, True


def _told(row: Row) -> list[object]:
    return [row["hex"], row["alt_baro"]]


class Transport(httpx.BaseTransport):
    """What stands in the place of httpx's own transport, however that is built."""

    network: Network

    def __init__(self, *_: object, **__: object) -> None:
        """Take the arguments of httpx's transport, of which none matters here."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the network's answer."""
        return self.network.answer(request)
