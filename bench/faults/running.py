"""Which trials are there, and how are they run beside each other? Each counts for itself.

What a trial counts is written into a file as it ends, so that a run can go on where one was ended.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import asdict
from itertools import chain, islice, zip_longest
from pathlib import Path

from . import clock_acts, feed_acts, kill_acts, mail_acts, storage_acts
from .chains import FAULTS_A_CYCLE, Act
from .trials import Count, Trial, run

ROUNDS = {feed_acts: 2, storage_acts: 9, kill_acts: 9, mail_acts: 9, clock_acts: 9}
"""Cycles of each kind of fault (at each feed) in the long form; one has up to twelve faults."""
AT_LEAST = {kill_acts: 130, storage_acts: 105, clock_acts: 105, mail_acts: 105, feed_acts: 115}
"""Of every kind of fault so many are drawn: where the cycles have fewer, more of them follow. The
step of some kills never comes, and some faults begin while no request is made; 100 are wanted."""
SELDOM_MET = {
    "429, Retry-After in years": 6,
    "429, Retry-After 30": 2,
    "403, a page that tests browsers": 4,
    "killed while a landing is stored": 4,
    "killed while reports are stored": 2,
}
"""So many times as many of these: while the first of them is obeyed, the feed is not asked again,
and reports or landings to be stored are rare."""
SEED = 20261130


def trials(rounds: int | None = None) -> list[Trial]:
    """Return the trials, those of each sort in turn, so that a run that ends early has of all."""
    sorts = (
        sort.trials(random.Random(f"{SEED} {sort.__name__}"), rounds or usual)
        for sort, usual in ROUNDS.items()
    )
    drawn = [one for one in chain.from_iterable(zip_longest(*sorts)) if one is not None]
    while rounds is None and (further := _further(drawn)):
        drawn += further
    return drawn


def _further(drawn: Sequence[Trial]) -> list[Trial]:
    """Return trials of what these have too few of; not always enough, as one long fault may fill a
    cycle."""
    tried = Counter(each.names[stage.number] for each in drawn for stage in each.stages)
    found: list[Trial] = []
    for sort, wanted in AT_LEAST.items():
        acts = [
            act
            for act in sort.acts()
            for _ in range(_cycles(act, wanted * SELDOM_MET.get(act.name, 1) - tried[act.name]))
        ]
        rng = random.Random(f"{SEED} {sort.__name__} after {len(drawn)}")
        found += sort.chained(acts, rng)
    return found


def _cycles(act: Act, faults: int) -> int:
    """Return how many cycles it takes to try so many more of a kind of fault."""
    return math.ceil(faults / (FAULTS_A_CYCLE if act.often else 1))


def short() -> list[Trial]:
    """Return the trials of the short form: the first of three sorts, with its first faults."""
    return [
        one.shortened(1)
        for sort in (feed_acts, storage_acts, kill_acts)
        for one in islice(sort.trials(random.Random(SEED), 1), 1)
    ]


def run_all(
    processes: int, into: Path | None, ends: float | None, keep: Path | None
) -> dict[str, dict[str, Count]]:
    """Run the trials that are not in the file yet, until `ends` on the monotonic clock."""
    done = dict(_read(into)) if into is not None and into.exists() else {}
    waiting = [number for number, one in enumerate(trials()) if one.name not in done]
    with ProcessPoolExecutor(processes, max_tasks_per_child=20) as pool:
        left = iter(waiting)
        running = {pool.submit(_one, number, keep) for number in islice(left, processes)}
        while running:
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for name, counts in (each.result() for each in ended):
                done[name] = counts
                if into is not None:
                    _write(into, name, counts)
            if ends is None or time.monotonic() < ends:
                running |= {pool.submit(_one, number, keep) for number in islice(left, len(ended))}
    return done


def _one(number: int, keep: Path | None) -> tuple[str, dict[str, Count]]:
    trial = trials()[number]
    return trial.name, run(trial, SEED, keep)


def _write(into: Path, name: str, counts: dict[str, Count]) -> None:
    text = {kind: asdict(count) for kind, count in counts.items()}
    with into.open("a") as file:
        file.write(json.dumps([name, text]) + "\n")


def _read(into: Path) -> Iterator[tuple[str, dict[str, Count]]]:
    for line in into.read_text().splitlines():
        name, counts = json.loads(line)
        yield name, {kind: Count(**count) for kind, count in counts.items()}
