"""Do twice the days take twice the time, and two readers half of it? A whole `backfill traces` is
measured.

The days are synthetic traces in tars, sized like real ones, of which nearly all are read as a
sample. Reading takes most of the time, as it does if an archive is searched for a few aircraft.
Start-up is part of every figure.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from _claims import Claim, report, short

FIRST = datetime(2024, 3, 4, tzinfo=UTC)
DAY_BOUND = 2.1
READERS_BOUND = 1 / 1.8
QUIET_BELOW = 0.5
"""Load of the last minute; a higher load leaves no two free cores to measure with."""
OVDA = (29.94, 34.94)
CONFIG = """
data = "{data}"
[recording]
enabled = false
[visitors]
enabled = false
[[watch]]
name = "w"
places = ["LLOV"]
icao24 = ["600865"]
"""


@dataclass(frozen=True)
class RunTime:
    """One run of the command."""

    wall_s: float
    cpu_s: float


def rows(number: int, count: int) -> str:
    """Return an aircraft's points of a day as JSON: to and fro across the region, in cruise."""
    found = []
    for index in range(count):
        away = (index % 400 - 200) / 25
        lat, lon = OVDA[0] + away, OVDA[1] + away / 2 + number % 7
        details = {"type": "adsb_icao", "flight": f"ELY{number:04d} ", "nic": 8}
        point = [index * 57.3, round(lat, 6), round(lon, 6), 35000, 447.1, 26.5, 0, 0]
        found.append([*point, None if index % 4 else details, "adsb_icao", 35200, 0, None, None])
    return json.dumps(found, separators=(",", ":"))


def write_days(folder: Path, days: int, aircraft: int, points: int) -> int:
    """Write the tars of `days` days, and return the bytes of all of them."""
    tracks = [rows(number, points) for number in range(aircraft)]
    for day in range(days):
        begins_s = (FIRST + timedelta(days=day)).timestamp()
        with tarfile.open(folder / f"{day:03d}.tar", "w") as tar:
            for number, track in enumerate(tracks):
                icao24 = f"{0x738000 + number:06x}"
                text = f'{{"icao":"{icao24}","timestamp":{begins_s},"trace":{track}}}'
                body = gzip.compress(text.encode(), 1)
                info = tarfile.TarInfo(f"./traces/{icao24[-2:]}/trace_full_{icao24}.json")
                info.size = len(body)
                tar.addfile(info, io.BytesIO(body))
    return sum(path.stat().st_size for path in folder.iterdir())


def run(days: list[Path], jobs: int) -> RunTime:
    """Fill a new database with these days, and return the measured run."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "collector.toml"
        config.write_text(CONFIG.format(data=Path(folder) / "var"))
        words = ["--config", str(config), "backfill", "traces", "--sample", "1"]
        words += ["--sample-of", "all", "--jobs", str(jobs), *map(str, days)]
        before, begun = _cpu_s(), time.perf_counter()
        subprocess.run([sys.executable, "-m", "collector", *words], check=True, capture_output=True)
        return RunTime(time.perf_counter() - begun, _cpu_s() - before)


def best(days: list[Path], jobs: int, rounds: int) -> RunTime:
    """Return the quickest of several runs."""
    return min((run(days, jobs) for _ in range(rounds)), key=lambda took: took.wall_s)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    days, aircraft, points, rounds = (1, 12, 800, 1) if short() else (12, 300, 1500, 2)
    quiet = os.getloadavg()[0] < QUIET_BELOW
    with tempfile.TemporaryDirectory() as folder:
        size = write_days(Path(folder), 2 * days, aircraft, points)
        every = sorted(Path(folder).iterdir())
        half = best(every[:days], 1, rounds)
        whole = best(every, 1, rounds)
        notes = [
            f"{2 * days} days of {aircraft} traces of {points} points, {size / 1e6:.0f} MB",
            f"half the days, one reader:   {half.wall_s:6.1f} s, processor {half.cpu_s:6.1f} s",
            f"all days, one reader:        {whole.wall_s:6.1f} s, processor {whole.cpu_s:6.1f} s",
        ]
        # Processor time: other work on the machine does not count for it.
        claims = [Claim("twice the days ÷ once", whole.cpu_s / half.cpu_s, DAY_BOUND, "×")]
        if not short():
            two = best(every, 2, rounds)
            notes.append(
                f"all days, two readers:       {two.wall_s:6.1f} s, processor {two.cpu_s:6.1f} s"
            )
            if quiet:
                ratio = two.wall_s / whole.wall_s
                claims.append(Claim("two readers ÷ one", ratio, READERS_BOUND, "×"))
            else:
                notes.append(
                    "the machine was busy with other work: on two free cores it would take"
                )
                ratio = two.cpu_s / 2 / whole.cpu_s
                claims.append(
                    Claim("half of two's processor time ÷ one's", ratio, READERS_BOUND, "×")
                )
    return report("Backfill", claims, notes)


if __name__ == "__main__":
    sys.exit(main())
