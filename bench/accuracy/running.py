"""How are many cases worked through? In order, in one or several processes, with the same
result."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from collector.landings.rules import LandingRules

from .records import Record, examples, records

ORACLE_SEED = 990_001
"""The seed from which the oracle learns; reported seeds must differ."""
FIT_SEED = 770_001
"""The seed on which the detector's weights are fitted."""
CHUNK = 25

T = TypeVar("T")
Example = tuple[list[float], str]


def mapped(work: Callable[[int], list[T]], count: int, processes: int) -> Iterator[T]:
    """Yield the results of `work` for 0, 1, 2 …, in that order, by `processes` processes."""
    if processes <= 1:
        for index in range(count):
            yield from work(index)
        return
    with ProcessPoolExecutor(processes) as pool:
        for found in pool.map(work, range(count), chunksize=CHUNK):
            yield from found


def simulated(seed: int, count: int, *, processes: int, adaptive: bool) -> list[Record]:
    """Return the records of the first `count` cases of a seed."""
    work = partial(_records, seed, adaptive)
    return list(mapped(work, count, processes))


def _records(seed: int, adaptive: bool, index: int) -> list[Record]:
    return records(seed, index, LandingRules(), adaptive=adaptive)


def lessons(count: int, *, processes: int, cache: Path | None) -> list[Example]:
    """Return the questions of `count` cases for the oracle; they are kept in `cache` if given."""
    path = None if cache is None else cache / f"lessons-{ORACLE_SEED}-{count}.json.gz"
    if path is not None and path.exists():
        with gzip.open(path, "rt") as file:
            return [(numbers, answer) for numbers, answer in json.load(file)]
    found = list(mapped(partial(examples, ORACLE_SEED), count, processes))
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(path, "wt") as file:
            json.dump(found, file)
    return found
