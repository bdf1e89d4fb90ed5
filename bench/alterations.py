"""What does one wrong row change? Many tracks with one thing altered are derived beside the
unaltered ones: made ones, or with `--recordings` those of the labelled recordings.

Nothing may change in the landings of other flights. A counted landing may come into being in one of
a thousand alterations at most: where a feed hears a flight only at two ends of a silence, each by a
report or two, a wrong one of them can make an undecided landing a decided one. The altered flight's
own landing may change its grade, or move within its stated error, unless it rests on less than
three other rows; how often it changes more is printed.

With `--log FILE` each track is written there when it is done. A run with the same file goes on
where it was ended, and prints the table of all that the file holds.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

PER_TRACK = 25
CREATED_AT_MOST = 0.001
KINDS_OF_CHANGE = ("others", "created", "shown", "own")
LONG_TRACKS, SHORT_TRACKS = 4000, 6
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run, print the table, and return 1 if another flight changed or too many landings came into
    being."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sanity", action="store_true", help="a few tracks only")
    parser.add_argument("--tracks", type=int, default=LONG_TRACKS)
    parser.add_argument("--seed", type=int, default=0, help="the first track")
    parser.add_argument("--recordings", action="store_true", help="tracks of recordings, all once")
    parser.add_argument(
        "--most-rows", type=int, help="leave out tracks with more rows: they are slow"
    )
    parser.add_argument("--least-rows", type=int, default=0, help="leave out those with fewer")
    parser.add_argument("--each", type=int, default=PER_TRACK, help="alterations of each track")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--log", type=Path, help="write each track here, and go on from here")
    arguments = parser.parse_args()
    if arguments.sanity:
        arguments.tracks, arguments.processes = SHORT_TRACKS, 1
    done = _logged(arguments.log)
    for result in _results(arguments, {each["track"] for each in done}):
        done.append(result)
        if arguments.log is not None:
            with arguments.log.open("a") as log:
                log.write(json.dumps(result) + "\n")
    return _told([each for each in done if each["tried"]])


def _logged(log: Path | None) -> list[dict[str, Any]]:
    """Return the tracks that a former run has finished."""
    if log is None or not log.exists():
        return []
    lines = log.read_text().splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def _told(done: Sequence[dict[str, Any]]) -> int:
    """Print the table and the worst changes, and return the exit code."""
    tally: Counter[tuple[str, str]] = Counter()
    tried: Counter[str] = Counter()
    faults: list[tuple[bool, str]] = []
    for each in done:
        tried.update(each["tried"])
        for kind, change, text in each["changed"]:
            tally[kind, change] += 1
            if change != "shown":
                faults.append((change == "own", text))
    print(f"{tried.total():,} alterations of {len(done):,} tracks")
    print(f"\n{'altered':<26}{'tried':>8}{'others':>8}{'created':>9}{'shown':>7}{'own':>6}")
    for kind in sorted(tried):
        others, created, shown, own = (tally[kind, change] for change in KINDS_OF_CHANGE)
        print(f"{kind:<26}{tried[kind]:>8,}{others:>8}{created:>9}{shown:>7}{own:>6}")
    for _, fault in sorted(faults)[:60]:
        print(f"  {fault}")
    others = sum(count for (_, change), count in tally.items() if change == "others")
    created = sum(count for (_, change), count in tally.items() if change == "created")
    return 1 if others or created > tried.total() * CREATED_AT_MOST else 0


def _results(arguments: argparse.Namespace, known: set[str]) -> Iterator[dict[str, Any]]:
    """Yield each track that is not yet known: its name, what was tried, and what changed."""
    rows = (arguments.least_rows, arguments.most_rows or sys.maxsize)
    if arguments.recordings:
        from _real_tracks import recorded

        for seed, track in enumerate(recorded()):
            if track.name not in known and rows[0] <= len(track.reports) <= rows[1]:
                yield _altered(track, seed, arguments.each)
        return
    seeds = [
        seed
        for seed in range(arguments.seed, arguments.seed + arguments.tracks)
        if f"seed {seed}" not in known
    ]
    one = partial(_one_made, each=arguments.each, rows=rows)
    if arguments.processes < 2:
        yield from map(one, seeds)
        return
    with ProcessPoolExecutor(arguments.processes) as pool:
        yield from pool.map(one, seeds, chunksize=5)


def _one_made(seed: int, each: int, rows: tuple[int, int]) -> dict[str, Any]:
    from tests.support.alterations import track_of

    track = track_of(seed)
    fits = rows[0] <= len(track.reports) <= rows[1]
    return _altered(track, seed, each if fits else 0) | {"track": f"seed {seed}"}


def _altered(track: Any, seed: int, each: int) -> dict[str, Any]:
    """Return a track's name, how often each kind was tried, and a line for each change."""
    from tests.support.alterations import altered, compared

    tried: Counter[str] = Counter()
    changed: list[tuple[str, str, str]] = []
    base = track.landings(track.reports) if each else ()
    for number in range(seed * 1000, seed * 1000 + each):
        wrong = altered(track.reports, number)
        result = compared(base, track.landings(wrong.reports), wrong)
        tried[wrong.kind] += 1
        for change in KINDS_OF_CHANGE:
            for text in getattr(result, change):
                where = f"{wrong.kind}, alteration {number} of {track.name}"
                changed.append((wrong.kind, change, f"{change}: {text} ({where})"))
    return {"track": track.name, "tried": tried, "changed": changed}


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
