"""How much longer than plain reading does an archive's day take? A synthetic day's tar is read in
every way.

`--any-aircraft` at one airfield is compared with unpacking the same members with the fastest gzip
library, each on one core. A watch of 20 aircraft and a sample of 40 is compared with reading
through the tar. `_traces.py` writes the day; `_reading.py` reads it in a process of its own, whose
memory the kernel counts. The tar is in the page cache; on a disk, both sides would wait alike.

The short form has 600 traces, and 100 milliseconds cannot be measured to a tenth beside other work.
Its ratio for `--any-aircraft` therefore has a wider bound, and the watch is judged by the bytes it
reads instead of by its time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import fmean
from typing import Any

import _traces
from _claims import Claim, report, short

ANY_BOUND, WATCH_BOUND, TWO_DAYS_BOUND, PEAK_BOUND_MB = 1.5, 1.1, 2.2, 300.0
SHORT_ANY_BOUND = 2.0
READ_PERCENT, SHORT_READ_PERCENT = 5.0, 30.0
"""The bytes of the tar that the watch may read; the short form wants a tenth of all traces."""


def read(folder: Path, traces: int, distinct: int, rounds: int) -> dict[str, Any]:
    """Write a day (in the full form two), read it, and return the measured values."""
    day, next_day = folder / "day.tar", folder / "next.tar"
    begin = time.perf_counter()
    _traces.write_day(day, traces, distinct)
    wrote_s = time.perf_counter() - begin
    if not short():
        os.link(day, next_day)
    script = [sys.executable, str(Path(__file__).with_name("_reading.py")), str(traces)]
    paths = [str(each) for each in (day, next_day) if each.exists()]
    done = subprocess.run([*script, str(rounds), *paths], capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"the day was not read: {done.stderr.decode()[-2000:]}")
    measured: dict[str, Any] = json.loads(done.stdout)
    return {**measured, "tar_bytes": day.stat().st_size, "wrote_s": wrote_s}


def claims(measured: dict[str, Any]) -> list[Claim]:
    """Return the claims; times of 100 ms are compared only in the full form."""
    times = measured["took_s"]
    best = {name: min(each) for name, each in times.items()}
    percent = 100.0 * measured["watch_bytes"] / measured["tar_bytes"]
    any_bound = SHORT_ANY_BOUND if short() else ANY_BOUND
    read_bound = SHORT_READ_PERCENT if short() else READ_PERCENT
    found = [
        Claim("any aircraft ÷ unpacking alone", best["near"] / best["unpack"], any_bound, "×"),
        Claim("traces that land there, missed", float(measured["missed"]), 0.0, ""),
        Claim("watch: of the tar's bytes read", percent, read_bound, "%"),
        Claim("memory at its highest", measured["peak_kb"] / 1024, PEAK_BOUND_MB, "MB"),
    ]
    if not short():
        found += [
            Claim("watch ÷ reading the bytes", best["watch"] / best["through"], WATCH_BOUND, "×"),
            Claim(
                "watch, each row sifted ÷ iterating with tarfile",
                best["sift"] / best["iterate"],
                WATCH_BOUND,
                "×",
            ),
            Claim("two days ÷ one", best["two days"] / fmean(times["near"]), TWO_DAYS_BOUND, "×"),
        ]
    return found


def main() -> int:
    traces, distinct, rounds = (600, 40, 3) if short() else (60_000, 300, 2)
    with tempfile.TemporaryDirectory() as folder:
        measured = read(Path(folder), traces, distinct, rounds)
    given, passed = measured["near"]
    notes = [
        (
            f"{traces} traces, {measured['tar_bytes'] / 1e6:.0f} MB, "
            f"made in {measured['wrote_s']:.0f} s"
        ),
        f"{given} returned, {passed} skipped unread; the fastest library is {measured['library']}",
        "processor time, the best of each round:",
        *(f"{name:<9}{min(times):8.2f} s" for name, times in measured["took_s"].items()),
    ]
    return report("An archive's day", claims(measured), notes)


if __name__ == "__main__":
    sys.exit(main())
