"""What does one wrong row change? Many tracks with one thing altered are derived beside the
unaltered ones.

Nothing may change in the landings of other flights. A counted landing may come into being in one of
a thousand alterations at most: where a feed hears a flight only at two ends of a silence, each by a
report or two, a wrong one of them can make an undecided landing a decided one. The altered flight's
own landing may change its grade, or move within its stated error, unless it rests on less than
three other rows; how often it changes more is printed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

PER_TRACK = 25
CREATED_AT_MOST = 0.001
KINDS_OF_CHANGE = ("others", "created", "shown", "own")
LONG_TRACKS, SHORT_TRACKS = 4000, 6


def main() -> int:
    """Run, print the table, and return 1 if another flight changed or too many landings came into
    being."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sanity", action="store_true", help="a few tracks only")
    parser.add_argument("--tracks", type=int, default=LONG_TRACKS)
    parser.add_argument("--seed", type=int, default=0, help="the first track")
    parser.add_argument(
        "--most-rows", type=int, help="leave out tracks with more rows: they are slow"
    )
    parser.add_argument("--each", type=int, default=PER_TRACK, help="alterations of each track")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.sanity:
        arguments.tracks, arguments.processes = SHORT_TRACKS, 1
    tally: Counter[tuple[str, str]] = Counter()
    tried: Counter[str] = Counter()
    faults: list[tuple[bool, str]] = []
    for kind, change, text in _results(arguments):
        if not change:
            tried[kind] += 1
            continue
        tally[kind, change] += 1
        if change != "shown":
            faults.append((change == "own", text))
    print(
        f"{tried.total():,} alterations of {arguments.tracks:,} tracks, from seed {arguments.seed}"
    )
    print(f"\n{'altered':<26}{'tried':>8}{'others':>8}{'created':>9}{'shown':>7}{'own':>6}")
    for kind in sorted(tried):
        counts = [tally[kind, change] for change in KINDS_OF_CHANGE]
        others, created, shown, own = counts
        print(f"{kind:<26}{tried[kind]:>8,}{others:>8}{created:>9}{shown:>7}{own:>6}")
    for _, fault in sorted(faults)[:60]:
        print(f"  {fault}")
    others = sum(count for (_, change), count in tally.items() if change == "others")
    created = sum(count for (_, change), count in tally.items() if change == "created")
    return 1 if others or created > tried.total() * CREATED_AT_MOST else 0


def _results(arguments: argparse.Namespace) -> Iterator[tuple[str, str, str]]:
    seeds = range(arguments.seed, arguments.seed + arguments.tracks)
    one = partial(_one_track, each=arguments.each, most_rows=arguments.most_rows)
    if arguments.processes < 2:
        for seed in seeds:
            yield from one(seed)
        return
    with ProcessPoolExecutor(arguments.processes) as pool:
        for results in pool.map(one, seeds, chunksize=5):
            yield from results


def _one_track(seed: int, each: int, most_rows: int | None) -> list[tuple[str, str, str]]:
    """Return each alteration of a track: its kind with no change named, then a line for each
    change."""
    from tests.support.alterations import altered, compared, landings_of, track_of

    track = track_of(seed)
    if most_rows is not None and len(track.reports) > most_rows:
        return []
    base = landings_of(track.reports)
    found = []
    for number in range(each):
        wrong = altered(track.reports, seed * 1000 + number)
        result = compared(base, landings_of(wrong.reports), wrong)
        found.append((wrong.kind, "", ""))
        for change in KINDS_OF_CHANGE:
            for text in getattr(result, change):
                where = f"{wrong.kind}, alteration {seed * 1000 + number} of {track.name}"
                found.append((wrong.kind, change, f"{change}: {text} ({where})"))
    return found


if __name__ == "__main__":
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main())
