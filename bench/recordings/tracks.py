"""What does a recording hold? Rows of one aircraft in order of time, as recorded."""

from __future__ import annotations

import gzip
import hashlib
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LISTED_FOR_S = 60.0
"""A v2 feed lists an aircraft until its position is this old."""
FASTEST_ON_GROUND_KT = 200.0
"""1hr.json writes ground as 0; the 0 of an aircraft faster than this is an altitude."""


@dataclass(frozen=True, slots=True)
class Row:
    """One report; None where the recording says nothing."""

    at_s: float
    lat_deg: float
    lon_deg: float
    altitude_ft: float | None
    on_ground: bool | None
    speed_kt: float | None
    track_deg: float | None
    rate_fpm: float | None
    callsign: str | None = None


@dataclass(frozen=True)
class Track:
    """All rows of one aircraft in one data set."""

    icao24: str
    rows: Sequence[Row]
    file: Path | None = None
    """The trace file itself, where the recording is one."""
    times: list[float] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "times", [row.at_s for row in self.rows])

    @property
    def part(self) -> str:
        """`tuning` or `test`, by a hash of the address."""
        return part_of(self.icao24)

    def latest(self, at_s: float) -> Row | None:
        """Return the last row not after `at_s` and at most LISTED_FOR_S old; None if none is."""
        index = bisect_right(self.times, at_s) - 1
        if index < 0 or at_s - self.times[index] >= LISTED_FOR_S:
            return None
        return self.rows[index]


def part_of(icao24: str) -> str:
    """Return the half that an aircraft belongs to.

    >>> part_of("ac671b")
    'tuning'
    """
    digest = hashlib.blake2s(icao24.encode(), digest_size=1).digest()[0]
    return "test" if digest & 1 else "tuning"


def poll_times(tracks: Sequence[Track], every_s: int) -> Iterator[int]:
    """Yield the times of the polls from the first row to the last."""
    first = min(track.times[0] for track in tracks)
    last = max(track.times[-1] for track in tracks)
    at_s = int(first // every_s + 1) * every_s
    while at_s <= last + every_s:
        yield at_s
        at_s += every_s


def polled(tracks: Sequence[Track], every_s: int) -> list[Track]:
    """Return the tracks as polls every so many seconds would have shown them."""
    found = []
    for track in tracks:
        rows: dict[float, Row] = {}
        for at_s in poll_times([track], every_s):
            row = track.latest(at_s)
            if row is not None:
                rows[row.at_s] = row
        if rows:
            found.append(Track(track.icao24, list(rows.values())))
    return found


def read_json(path: Path) -> Any:
    """Return what a JSON file holds, gzipped or not."""
    body = path.read_bytes()
    return json.loads(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)


def from_trace(path: Path) -> Track:
    """Return the track of a trace file of readsb or tar1090."""
    trace = read_json(path)
    rows = []
    callsign = None
    for point in trace["trace"]:
        details = point[8] if len(point) > 8 and isinstance(point[8], dict) else {}
        callsign = (details.get("flight") or "").strip() or callsign
        grounded = point[3] == "ground"
        rows.append(
            Row(
                trace["timestamp"] + point[0],
                point[1],
                point[2],
                None if grounded else point[3],
                grounded,
                point[4],
                point[5],
                point[7],
                callsign,
            )
        )
    return Track(trace["icao"], rows, path)


def from_table(path: Path, icao24: str) -> Track:
    """Return the track of a JSON table of the package `traffic`: no ground bit, heights at 1 Hz."""
    rows = [
        Row(
            line["timestamp"] / 1000.0,
            line["latitude"],
            line["longitude"],
            line["altitude"],
            None,
            line["groundspeed"],
            line["track"],
            line["vertical_rate"],
            line["callsign"],
        )
        for line in read_json(path)
        if line["latitude"] is not None
    ]
    return Track(icao24, sorted(rows, key=lambda row: row.at_s))


def from_lines(path: Path) -> list[Track]:
    """Return the tracks of the hour at 88NV: one line an aircraft and second, no vertical rate."""
    found: dict[str, list[Row]] = defaultdict(list)
    for text in path.read_text().splitlines():
        line = json.loads(text)
        if "hex" not in line or line.get("lat") is None:
            continue
        grounded = line["alt_baro"] == 0 and line["gscp"] <= FASTEST_ON_GROUND_KT
        callsign = line["flight"] if line["flight"] != "N/A" else None
        height = None if grounded else line["alt_baro"]
        found[line["hex"]].append(
            Row(
                line["now"],
                line["lat"],
                line["lon"],
                height,
                grounded,
                line["gscp"],
                line["track"],
                None,
                callsign,
            )
        )
    return _tracks(found.items())


def from_snapshots(paths: Iterable[Path]) -> list[Track]:
    """Return the tracks of OpenSky's snapshots over West Asia, by time of last contact."""
    found: dict[str, dict[float, Row]] = defaultdict(dict)
    for path in sorted(paths):
        for line in json.loads(path.read_bytes())["aircraft"]:
            height_m, speed_ms, rate_ms = (
                line["baro_altitude"],
                line["velocity"],
                line["vertical_rate"],
            )
            row = Row(
                float(line["last_contact"]),
                line["lat"],
                line["lng"],
                None if height_m is None else height_m / 0.3048,
                line["on_ground"],
                None if speed_ms is None else speed_ms * 3600.0 / 1852.0,
                line["heading"],
                None if rate_ms is None else rate_ms * 60.0 / 0.3048,
                (line["callsign"] or "").strip() or None,
            )
            found[line["icao24"]][row.at_s] = row
    return _tracks((icao24, list(rows.values())) for icao24, rows in found.items())


def _tracks(found: Iterable[tuple[str, list[Row]]]) -> list[Track]:
    return [Track(icao24, sorted(rows, key=lambda row: row.at_s)) for icao24, rows in sorted(found)]
