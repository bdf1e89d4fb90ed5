"""Which runways does the collector know? Makes the shipped table `config/runways.csv.gz` from the
list of OurAirports.

    python -m scripts.runways runways.csv.gz 2026-08-22

The list is https://davidmegginson.github.io/ourairports-data/runways.csv (public domain), also
gzipped; the date is that of its edition. Positions and elevations of the airfields come from the
package airportsdata, so only airfields with a code there are in the table.

The table has a line for each runway: the airfield's code, both ends (name, latitude and longitude
of the threshold, elevation in ft or nothing), and the length in m. A line `CODE,-` names an
airfield with helipads or water only. An airfield whose runways are not known for certain is
an area around its reference point for the collector (docs/landing-rules.md#runways); a line
`CODE,?,LENGTH` names its longest runway, if the list states the length of each.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import airportsdata

from collector.geo import FT_IN_M, NM_IN_M, bearing_deg, destination

from .runway_checks import LEAST_M, End, Place, Runway, Spot, for_aeroplanes, known_runways, listed

TABLE = Path(__file__).parent.parent / "config" / "runways.csv.gz"

STEEPEST = 0.2
"""The steepest runways of the world, such as Courchevel's, slope by 18.5 %."""
HIGHER_FT = 300.0
"""An end that lies this much higher or lower than the airfield has a mistaken elevation."""


def lines(code: str, runways: Sequence[Runway], place: Place) -> Iterator[str]:
    """Yield the lines of an airfield."""
    for runway in runways:
        first, second = runway.ends
        if first.spot is None or second.spot is None:
            raise ValueError(f"{code}: a runway of the table has both ends")
        words = [code]
        heights = _elevations(runway, place)
        for end, spot, other, height in (
            (first, first.spot, second.spot, heights[0]),
            (second, second.spot, first.spot, heights[1]),
        ):
            lat, lon = _threshold(end, spot, other, runway.length_m)
            words += [end.name, f"{lat:.5f}", f"{lon:.5f}", height]
        yield ",".join((*words, f"{runway.length_m:.0f}"))


def _length_only(code: str, runways: Sequence[Runway]) -> Iterator[str]:
    """Yield the line of an airfield of which only the lengths of its runways are known, if it has
    the code of an airfield that may be somebody's neighbour (`airfield_catalogue.look_up`)."""
    lengths_m = [runway.length_m for runway in runways]
    if len(code) == 4 and code.isalpha() and lengths_m and min(lengths_m) >= LEAST_M:
        yield f"{code},?,{max(lengths_m):.0f}"


def _threshold(end: End, spot: Spot, other: Spot, length_m: float) -> Spot:
    """Return where the threshold is: at the end, or displaced along the runway."""
    displaced_m = end.displaced_ft * FT_IN_M
    if not 0.0 < displaced_m < length_m / 2.0:
        return spot
    return destination(*spot, bearing_deg(*spot, *other), displaced_m / NM_IN_M)


def _elevations(runway: Runway, place: Place) -> tuple[str, str]:
    """Return the elevations of both ends in ft, empty where they are not stated or mistaken."""
    first, second = (end.elevation_ft for end in runway.ends)
    first = _plausible(first, place)
    second = _plausible(second, place)
    rise_ft = STEEPEST * runway.length_m / FT_IN_M
    if first is not None and second is not None and abs(first - second) > rise_ft:
        first = second = None
    return _written(first), _written(second)


def _plausible(elevation_ft: float | None, place: Place) -> float | None:
    if elevation_ft is None or abs(elevation_ft - place.elevation_ft) > HIGHER_FT:
        return None
    return elevation_ft


def _written(elevation_ft: float | None) -> str:
    return "" if elevation_ft is None else f"{elevation_ft:.0f}"


def table(rows: Sequence[Mapping[str, str]], edition: str, why: Counter[str]) -> str:
    """Return the text of the table."""
    airports: Mapping[str, Any] = airportsdata.load()
    runways: dict[str, list[Runway]] = defaultdict(list)
    none = {row["airport_ident"] for row in rows if row["airport_ident"] in airports}
    for row in rows:
        code, runway = row["airport_ident"], listed(row)
        if for_aeroplanes(row):
            none.discard(code)
        if code in airports and runway is not None:
            runways[code].append(runway)
    text = [
        f"# Runways of OurAirports (public domain), edition of {edition}; see scripts/runways.py"
    ]
    why["airfields without a runway for aeroplanes"] = len(none)
    for code in sorted(none | runways.keys()):
        if code in none:
            text.append(f"{code},-")
            continue
        airport = airports[code]
        place = Place((airport["lat"], airport["lon"]), airport["elevation"])
        known = known_runways(runways[code], place, why)
        why["airfields with runways" if known else "airfields that are areas"] += 1
        text += lines(code, known, place) if known else _length_only(code, runways[code])
    return "\n".join(text) + "\n"


def main(words: Sequence[str]) -> int:
    """Write the table and print how the runways were judged."""
    path, edition = Path(words[0]), words[1]
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    why: Counter[str] = Counter()
    text = table(list(csv.DictReader(data.decode().splitlines())), edition, why)
    TABLE.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    for reason, count in why.most_common():
        print(f"{count:6d} {reason}")
    print(f"{TABLE.stat().st_size:,} bytes, {len(text):,} unpacked, in {TABLE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
