"""What does a day of an archive look like? A synthetic tar of traces, always the same, stands for
it.

60,000 traces are not written one by one. A few hundred distinct bodies of rows, of the sizes that
real traces have, are compressed once as deflate blocks that stand alone. Each trace is a head of
its own (address, registration, time) in a block before one of these bodies. Together they are an
ordinary gzip file, of which only the check sum is computed again.
"""

from __future__ import annotations

import io
import json
import math
import os
import random
import statistics
import struct
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from collector.decode.gzipped import fast_zlib

OVDA = (29.9403, 34.9358)
DAY_S = 1_795_305_600
"""2026-11-22, 00:00 UTC."""

HUBS = (
    *((33.6, -84.4), (41.9, -87.9), (32.9, -97.0), (34.0, -118.4), (29.9, -95.3), (40.6, -73.8)),
    *((51.5, -0.4), (50.0, 8.6), (49.0, 2.5), (40.5, -3.6), (52.3, 4.8), (41.3, 28.7), (47.4, 8.5)),
    *((25.3, 55.4), (28.6, 77.1), (31.1, 121.3), (35.5, 139.8), (-33.9, 151.2), (-23.4, -46.5)),
)
"""Where most traffic is; some has Ovda's latitude, and some its longitude as latitude."""

NEAR_EVERY = 200
"""One trace in this many lands at Ovda: 0.5 %."""
ACROSS_EVERY = 100
"""One trace in this many crosses Ovda in cruise."""

_MEDIAN_ROWS, _SPREAD, _MOST_ROWS = 700.0, 1.1, 12_000
"""Rows a trace, log-normal: most are small, some have thousands, 60,000 come to 2–3 GB."""
_HEATMAP_BYTES = 1 << 20
"""A day has 48 half-hours of heatmap beside its traces."""

Leg = tuple[tuple[float, float], tuple[float, float], int]
"""Begin and end (degrees), and the altitude between them (ft)."""


@dataclass(frozen=True, slots=True)
class Body:
    """The rows of a trace and its end: plain, and as deflate blocks that end the stream."""

    plain: bytes
    deflated: bytes


def _rows(rng: random.Random, count: int, legs: Sequence[Leg]) -> bytes:
    """Rows as readsb writes them, with an aircraft object in every fifth."""
    lines = []
    for number in range(count):
        leg, share = divmod(number * len(legs) / count, 1.0)
        (lat1, lon1), (lat2, lon2), top_ft = legs[int(leg)]
        height = min(int(min(share, 1.0 - share) * 6 * top_ft / 25) * 25, top_ft)
        high = str(height) if height else '"ground"'
        speed, rate = rng.uniform(150.0, 480.0), rng.choice((0, 0, 0, 64, -64, -640, 1280))
        lines.append(
            f"\n[{(number + rng.random()) * 80_000 / count:.2f},"
            f"{lat1 + (lat2 - lat1) * share + rng.uniform(-0.01, 0.01):.6f},"
            f"{lon1 + (lon2 - lon1) * share + rng.uniform(-0.01, 0.01):.6f},"
            f"{high},{speed:.1f},{rng.uniform(0.0, 360.0):.1f},"
            f"{2 if number and share < len(legs) / count else 0},{rate},"
            f'{"null" if number % 5 else _details(rng)},"adsb_icao",{height + 325},{rate},'
            f"{int(speed * 0.6)},{rng.uniform(-9.0, 9.0):.1f}]"
        )
    return (",".join(lines) + "\n  ]\n}\n").encode()


def _details(rng: random.Random) -> str:
    row: dict[str, object] = {
        "type": "adsb_icao",
        "flight": f"{rng.choice(('THY', 'ELY', 'BAW', 'UAE', 'AAL'))}{rng.randrange(9999)}  ",
        "alt_geom": rng.randrange(40, 1640) * 25,
        "track": round(rng.uniform(0.0, 360.0), 2),
        "baro_rate": rng.choice((0, 64, -64)),
        "squawk": f"{rng.randrange(4096):04o}",
        "emergency": "none",
        "category": "A3",
        "nav_qnh": 1013.6,
        "nav_altitude_mcp": 36000,
        "nav_modes": ["autopilot", "vnav", "tcas"],
    }
    row |= dict.fromkeys(("nic", "version", "nic_baro", "nac_p", "nac_v", "sil", "gva", "sda"), 2)
    row |= {"rc": 186, "sil_type": "perhour", "alert": 0, "spi": 0}
    return json.dumps(row, separators=(",", ":"))


def _body(rng: random.Random, rows: int, legs: Sequence[Leg]) -> Body:
    plain = _rows(rng, rows, legs)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Body(plain, packer.compress(plain) + packer.flush())


def _bodies(rng: random.Random, count: int) -> Iterator[Body]:
    """Bodies of flights elsewhere, of every size that occurs."""
    sizes = statistics.NormalDist(math.log(_MEDIAN_ROWS), _SPREAD)
    pairs = [pair for pair in permutations(HUBS, 2) if not _crosses(*pair)]
    for number in range(count):
        rows = min(int(math.exp(sizes.inv_cdf((number + 0.5) / count))), _MOST_ROWS)
        legs = rng.sample(pairs, min(1 + rows // 400, 6))
        yield _body(rng, rows, [(*pair, 36_000) for pair in legs])


def _crosses(begin: tuple[float, float], end: tuple[float, float]) -> bool:
    """Whether the straight line comes within two degrees of Ovda."""
    steps = [number / 200 for number in range(201)]
    line = [[a + (b - a) * step for a, b in zip(begin, end, strict=True)] for step in steps]
    return any(math.dist(place, OVDA) < 2.0 for place in line)


def _packed(head: bytes, body: Body) -> bytes:
    """Head and body as one gzip."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    first = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    summed = fast_zlib.crc32(body.plain, zlib.crc32(head))
    end = struct.pack("<II", summed, len(head) + len(body.plain))
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\x03" + first + body.deflated + end


def _head(icao24: str, number: int) -> bytes:
    return (
        f'{{"icao":"{icao24}",\n"r":"N{number:05d}",\n"t":"B738",\n"dbFlags":0,\n'
        f'"desc":"BOEING 737-800",\n"timestamp": {DAY_S}.{number % 1000:03d},\n"trace":[ '
    ).encode()


def addresses(traces: int) -> list[str]:
    """Return the addresses of the traces of a day, in the order of their shards."""
    rng = random.Random(20261122)
    return sorted((f"{each:06x}" for each in rng.sample(range(1, 1 << 24), traces)), key=_shard)


def _shard(icao24: str) -> str:
    return icao24[-2:]


def landing(traces: int) -> list[str]:
    """Return the addresses that land at Ovda."""
    return addresses(traces)[NEAR_EVERY // 2 :: NEAR_EVERY]


def write_day(path: Path, traces: int, distinct: int) -> None:
    """Write the tar of a day with `traces` traces, made of `distinct` distinct bodies."""
    rng = random.Random(traces)
    north, south = (OVDA[0] + 4.0, OVDA[1] + 1.0), (OVDA[0] - 4.0, OVDA[1] - 1.0)
    lands = [_body(rng, 700, [(HUBS[11], OVDA, 34_000), (OVDA, HUBS[11], 34_000)])]
    crosses = [_body(rng, 700, [(north, south, 36_000)] * 2)]
    others = list(_bodies(rng, distinct))
    rng.shuffle(others)
    with tarfile.open(path, "w") as tar:
        for number, icao24 in enumerate(addresses(traces)):
            if number % NEAR_EVERY == NEAR_EVERY // 2:
                bodies = lands
            else:
                bodies = crosses if number % ACROSS_EVERY == 9 else others
            packed = _packed(_head(icao24, number), bodies[number % len(bodies)])
            _add(tar, f"./traces/{_shard(icao24)}/trace_full_{icao24}.json", packed)
        for half_hour in range(48 if traces > 10_000 else 1):
            _add(tar, f"./heatmap/{half_hour:02d}.bin.ttf", os.urandom(_HEATMAP_BYTES))


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.mtime = DAY_S + 90_000
    tar.addfile(info, io.BytesIO(content))
