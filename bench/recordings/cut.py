"""What does the collector find in real tracks whose low parts nobody heard? `python -m
bench.recordings.cut` cuts them off.

All rows below a height above the watched airfields are taken from every track of a recording, as
if its receivers reached no lower, and what is left is polled. So arrivals end in the air and
departures begin there, and go-arounds, overflights and departures of the same day are the
counter-examples. The labels are those of the whole tracks.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterator, Sequence

import structlog

from collector.landings.rules import RULES_VERSION

from .datasets import DataSet, absent, datasets, loaded
from .detector import by_polls
from .labels import Label, read_labels
from .scoring import Tally, tally
from .tracks import Track

HEIGHTS_FT = (500, 1000, 2000, 3000, 5000, 10_000)
RHYTHMS_S = (60, 300)
LEAST_ROWS = 3
BLACK_ROCK_CITY_FT = 3910.0
HEAD = (
    f"{'cut at, polled each':<22} {'landings':>8} {'found':>6} {'open':>5} {'missed':>6} "
    f"{'wrong, invented or doubled':>26} {'broken off, counted':>20}"
)


def cut(tracks: Sequence[Track], floor_ft: float) -> list[Track]:
    """Return the tracks without what is lower than a height above sea level."""
    found = []
    for track in tracks:
        rows = [
            row
            for row in track.rows
            if not row.on_ground and row.altitude_ft is not None and row.altitude_ft >= floor_ft
        ]
        if len(rows) >= LEAST_ROWS:
            found.append(Track(track.icao24, rows))
    return found


def lowest_ft(dataset: DataSet) -> float:
    """Return the elevation of the lowest watched airfield, in ft."""
    import airportsdata

    known = airportsdata.load()
    return min(
        float(known[code]["elevation"]) if code in known else BLACK_ROCK_CITY_FT
        for code in dataset.watched
    )


def lines(present: Sequence[DataSet], labels: Sequence[Label]) -> Iterator[str]:
    """Yield the table, a line for each height and rhythm, and each falsehood below its line."""
    yield HEAD
    for height_ft in HEIGHTS_FT:
        for every_s in RHYTHMS_S:
            total = Tally()
            for one in present:
                tracks = cut(loaded(one), lowest_ft(one) + height_ft)
                if tracks:
                    own = [label for label in labels if label.dataset == one.name]
                    total.add(tally(one.name, one.watched, own, by_polls(one, tracks, every_s)))
            broken = len(total.falsehoods) - total.false
            yield (
                f"{f'{height_ft:,} ft, {every_s} s':<22} {total.landings:>8} {total.found:>6} "
                f"{total.left_open:>5} {total.missed:>6} {total.false:>26} {broken:>20}"
            )
            for each in total.falsehoods:
                claim = each.claim
                yield (
                    f"    {each.kind}: {claim.icao24} at {claim.airfield}, {claim.grade}, "
                    f"{claim.at_s:.0f}, {claim.text} {each.truth}"
                )


def main(words: Sequence[str] | None = None) -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.recordings.cut", description=__doc__)
    parser.add_argument("--only", action="append", help="this data set only; may be repeated")
    arguments = parser.parse_args(words)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    for reason in absent():
        print(reason)
    present = [
        one
        for one in datasets()
        if not one.snapshots and (not arguments.only or one.name in arguments.only)
    ]
    print(f"rules {RULES_VERSION}; {', '.join(one.name for one in present)}")
    for line in lines(present, read_labels()):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
