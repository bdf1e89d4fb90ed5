"""Which coasts and borders does a map show? Makes the shipped table `config/outlines.bin.gz` from
Natural Earth.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m scripts.outlines package/countries-10m.json

Natural Earth 4.1.0 at 1:10 million is in the public domain (https://www.naturalearthdata.com/about/terms-of-use/);
the npm package world-atlas (ISC) carries it as TopoJSON
(https://github.com/topojson/topojson-specification), in which countries share their arcs. An arc
of one country only is coast, one of two is a border. Lakes are not in it.

Arcs are thinned (Douglas and Peucker 1973) to `TOLERANCE_DEG` before rings are put together, so
that a border stays one line, and islands that no map would show are left out. The table holds
little-endian integers: for each line a head of eight 32-bit ones (1 for the ring of a land, 0 for a
border; the number of points; least and greatest latitude and longitude, and the first point, in
steps of `STEP_DEG`), then the other points as 16-bit steps from the one before, latitude first.
`reports/picture/outlines.py` reads it.
"""

from __future__ import annotations

import gzip
import itertools
import json
import math
import struct
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from collector.reports.picture.outlines import HEAD, STEP_DEG

TABLE = Path(__file__).parent.parent / "config" / "outlines.bin.gz"

TOLERANCE_DEG = 0.006
"""0.4 NM: a pixel of a phone's map that is 120 NM across. Twice as much moved Israel's border with
Jordan across the runway of Ramon."""
SMALLEST_ISLAND_DEG = 0.03
"""Islands smaller than this, 2 NM across, are left out."""
POLAR_DEG = 85.0
LONGEST_STEP = 32_000
"""Steps of 16 bits reach 32,767."""

Point = tuple[float, float]
"""Longitude and latitude in degrees, as in the source."""


def arcs_of(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs in degrees: the source has them as steps of integers."""
    (scale_x, scale_y), (x0, y0) = (topology["transform"][key] for key in ("scale", "translate"))
    arcs = []
    for arc in topology["arcs"]:
        steps = itertools.accumulate(
            arc, lambda at, step: [a + b for a, b in zip(at, step, strict=True)]
        )
        arcs.append([(x * scale_x + x0, y * scale_y + y0) for x, y in steps])
    return arcs


def rings_of(geometry: dict[str, Any]) -> Iterator[list[int]]:
    """Yield each ring of a polygon or of several, as numbers of arcs; `~n` is one reversed."""
    if geometry["type"] == "GeometryCollection":
        for each in geometry["geometries"]:
            yield from rings_of(each)
    elif geometry["type"] == "Polygon":
        yield from geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["arcs"]:
            yield from polygon


def thinned(points: Sequence[Point], tolerance: float) -> list[Point]:
    """Return the points without those that lie within `tolerance` degrees of the line that is left.

    A degree of longitude counts by the cosine of its latitude.
    """
    kept = {0, len(points) - 1}
    left = [(0, len(points) - 1)]
    while left:
        first, last = left.pop()
        (x1, y1), (x2, y2) = points[first], points[last]
        shrink = max(0.1, math.cos(math.radians((y1 + y2) / 2)))
        dx, dy = (x2 - x1) * shrink, y2 - y1
        length = math.hypot(dx, dy)
        farthest, far = 0, 0.0
        for number in range(first + 1, last):
            px, py = (points[number][0] - x1) * shrink, points[number][1] - y1
            along = 0.0 if length == 0 else max(0.0, min(1.0, (px * dx + py * dy) / length**2))
            distance = math.hypot(px - along * dx, py - along * dy)
            if distance > far:
                farthest, far = number, distance
        if far > tolerance:
            kept.add(farthest)
            left += [(first, farthest), (farthest, last)]
    return [points[number] for number in sorted(kept)]


def joined(ring: Iterable[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """Return the points of a ring, of which each arc begins where the one before ends."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def unwrapped(points: Sequence[Point]) -> Iterator[Point]:
    """Yield the points of a line without jumps from 180° east to 180° west and back.

    Along the South Pole, the edge of Antarctica's ring runs once around the world; it stays.
    """
    turn, before = 0.0, points[0][0]
    for x, y in points:
        if abs(y) < POLAR_DEG:
            turn -= 360.0 * round((x + turn - before) / 360.0)
        before = x + turn
        yield before, y


def record(points: Sequence[Point], *, land: bool) -> bytes:
    """Return a line of the table."""
    at = [(round(y / STEP_DEG), round(x / STEP_DEG)) for x, y in unwrapped(points)]
    at = [at[0], *(other for one, other in itertools.pairwise(at) if one != other)]
    filled = at[:1]
    for point in at[1:]:
        parts = max(
            1, *(-(-abs(b - a) // LONGEST_STEP) for a, b in zip(filled[-1], point, strict=True))
        )
        (lat, lon) = filled[-1]
        filled += [
            (
                lat + round((point[0] - lat) * part / parts),
                lon + round((point[1] - lon) * part / parts),
            )
            for part in range(1, parts + 1)
        ]
    lats, lons = [lat for lat, _ in filled], [lon for _, lon in filled]
    head = struct.pack(
        HEAD, land, len(filled), min(lats), max(lats), min(lons), max(lons), *filled[0]
    )
    steps = [
        step
        for one, other in itertools.pairwise(filled)
        for step in (other[0] - one[0], other[1] - one[1])
    ]
    return head + struct.pack(f"<{len(steps)}h", *steps)


def table(topology: dict[str, Any], why: Counter[str]) -> bytes:
    """Return the bytes of the table."""
    arcs = arcs_of(topology)
    owners: Counter[int] = Counter()
    for country in topology["objects"]["countries"]["geometries"]:
        owners.update({n if n >= 0 else ~n for ring in rings_of(country) for n in ring})
    why["points in the source"] = sum(map(len, arcs))
    arcs = [thinned(arc, TOLERANCE_DEG) for arc in arcs]
    records = []
    for ring in rings_of(topology["objects"]["land"]):
        points = joined(ring, arcs)
        wide = max(max(axis) - min(axis) for axis in zip(*points, strict=True))
        if wide < SMALLEST_ISLAND_DEG or len(points) < 4:
            why["islands left out"] += 1
            continue
        why["rings of land"] += 1
        records.append(record(points, land=True))
    for number, count in sorted(owners.items()):
        if count > 1:
            why["borders"] += 1
            records.append(record(arcs[number], land=False))
    return b"".join(records)


def main(words: Sequence[str]) -> int:
    """Write the table and print what it holds."""
    why: Counter[str] = Counter()
    content = table(json.loads(Path(words[0]).read_text()), why)
    TABLE.write_bytes(gzip.compress(content, 9, mtime=0))
    for reason, count in why.most_common():
        print(f"{count:8,d} {reason}")
    print(f"{TABLE.stat().st_size:,} bytes, {len(content):,} unpacked, in {TABLE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
