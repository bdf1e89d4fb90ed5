"""Who flies over Ovda in the year of `corrections.py`? A receiver hears the watched above 9,000 ft,
a part of them lower, an archive hears them to the ground; others cross low all day, so that both
could have seen."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from _sky import INBOUND_MIN, OVDA, STAY_MIN, _on_the_way

from collector.geo import destination

STRANGERS = tuple(f"7380{number:02x}" for number in range(4))
SLOW_NM_MIN, SLOW_FROM_NM = 2.5, 25.0
"""An arrival is slower than the last that the receiver hears of it lets one think."""
HIGH_FT, LOW_FT = 9000.0, 2500.0
"""Down to here the receiver hears an arrival, and one that is heard low."""
CROSSING_MIN = 40
STEP_S = 30


@dataclass(frozen=True, slots=True)
class Call:
    """A watched aircraft that lands, stays for two hours and leaves, or that only crosses."""

    icao24: str
    begins_at: datetime
    """When it is heard first, 208 NM out."""
    crosses: bool = False
    receiver_hears: bool = True
    heard_low: bool = False
    """The receiver hears the arrival down to `LOW_FT`: enough to name the airfield, though not to
    see it land."""

    def row(self, at: datetime, *, to_the_ground: bool) -> dict[str, object] | None:
        """Return what a receiver says of it at a time; None if it hears nothing."""
        minutes = (at - self.begins_at).total_seconds() / 60
        down_to_ft = 0.0 if to_the_ground else LOW_FT if self.heard_low else HIGH_FT
        there = self._crossing(minutes) if self.crosses else self._visit(minutes, down_to_ft)
        if there is None or not (to_the_ground or self.receiver_hears):
            return None
        away_nm, altitude_ft, rate = there
        inbound = minutes < INBOUND_MIN + STAY_MIN / 2
        lat, lon = destination(*OVDA, 20.0 if away_nm >= 0 else 200.0, abs(away_nm))
        row: dict[str, object] = {"hex": self.icao24, "type": "adsb_icao", "flight": "AZQ101  "}
        row |= {"t": "IL76", "gs": 300.0, "track": 200.0 if inbound else 20.0, "nic": 8}
        row |= {"alt_baro": "ground", "gs": 12.0} if altitude_ft < 1500 else {
            "alt_baro": round(altitude_ft),
            "alt_geom": round(altitude_ft) + 300,
            "baro_rate": rate,
        }  # fmt: skip
        return row | {"lat": lat, "lon": lon, "seen_pos": 0.5, "seen": 0.1}

    def _crossing(self, minutes: float) -> tuple[float, float, float] | None:
        if not 0 <= minutes < CROSSING_MIN:
            return None
        return 8.0 * (CROSSING_MIN / 2 - minutes), 34_000.0, 0.0

    def _visit(self, minutes: float, down_to_ft: float) -> tuple[float, float, float] | None:
        above = _on_the_way(minutes)
        if above is not None or down_to_ft >= HIGH_FT:
            return above
        low_from = (208 - SLOW_FROM_NM) / 5
        left = SLOW_FROM_NM - SLOW_NM_MIN * (minutes - low_from)
        if minutes >= low_from and left > 0 and 1500 + 300 * left >= down_to_ft:
            return left, 1500 + 300 * left, -700.0
        on_the_ground = left <= 0 and minutes < low_from + 16 and not down_to_ft
        return (0.0, 1492.0, 0.0) if on_the_ground else None


def strangers(at: datetime) -> Iterator[dict[str, object]]:
    """Yield those who cross low, all day."""
    minutes = at.timestamp() / 60
    for number, icao24 in enumerate(STRANGERS):
        along = (minutes + 15 * number) % 60 - 30
        lat, lon = destination(
            *OVDA, 45.0 * number if along >= 0 else 45.0 * number + 180, abs(along)
        )
        yield {"hex": icao24, "type": "adsb_icao", "t": "A320", "alt_baro": 9000, "gs": 60.0} | {
            "track": 45.0 * number, "lat": lat, "lon": lon, "seen_pos": 0.5, "seen": 0.1
        }  # fmt: skip


def write_receiver(file: Path, calls: Sequence[Call], at: datetime) -> None:
    """Write the receiver's file as of a time, and give it that time."""
    near = (each for each in calls if abs(at - each.begins_at) < timedelta(hours=6))
    rows = [row for each in near if (row := each.row(at, to_the_ground=False))]
    now_s = at.timestamp()
    text = json.dumps({"now": now_s, "messages": 1, "aircraft": [*rows, *strangers(at)]})
    file.write_text(text)
    os.utime(file, (now_s, now_s))


def write_archive(folder: Path, calls: Sequence[Call], days: Collection[date]) -> list[str]:
    """Write the tar of each day in the format of adsb.lol (docs/feeds.md); return their paths."""
    written = []
    for day in sorted(days):
        begins_at = datetime.fromisoformat(f"{day}T00:00:00+00:00")
        members: dict[str, list[str]] = {}
        for step in range(0, 86_400, STEP_S):
            at = begins_at + timedelta(seconds=step)
            near = (each for each in calls if abs(at - each.begins_at) < timedelta(hours=6))
            rows = [row for each in near if (row := each.row(at, to_the_ground=True))]
            for row in [*rows, *(strangers(at) if step % 300 == 0 else ())]:
                members.setdefault(str(row["hex"]), []).append(_line(step, row))
        path = folder / f"v{day:%Y.%m.%d}-planes-readsb-prod-0.tar"
        with tarfile.open(path, "w") as tar:
            for icao24 in sorted(members, key=lambda each: each[-2:]):
                _add(tar, icao24, members[icao24], begins_at.timestamp())
        written.append(str(path))
    return written


def _line(offset_s: int, row: dict[str, object]) -> str:
    details = {"type": "adsb_icao", "flight": row.get("flight", ""), "version": 2, "nic": 8}
    values = [offset_s, row["lat"], row["lon"], row["alt_baro"], row["gs"], row["track"], 0]
    rest = [row.get("baro_rate"), details, "adsb_icao", row.get("alt_geom"), None, None, None]
    return json.dumps([*values, *rest])


def _add(tar: tarfile.TarFile, icao24: str, lines: Sequence[str], begin_s: float) -> None:
    kind = "A320" if icao24 in STRANGERS else "IL76"
    rows = ",\n".join(lines)
    head = f'{{"icao":"{icao24}",\n"t":"{kind}",\n"timestamp": {begin_s:.3f},\n"trace":[ '
    body = gzip.compress(f"{head}\n{rows}\n  ]\n}}\n".encode(), 1, mtime=0)
    info = tarfile.TarInfo(f"./traces/{icao24[-2:]}/trace_full_{icao24}.json")
    info.size, info.mtime = len(body), int(begin_s + 86_400)
    tar.addfile(info, io.BytesIO(body))
