"""A landing that three feeds saw, with everything planted that no pack may tell.

adsb.lol heard the aircraft down to 3,000 ft, and then nothing; airplanes.live, whose terms forbid
to pass its data on, heard it roll out; and so did a receiver of the operator's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collector.model.reply import Everything, Fleet, Reply
from tests.cli.runner import call, listed
from tests.support.sky import IL76, Sky, Visit
from tests.support.station import Station, record

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
LANDING = "600865-2026-11-18-1"
ALSO_WATCHED = "60086f"
RECEIVER = '\n[feeds.roof_of_jane_doe]\nkind = "readsb"\nurl = "/run/nowhere/aircraft.json"\n'
OPERATORS = [
    "Jane Doe", "jane_doe", "seen from my balcony", "ops@example.org", "Joe Source",
    "198.51.100.7", "r_dst", "r_dir", "receiver-of-jane", ALSO_WATCHED,
]  # fmt: skip
"""What tells of the operator and of those who helped, and of whom else they watch."""


def replies() -> list[Reply]:
    """Return the replies of the three feeds in order of time."""
    visit = Visit(lands_at=AT)
    far = Sky((replace(visit, heard_above_ft=3_000.0),))
    heard = list(_of_adsblol(far))
    for reply in Sky((visit,)).replies(
        AT - timedelta(minutes=1), AT + timedelta(minutes=2), timedelta(seconds=15)
    ):
        heard += [
            replace(reply, feed="airplaneslive", url="https://api.airplanes.live/v2/point/1/2/3")
        ]
        heard += [_of_receiver(reply)]
    return sorted(heard, key=lambda each: (each.received_at, each.feed))


def _of_adsblol(sky: Sky) -> Iterator[Reply]:
    minute = timedelta(minutes=1)
    for reply in (
        *sky.replies(AT - 12 * minute, AT, minute),
        *sky.replies(AT, AT + 40 * minute, 3 * minute),
    ):
        yield replace(reply, headers=(*reply.headers, ("X-Client-IP", "198.51.100.7")))
    # asked by address, for two aircraft of which one is somewhere else
    at = AT + minute / 2
    elsewhere = {"hex": ALSO_WATCHED, "lat": 40.0, "lon": 49.0, "alt_baro": 30_000, "seen": 0}
    body = {"ac": [elsewhere], "now": round(at.timestamp() * 1000)}
    yield replace(
        sky.reply(at, Fleet((IL76, ALSO_WATCHED))),
        url=f"https://api.adsb.lol/v2/hex/{IL76},{ALSO_WATCHED}",
        body=json.dumps(body).encode(),
    )


def _of_receiver(reply: Reply) -> Reply:
    body = json.loads(reply.body)
    measured = {"r_dst": 12.3, "r_dir": 45.6, "rssi": -7.5}
    rows = [row | measured for row in body["ac"]]
    told = {"now": body["now"] / 1000, "name": "receiver-of-jane", "messages": 1, "aircraft": rows}
    return replace(
        reply,
        feed="roof_of_jane_doe",
        ask=Everything(),
        url="file:///home/jane_doe/aircraft.json",
        headers=(),
        body=json.dumps(told).encode(),
    )


def station_with_evidence(folder: Path) -> Station:
    """Return a station that replayed them, with a review, sightings and a contact."""
    station = Station(folder, extra=RECEIVER)
    lines = f'icao24 = ["600865", "{ALSO_WATCHED}"]\ncallsigns = ["AZQ*"]'
    text = station.config.read_text()
    station.config.write_text(text.replace('icao24 = ["600865"]', lines))
    paths = record(folder / "recorded", replies())
    call(station, "replay", *map(str, paths))
    (row,) = listed(station, "landings", "--all")
    assert row["id"] == LANDING
    note = ["--note", "seen from my balcony", "--by", "Jane Doe"]
    call(station, "review", LANDING, "--confirm", *note)
    sightings = folder / "sightings.csv"
    line = "2026-11-18,landing,Joe Source,LLOV,seen from my balcony\n"
    sightings.write_text("date,unit,source,airfield,note\n" + line)
    call(station, "backfill", "sightings", str(sightings))
    return station


def export(station: Station, out: Path, *words: str, code: int | None = 0) -> str:
    """Write a pack; return what the command told."""
    recorded = station.folder / "recorded"
    words = ("--recording", str(recorded), "--out", str(out), *words)
    return call(station, "export", "evidence", LANDING, *words, code=code).stderr
