"""Is anything lost, doubled, invented or kept silent? `python -m bench.faults` prints one table.

Every trial is a simulated world of a day or so. `--minutes` ends the run after so much time, with
the trials that are done by then; `--sanity` runs a few, the same ones each time, and takes seconds.
What a trial counts goes into `--into` as it ends; a run with the same file goes on with the rest.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from itertools import chain, islice, zip_longest
from pathlib import Path

from bench.faults import clock_acts, feed_acts, kill_acts, mail_acts, storage_acts
from bench.faults.table import broken, table
from bench.faults.trials import Count, Trial, run

ROUNDS = {feed_acts: 2, storage_acts: 9, kill_acts: 9, mail_acts: 9, clock_acts: 9}
"""Cycles of each kind of fault (at each feed) in the long form; one has up to twelve faults."""
SEED = 20261130


def trials(rounds: int | None = None) -> list[Trial]:
    """Return the trials, those of each sort in turn, so that a run that ends early has of all."""
    sorts = (
        sort.trials(random.Random(f"{SEED} {sort.__name__}"), rounds or usual)
        for sort, usual in ROUNDS.items()
    )
    return [one for one in chain.from_iterable(zip_longest(*sorts)) if one is not None]


def short() -> list[Trial]:
    """Return the trials of the short form: the first of each sort, with its first faults."""
    return [
        one.shortened(2)
        for sort in ROUNDS
        for one in islice(sort.trials(random.Random(SEED), 1), 1)
    ]


def main(words: Sequence[str] | None = None) -> int:
    """Run, print, and return the exit code: 1 if anything is broken."""
    arguments = _parser().parse_args(words)
    begun = time.monotonic()
    if arguments.sanity:
        done = {one.name: run(one, SEED) for one in short()}
    else:
        ends = begun + 60 * arguments.minutes if arguments.minutes else None
        done = _run(arguments.processes, arguments.into, ends, arguments.keep)
    counts: dict[str, Count] = {}
    for found in done.values():
        for name, count in found.items():
            counts.setdefault(name, Count()).add(count)
    for line in table(counts):
        print(line)
    wrong = broken(counts)
    print(f"\n{len(done)} worlds, {time.monotonic() - begun:.0f} s; broken: {len(wrong)}")
    for line in wrong[:100]:
        print(f"* {line}")
    return 1 if wrong else 0


def _run(
    processes: int, into: Path | None, ends: float | None, keep: Path | None
) -> dict[str, dict[str, Count]]:
    done = dict(_read(into)) if into is not None and into.exists() else {}
    waiting = [number for number, one in enumerate(trials()) if one.name not in done]
    with ProcessPoolExecutor(processes, max_tasks_per_child=20) as pool:
        left = iter(waiting)
        running = {pool.submit(_one, number, keep) for number in islice(left, processes)}
        while running:
            ended = next(as_completed(running))
            running.remove(ended)
            name, counts = ended.result()
            done[name] = counts
            if into is not None:
                with into.open("a") as file:
                    text = {kind: asdict(count) for kind, count in counts.items()}
                    file.write(json.dumps([name, text]) + "\n")
            if ends is None or time.monotonic() < ends:
                running |= {pool.submit(_one, number, keep) for number in islice(left, 1)}
    return done


def _one(number: int, keep: Path | None) -> tuple[str, dict[str, Count]]:
    trial = trials()[number]
    return trial.name, run(trial, SEED, keep)


def _read(into: Path) -> Iterator[tuple[str, dict[str, Count]]]:
    for line in into.read_text().splitlines():
        name, counts = json.loads(line)
        yield name, {kind: Count(**count) for kind, count in counts.items()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("--sanity", action="store_true", help="the short form: does it still work?")
    parser.add_argument("--minutes", type=float, help="begin no trial after so long")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--into", type=Path, help="where the counts of each trial are kept")
    parser.add_argument("--keep", type=Path, help="where the folders of broken worlds are copied")
    return parser


if __name__ == "__main__":
    sys.exit(main())
