"""A day as adsb.lol archives it, and the lists that name it, from a server on loopback.

with FakeFeed() as feed:
    put_day(feed, date(2026, 11, 18), day_tar([visit_trace(Visit(lands_at=AT))]))
    put_lists(feed)
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC as ZULU
from datetime import date, datetime, time

from tests.support.fake_feed import Answer, FakeFeed
from tests.support.files import ServedFile
from tests.support.sky import Visit

DAY = date(2026, 11, 18)


def visit_trace(visit: Visit) -> tuple[str, bytes]:
    """The trace of the day of that landing: address and gzipped JSON."""
    arrival = visit.arrival
    midnight = datetime.combine(visit.lands_at.date(), time(), ZULU)
    begin_s = (visit.lands_at - midnight).total_seconds() - arrival.touchdown_s
    rows = []
    for seconds in range(0, int(arrival.duration_s), 10):
        moment = arrival.at(seconds)
        altitude = "ground" if moment.on_ground else round(moment.altitude_ft)
        place: list[object] = [begin_s + seconds, moment.lat_deg, moment.lon_deg, altitude]
        rate = None if moment.on_ground else round(moment.vertical_rate_fpm)
        details = {"flight": f"{visit.callsign} "} if seconds == 0 else None
        rows.append([*place, moment.speed_kt, moment.track_deg, 0, rate, details])
    body = {
        "icao": visit.icao24,
        "r": visit.registration,
        "timestamp": midnight.timestamp(),
        "trace": rows,
    }
    return visit.icao24, gzip.compress(json.dumps(body).encode(), mtime=0)


def day_tar(traces: Iterable[tuple[str, bytes]], folders: int = 256) -> bytes:
    """A day's tar with these traces, and one from far away in each folder."""
    far = [_far_away(f"4010{number:02x}") for number in range(folders)]
    members = {f"./traces/{a[-2:]}/trace_full_{a}.json": body for a, body in [*far, *traces]}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, body in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    return packed.getvalue()


def _far_away(icao24: str) -> tuple[str, bytes]:
    """Somebody in cruise over the North Sea."""
    row = [36_000, 54.0, 4.0, 37_000, 450.0, 90.0, 0, 0, None]
    stamp = datetime.combine(DAY, time(), ZULU).timestamp()
    body = {"icao": icao24, "timestamp": stamp, "trace": [row]}
    return icao24, gzip.compress(json.dumps(body).encode(), mtime=0)


def put_day(
    feed: FakeFeed,
    day: date,
    tar: bytes,
    *,
    pod: str = "prod",
    parts: int = 2,
    instead: Sequence[Answer | None] = (),
) -> tuple[str, list[ServedFile]]:
    """Serve a day's parts; the line of the list that names them, and the files.

    `instead` happens to the first requests for the first part.
    """
    tag = f"v{day:%Y.%m.%d}-planes-readsb-{pod}-0"
    share = -(-len(tar) // parts)
    urls, files = [], []
    for number in range(parts):
        ending = f".a{chr(ord('a') + number)}" if parts > 1 else ""
        file = ServedFile(tar[number * share : (number + 1) * share])
        file.instead = list(instead) if number == 0 else []
        path = f"/download/{tag}/{tag}.tar{ending}"
        feed.on(path, file)
        files.append(file)
        urls.append(feed.url + path)
    return ",".join(urls), files


def put_lists(feed: FakeFeed, lists: Mapping[int, Sequence[str]]) -> str:
    """Serve each year's list; the address for `archives.releases_url`."""
    for year, lines in lists.items():
        feed.on(f"/{year}/PREFERRED_RELEASES.txt", Answer("\n".join([*lines, ""]).encode()))
    return f"{feed.url}/{{year}}/PREFERRED_RELEASES.txt"
