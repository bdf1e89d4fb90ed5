"""A collector whose one feed really listens on loopback, is asked every five minutes, and keeps
traces as readsb does; its jobs run here, under a clock that only moves when told.

    with traced(tmp_path, path, at) as rig:
        rig.work(at + timedelta(hours=2))
        assert rig.landings()[0].detection.airfield == "LLOV"
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from collector.daemon.jobs import Jobs
from collector.daemon.start import build_jobs
from collector.feeds import build
from collector.http import Http
from collector.model import Landing
from collector.model.track_request import TrackRequest
from collector.recording import Recorder
from collector.settings import load
from collector.store import Store, landings, track_requests
from tests.support import flights
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, FakeFeed, Seen, v2_body

IL76 = "600865"
EVER = datetime(2020, 1, 1, tzinfo=UTC)
RECENT = 142
"""So many points `trace_recent` holds; the full trace is written before it would hold fewer than
came since."""
POINT_EVERY_S = 5

TRACES = 'traces = "{url}/data/traces"'
"""What the feed's table says of them."""

CONFIG = """
contact = "ops@example.org"
data = "{data}"

[[recipient]]
name = "ops"
address = "ops@example.org"

[web]
enabled = false

[polling]
far_s = {every_s}
near_s = {every_s}
inbound_s = {every_s}

[[watch]]
name = "w"
places = {places}
icao24 = ["{icao24}"]

[feeds.adsblol]
url = "{url}"
{extra}
"""


@dataclass
class Receiver:
    """What the feed hears of one aircraft, and keeps."""

    clock: ManualClock
    path: flights.Path
    floor_ft: float = 0.0
    deaf: Callable[[datetime], bool] = lambda _: False
    """When polls fail though the traces go on."""
    since: datetime = EVER
    """Traces begin here."""
    written_behind: timedelta = timedelta(minutes=1)
    instead: Callable[[datetime], Answer | None] = lambda _: None
    """What is answered at that time to whoever asks for a trace; None: the trace."""

    def heard(self, at: datetime) -> flights.Moment | None:
        """Where it was, if anybody heard it there."""
        moment = self.path(at)
        if moment is None or moment.altitude_ft < self.floor_ft:
            return None
        return None if moment.on_ground and self.floor_ft > 0 else moment

    def polled(self, seen: Seen) -> Answer:
        """A reply about now."""
        now = self.clock.now()
        if self.deaf(now):
            return Answer(status=500)
        others = [_other(number, now) for number in range(4)]
        moment = self.heard(now)
        return Answer(v2_body(now, others if moment is None else [_row(moment), *others]))

    def times(self, begin: datetime, end: datetime) -> list[datetime]:
        """When traces have a point: every five seconds while it is heard, at whole seconds."""
        first = math.ceil(begin.timestamp() / POINT_EVERY_S) * POINT_EVERY_S
        count = int((end.timestamp() - first) // POINT_EVERY_S) + 1
        at = (datetime.fromtimestamp(first + POINT_EVERY_S * n, UTC) for n in range(max(0, count)))
        return [time for time in at if self.heard(time) is not None]

    def full(self, seen: Seen) -> Answer:
        """As last written: whenever so many points had come since the time before."""
        times = self._kept()
        return self._written(times[: len(times) // (RECENT - 2) * (RECENT - 2)])

    def recent(self, seen: Seen) -> Answer:
        """The last points."""
        return self._written(self._kept()[-RECENT:])

    def _kept(self) -> list[datetime]:
        end = self.clock.now() - self.written_behind
        return self.times(max(self.since, end - timedelta(hours=25)), end)

    def _written(self, times: list[datetime]) -> Answer:
        instead = self.instead(self.clock.now())
        if instead is not None or not times:
            return instead or Answer(status=404)
        body = gzip.compress(trace_body(self.path, times))
        return Answer(body, headers={"Content-Encoding": "gzip"})


class Feed(Protocol):
    """What answers the requests of a collector."""

    def polled(self, seen: Seen) -> Answer: ...
    def full(self, seen: Seen) -> Answer: ...
    def recent(self, seen: Seen) -> Answer: ...


@dataclass
class Traced:
    """The jobs, their clock, their feed and their store."""

    clock: ManualClock
    jobs: Jobs
    store: Store
    server: FakeFeed

    def work(self, until: datetime, *, fetch: bool = True) -> None:
        """Do whatever is due, minute by minute, as the daemon would; `fetch`: tracks as well."""
        due: list[Callable[[], bool]] = [
            lambda: self.jobs.poll("adsblol"),
            self.jobs.settle,
            *([self.jobs.fetch_track] if fetch else []),
        ]
        while self.clock.now() < until:
            for job in due:
                while job():
                    pass
            self.clock.wait(timedelta(minutes=1))

    def landings(self) -> list[Landing]:
        """All of them, including those that were withdrawn."""
        return landings.find(self.store, include_retracted=True)

    def history(self) -> list[str]:
        """What happened to the landings, in order."""
        return [r.change for one in self.landings() for r in landings.history(self.store, one.id)]

    def track_requests(self, icao24: str = IL76) -> list[TrackRequest]:
        """Everything that was ever owed."""
        return track_requests.overlapping(
            self.store, icao24, EVER, self.clock.now() + timedelta(days=1)
        )

    def asked(self) -> list[str]:
        """Which parts of traces were asked for."""
        asked = (
            re.search(r"/(trace_[a-z]+)_[0-9a-f]+\.json", one.path) for one in self.server.requests
        )
        return [found[1] for found in asked if found]


@contextmanager
def traced(
    folder: Path,
    receiver: Callable[[ManualClock], Feed],
    at: datetime,
    *,
    traces: str = TRACES,
    every_s: int = 300,
    places: Sequence[str] = ("LLOV", "LLER"),
    icao24: str = IL76,
) -> Iterator[Traced]:
    """A collector that starts `at`, in `folder` (again, if it ran there before)."""
    clock = ManualClock(at)
    heard = receiver(clock)
    with FakeFeed() as server:
        server.on("/v2/*", heard.polled)
        for part, answer in (("full", heard.full), ("recent", heard.recent)):
            server.on(f"/data/traces/{icao24[-2:]}/trace_{part}_{icao24}.json", answer)
        config = folder / "collector.toml"
        extra = traces.format(url=server.url)
        config.write_text(
            CONFIG.format(
                data=folder / "var",
                every_s=every_s,
                url=server.url,
                extra=extra,
                places=json.dumps(places),
                icao24=icao24,
            )
        )
        settings = load(config, environ={})
        http = Http(contact=None, clock=clock, version="0")
        assert settings.recordings is not None
        recorder = Recorder(settings.recordings, started_at=at, software="test", contact=None)
        try:
            with Store.open(settings.database) as store:
                feed = build(settings.feeds[0], http, clock)
                jobs = build_jobs(
                    settings, store, {"adsblol": feed}, http=http, recorder=recorder, clock=clock
                )
                jobs.resume()
                yield Traced(clock, jobs, store, server)
        finally:
            recorder.close()
            http.close()


def trace_body(
    path: flights.Path, times: list[datetime], icao24: str = IL76, shift_s: float = 0.0
) -> bytes:
    """A trace file of those times; `shift_s` moves it as a wrong clock would."""
    begin = times[0].timestamp()
    points = []
    for time in times:
        row = _row(path(time) or _nowhere())
        offset = round(time.timestamp() - begin, 2)
        rate = None if row["alt_baro"] == "ground" else row["baro_rate"]
        known = {"type": "adsb_icao", "flight": "AZQ4601 ", "nic": 8}
        keys = ("lat", "lon", "alt_baro", "gs", "track")
        seen = [offset, *(row[key] for key in keys), 0, rate, None if offset % 20 else known]
        points.append([*seen, "adsb_icao", None, None, None, None])
    head = {"icao": icao24, "r": "4K-AZ101", "t": "IL76", "timestamp": begin + shift_s}
    return json.dumps(head | {"trace": points}).encode()


def _nowhere() -> flights.Moment:
    raise AssertionError("a trace has points only while the aircraft is there")


def _row(moment: flights.Moment) -> dict[str, object]:
    """What a v2 feed says of it."""
    row: dict[str, object] = {
        "hex": IL76,
        "type": "adsb_icao",
        "flight": "AZQ4601 ",
        "r": "4K-AZ101",
        "t": "IL76",
        "alt_baro": "ground" if moment.on_ground else 25 * round(moment.altitude_ft / 25),
        "gs": round(moment.ground_speed_kt, 1),
        "track": round(moment.track_deg, 1),
        "lat": round(moment.lat_deg, 6),
        "lon": round(moment.lon_deg, 6),
        "nic": 8,
        "seen_pos": 0.0,
        "seen": 0.0,
    }
    if not moment.on_ground:
        row["baro_rate"] = 64 * round(moment.vertical_rate_fpm / 64)
    return row


def _other(number: int, now: datetime) -> dict[str, object]:
    """Somebody at cruise who circles the region for ever."""
    angle = now.timestamp() / 600 + number
    return {
        "hex": f"73800{number}",
        "type": "adsb_icao",
        "alt_baro": 30_000 + 1_000 * number,
        "gs": 420.0,
        "track": round(math.degrees(angle) % 360, 1),
        "lat": round(29.94 + 0.4 * math.cos(angle), 6),
        "lon": round(34.94 + 0.4 * math.sin(angle), 6),
        "seen_pos": 0.2,
        "seen": 0.1,
    }
