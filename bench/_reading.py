"""How long does each way of reading an archive's day take? All ways are measured in this process.

archive_day.py starts it: `_reading.py TRACES ROUNDS TAR…`. The ways alternate, and each is measured
in processor time, so that other work on the machine matters little. It prints one JSON object.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import _traces

from collector.archives import tar
from collector.archives.traces import Bookmark, Unit, read_near, read_unit, units
from collector.coverage.region import Region
from collector.model import WatchMatch
from collector.model.reply import Fleet
from collector.pipeline.sift import sift

CIRCLES = [(*_traces.OVDA, 30.0)]
"""One airfield, and 30 NM around it."""
BELOW_FT = 15_000.0
FULL_DAY = 60_000
WATCHED = 60
"""20 aircraft and a sample of 40."""

Unpack = Callable[[bytes], bytes]


def libraries() -> dict[str, Unpack]:
    """Return the installed libraries that unpack gzip; each is given the unpacked length."""
    found: dict[str, Unpack] = {}
    for name in ("zlib", "isal.isal_zlib", "zlib_ng.zlib_ng"):
        if importlib.util.find_spec(name.partition(".")[0]) is not None:
            found[name] = partial(_by_zlib, importlib.import_module(name).decompressobj)
    if importlib.util.find_spec("deflate") is not None:
        found["deflate"] = importlib.import_module("deflate").gzip_decompress
    return found


def _by_zlib(opened: Callable[[int], Any], body: bytes) -> bytes:
    plain: bytes = opened(31).decompress(body, int.from_bytes(body[-4:], "little") + 1)
    return plain


def bodies(path: Path) -> Iterator[bytes]:
    """Yield every trace of a tar, packed."""
    named = tar.members(tar.opened([path]), lambda name: b"trace_" in name, largest_bytes=1 << 26)
    return (each.body or b"" for each in named if isinstance(each, tar.Member))


def fastest(path: Path) -> str:
    """Return the name of the library that is fastest on the first 60 traces."""
    some = list(islice(bodies(path), 60))
    known = libraries()
    return min(known, key=lambda name: min(seconds(_each(known[name]), some) for _ in range(2)))


def _each(unpack: Unpack) -> Callable[[list[bytes]], object]:
    return lambda some: [len(unpack(body)) for body in some]


def unpack(path: Path, library: Unpack) -> int:
    """Unpack every trace without reading it, and return the number of bytes."""
    return sum(len(library(body)) for body in bodies(path))


def near(found: list[Unit]) -> tuple[set[str], int]:
    """Read as `--any-aircraft` does; return whose traces are kept, and the number of skipped
    traces."""
    given, passed = set(), 0
    for unit in found:
        mark = Bookmark()
        for each in read_near(unit, CIRCLES, below_ft=BELOW_FT, report=_fail, bookmark=mark):
            if isinstance(each.ask, Fleet):
                given |= set(each.ask.icao24)
        passed += mark.passed
    return given, passed


def watch(unit: Unit, wanted: frozenset[str]) -> int:
    """Read as a watch does, and return the number of traces."""
    return sum(1 for _ in read_unit(unit, wanted=wanted, report=_fail))


def watch_and_sift(unit: Unit, wanted: frozenset[str]) -> int:
    """Read as a watch does, with every row decoded and matched; return the number of rows."""
    match = (WatchMatch("watch", "icao24", counted=True),)
    replies = read_unit(unit, wanted=wanted, report=_fail)
    return sum(len(sift(each, lambda *_: match, Region(())).observations) for each in replies)


def through(path: Path) -> None:
    """Read the bytes, one MiB at a time."""
    buffer = bytearray(1 << 20)
    with path.open("rb", buffering=0) as file:
        while file.readinto(buffer):
            pass


def iterate(path: Path) -> int:
    """Go through the members with the standard library."""
    with tarfile.open(path, "r|") as members:
        return sum(1 for _ in members)


def _fail(skipped: object) -> None:
    sys.exit(f"could not be read: {skipped}")


def seconds(work: Callable[..., object], *arguments: object) -> float:
    """Processor time of one call."""
    begin = time.process_time()
    work(*arguments)
    return time.process_time() - begin


def kernel(file: str, key: str) -> int:
    """Return a number that the kernel keeps of this process."""
    lines = Path(f"/proc/self/{file}").read_text().splitlines()
    return int(dict(line.split(":", 1) for line in lines)[key].split()[0])


def main() -> None:
    traces, rounds, paths = int(sys.argv[1]), int(sys.argv[2]), [Path(arg) for arg in sys.argv[3:]]
    found = list(units(paths, report=_fail))
    wanted = frozenset(_traces.addresses(traces)[:: traces // WATCHED][:WATCHED])
    library = fastest(paths[0])
    before = kernel("io", "rchar")
    if watch(found[0], wanted) != WATCHED:
        sys.exit("a watched trace was not given")
    watch_bytes = kernel("io", "rchar") - before
    ways: dict[str, Callable[[], object]] = {
        "through": partial(through, paths[0]),
        "watch": partial(watch, found[0], wanted),
        "iterate": partial(iterate, paths[0]),
        "sift": partial(watch_and_sift, found[0], wanted),
        "unpack": partial(unpack, paths[0], libraries()[library]),
        "near": partial(near, found[:1]),
    }
    if traces < FULL_DAY:
        del ways["iterate"], ways["sift"]
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            took[name].append(seconds(way))
    if len(found) > 1:
        took["two days"] = [seconds(near, found)]
    given, passed = near(found[:1])
    measured = {
        "library": library,
        "watch_bytes": watch_bytes,
        "near": (len(given), passed),
        "missed": len(set(_traces.landing(traces)) - given),
        "took_s": took,
        "peak_kb": kernel("status", "VmHWM"),
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
