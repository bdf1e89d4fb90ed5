"""Each adapter with something that it can really poll: a loopback server, a socket, a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collector.feeds import Feed, FeedSettings, build
from collector.http import Http
from collector.model.reply import Area, Ask, Format
from collector.secret import Secret
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, FakeFeed, aircraft_json, states_body, v2_body

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AREA = Area(29.94, 34.94, 250)
API_KEY = "k3y-0f-the-operator"
CLIENT_SECRET = "cl1ent-s3cret"
TOKEN = "t0ken-granted"
V2_ROW = {
    "hex": "600865",
    "flight": "AZQ4312 ",
    "lat": 29.9,
    "lon": 34.9,
    "alt_baro": 4000,
    "seen": 0.3,
    "seen_pos": 0.4,
}
STATE = ["600865", "AZQ4312 ", "Azerbaijan", 1795348799, 1795348800, 34.9, 29.9, 1200.0, False,
         90.0, 180.0, -5.0, None, 1250.0, None, False, 0]  # fmt: skip


@dataclass(frozen=True)
class Sort:
    """One adapter and how it is reached."""

    name: str
    kind: str
    format: Format = Format.READSB
    medium: str = "tcp"
    body: Callable[[datetime, Sequence[Mapping[str, object]]], bytes] = v2_body
    extra: Mapping[str, Secret] = field(default_factory=dict)

    def good(self, at: datetime) -> bytes:
        """A reply with one aircraft."""
        if self.format is Format.OPENSKY_STATES:
            return states_body(at, [STATE])
        return self.body(at, [V2_ROW])

    def nobody(self, at: datetime) -> bytes:
        """A valid reply without any aircraft."""
        if self.format is Format.OPENSKY_STATES:
            return states_body(at)
        return self.body(at, [])


ACCOUNT = {"client_id": Secret("a-client"), "client_secret": Secret(CLIENT_SECRET)}
KEY = {"api_key": Secret(API_KEY)}
SORTS = (
    Sort("adsblol", "adsblol"),
    Sort("adsbfi", "adsbfi"),
    Sort("airplaneslive", "airplaneslive", extra=KEY),
    Sort("adsbexchange", "adsbexchange", extra=KEY),
    Sort("opensky", "opensky", Format.OPENSKY_STATES, extra=ACCOUNT),
    Sort("opensky-anonymous", "opensky", Format.OPENSKY_STATES),
    Sort("readsb-url", "readsb", body=aircraft_json, extra=KEY),
    Sort("readsb-socket", "readsb", medium="unix"),
    Sort("readsb-file", "readsb", medium="file", body=aircraft_json),
)
HTTP_SORTS = tuple(sort for sort in SORTS if sort.medium != "file")


@dataclass
class Rig:
    """A built feed, its clock, its client, and the source it asks."""

    sort: Sort
    feed: Feed
    clock: ManualClock
    http: Http
    server: FakeFeed | None
    file: Path

    @property
    def ask(self) -> Ask:
        """An ask that this feed answers."""
        return self.feed.asks([], [AREA])[0]

    def answers(self, *script: Answer) -> None:
        """What the source gives from now on, one after another."""
        if self.server is not None:
            self.server.on("/*", *script)
            return
        self.file.write_bytes(script[0].body)
        stamp = self.clock.now().timestamp()
        os.utime(self.file, (stamp, stamp))

    def good(self) -> Answer:
        """A reply made just now."""
        return Answer(self.sort.good(self.clock.now()))

    @property
    def asked(self) -> int:
        """Requests for data, those for tokens left out."""
        assert self.server is not None
        return sum(seen.path != "/token" for seen in self.server.requests)

    def close(self) -> None:
        """End the client and the source."""
        self.http.close()
        if self.server is not None:
            self.server.close()


def make(sort: Sort, folder: Path, *, timeout: timedelta = timedelta(seconds=5)) -> Rig:
    """A rig whose clock stands at NOW and moves only by waiting."""
    clock = ManualClock(NOW)
    http = Http(contact="ops@example.org", clock=clock, version="9.9", timeout=timeout)
    file = folder / "aircraft.json"
    server = None
    url = str(file)
    token_url = None
    if sort.medium == "unix":
        server = FakeFeed(folder / "api.sock")
        url = server.url
    elif sort.medium == "tcp":
        server = FakeFeed()
        url = server.url + ("/tar1090/" if sort.kind == "readsb" else "")
        token_url = f"{server.url}/token" if "client_id" in sort.extra else None
        grant = f'{{"access_token": "{TOKEN}", "expires_in": 1800}}'
        server.on("/token", Answer(grant.encode()))
    settings = FeedSettings(
        name=sort.name,
        kind=sort.kind,
        url=url,
        consent=None if sort.kind in ("adsblol", "readsb") else "a test on loopback",
        api_key=sort.extra.get("api_key"),
        client_id=sort.extra.get("client_id"),
        client_secret=sort.extra.get("client_secret"),
        token_url=token_url,
    )
    return Rig(sort, build(settings, http, clock), clock, http, server, file)
