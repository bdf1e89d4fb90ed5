"""How would the feeds themselves have reported what these recordings hold?

The recordings under `shared/data` were re-keyed by their collectors. Here they become the bytes a
feed would have sent: OpenSky's `/states/all`, v2 replies, a trace file. Values are not touched.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from collector.model.reply import Everything, Fleet, Format, Reply
from collector.recording import Recorder
from tests.support.shared import SHARED

WEST_ASIA = SHARED / "data" / "sitpulse-westasia"
ONE_HOUR = SHARED / "data" / "eastham-adsb_actions" / "tests" / "1hr.json"
DESERT_TRACES = SHARED / "data" / "eastham-adsb_actions" / "tests" / "sample_readsb_data"
DAY_TRACE = SHARED / "data" / "xoolive-traffic" / "samples" / "readsb" / "trace_full_ac671b.json"

FASTEST_ON_GROUND_KT = 200.0
"""1hr.json writes ground as 0; the 0 of an aircraft faster than this is an altitude."""
LISTED_FOR_S = 60.0
"""readsb lists an aircraft until its position is this old."""


def opensky_replies(folder: Path = WEST_ASIA, *, feed: str = "opensky") -> list[Reply]:
    """The 12 snapshots as `/states/all` replies, received when they were fetched."""
    replies = []
    for path in sorted(folder.glob("*.json")):
        snapshot = json.loads(path.read_bytes())
        at = datetime.fromisoformat(snapshot["fetched_at"])
        states = [_state(aircraft) for aircraft in snapshot["aircraft"]]
        replies.append(
            Reply(
                feed=feed,
                format=Format.OPENSKY_STATES,
                ask=Everything(),
                url="https://opensky-network.org/api/states/all",
                received_at=at,
                headers=(("Content-Type", "application/json"),),
                body=json.dumps({"time": int(at.timestamp()), "states": states or None}).encode(),
            )
        )
    return replies


def _state(aircraft: dict[str, Any]) -> list[Any]:
    callsign = aircraft["callsign"]
    return [
        aircraft["icao24"],
        None if callsign is None else callsign.ljust(8),
        aircraft["origin_country"],
        aircraft["time_position"],
        aircraft["last_contact"],
        aircraft["lng"],
        aircraft["lat"],
        aircraft["baro_altitude"],
        aircraft["on_ground"],
        aircraft["velocity"],
        aircraft["heading"],
        aircraft["vertical_rate"],
        None,
        aircraft["geo_altitude"],
        aircraft["squawk"],
        False,
        0,
    ]


def v2_replies(
    path: Path = ONE_HOUR, *, every_s: int = 5, feed: str = "adsblol"
) -> Iterator[Reply]:
    """The hour at 88NV as v2 replies, one each `every_s` seconds, ages as readsb counts them.

    An aircraft is listed from its latest line on, for LISTED_FOR_S, as a feed does.
    """
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    latest: dict[str, dict[str, Any]] = {}
    due = lines[0]["now"] + every_s
    for line in lines:
        while line["now"] >= due:
            yield _v2_reply(latest.values(), due, feed)
            due += every_s
        if "hex" in line:
            latest[line["hex"]] = line
    yield _v2_reply(latest.values(), due, feed)


def _v2_reply(lines: Iterable[dict[str, Any]], now_s: int, feed: str) -> Reply:
    rows = [_v2_row(line, now_s) for line in lines if now_s - line["now"] < LISTED_FOR_S]
    body = {"ac": rows, "msg": "No error", "now": now_s * 1000, "total": len(rows), "ptime": 0}
    return Reply(
        feed=feed,
        format=Format.READSB,
        ask=Everything(),
        url="https://api.adsb.lol/v2/all",
        received_at=datetime.fromtimestamp(now_s, UTC) + timedelta(milliseconds=300),
        headers=(("Content-Type", "application/json"),),
        body=json.dumps(body).encode(),
    )


def _v2_row(line: dict[str, Any], now_s: int) -> dict[str, Any]:
    age = float(now_s - line["now"])
    grounded = line["alt_baro"] == 0 and line["gscp"] <= FASTEST_ON_GROUND_KT
    row = {
        "hex": line["hex"],
        "type": "adsb_icao",
        "alt_baro": "ground" if grounded else line["alt_baro"],
        "gs": float(line["gscp"]),
        "track": line["track"],
        "lat": line["lat"],
        "lon": line["lon"],
        "seen_pos": age,
        "seen": age,
    }
    if line["flight"] not in (None, "N/A"):
        row["flight"] = line["flight"].ljust(8)
    return {key: value for key, value in row.items() if value is not None}


def trace_reply(path: Path = DAY_TRACE, *, feed: str = "traces") -> Reply:
    """A trace file as tar1090 would have served it."""
    body = path.read_bytes()
    plain = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    trace = json.loads(plain)
    icao24 = trace["icao"]
    return Reply(
        feed=feed,
        format=Format.TRACE,
        ask=Fleet((icao24,)),
        url=f"https://adsb.lol/data/traces/{icao24[-2:]}/trace_full_{icao24}.json",
        received_at=datetime.fromtimestamp(trace["timestamp"] + trace["trace"][-1][0], UTC),
        headers=(("Content-Type", "application/json"),),
        body=body,
    )


def record(replies: Iterable[Reply], folder: Path) -> list[Path]:
    """Keep replies as a recording; the files, in order of name."""
    recorder = None
    for reply in replies:
        if recorder is None:
            recorder = Recorder(
                folder, started_at=reply.received_at, software="tests", contact=None
            )
        recorder.keep(reply)
    if recorder is not None:
        recorder.close()
    return sorted(folder.glob("*.warc.gz"))
