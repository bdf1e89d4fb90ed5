"""Is the detector right in worlds that it was not made for? `python -m bench.accuracy.worlds
--worlds 12 --days 200` judges it in each, and prints a line for each.

`--floors`, `--faults` and `--classes` alter the drawn worlds (`altered`). The low floors of
docs/accuracy.md are `--floors 100,300,500,800,1000,1500 --faults 6 --classes
low-pass=8,touch-and-go=8,go-around=4`.

`--oracle 2000` compares what the detector knew with two oracles, which learn from so many other
days of the worlds (`asked`).

Only what counts is judged: a landing counted where none was (invented), at another field than the
true one (moved) or twice is a falsehood. `--show` prints every falsehood with its day, which
`bench.accuracy.cases.case` makes again.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from collector.landings.rules import RULES_VERSION, LandingRules

from . import asked
from .altered import Alteration, altered_world, read_classes
from .asked import compared, learn_ceiling, learn_stranger
from .dated import Dated, calibration, week_at
from .measures import wilson
from .records import Claim, Record, records
from .running import mapped
from .world import World

DAYS_SEED = 555_001
"""The seed of the days; the worlds have their numbers."""
HEAD = (
    f"{'world':<12} {'fields':>6} {'polls':>6} {'landings':>8} {'counted':>7} {'right':>6} "
    f"{'precision (95 %)':<22} {'recall':>6} {'inv.':>4} {'moved':>5} {'dbl.':>4} "
    f"{'conf. wrong':>11}"
)


@dataclass(slots=True)
class WorldScore:
    """What was counted in one world, and what of it was true."""

    number: int
    true: int = 0
    counted: int = 0
    right: int = 0
    confirmed_wrong: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    falsehoods: list[str] = field(default_factory=list)
    weeks: Dated = field(default_factory=Dated)
    """Of what was counted rightly."""

    @property
    def precision(self) -> float:
        """The share of what was counted that is true; 1 if nothing was."""
        return self.right / self.counted if self.counted else 1.0

    @property
    def recall(self) -> float:
        """The share of the landings that was counted; 1 if there were none."""
        return self.right / self.true if self.true else 1.0


def judged(number: int, judged_records: Iterable[Record]) -> WorldScore:
    """Return the score of the records of some days of one world."""
    found = WorldScore(number)
    for record in judged_records:
        found.true += len(record.truths)
        for claim in record.claims:
            if not claim.counted:
                continue
            found.counted += 1
            if claim.truth is not None:
                found.right += 1
                found.weeks.add(claim.weeks, week_at(record.truths[claim.truth].at_s))
                continue
            kind = kind_of(claim)
            found.errors[kind] += 1
            found.confirmed_wrong += claim.grade == "confirmed"
            found.falsehoods.append(_falsehood(record, claim, kind))
    return found


def _records(
    number: int,
    alteration: Alteration,
    for_oracles: bool,
    index: int,
) -> list[Record]:
    world = altered_world(number, alteration)
    return records(DAYS_SEED, index, LandingRules(), world=world, for_oracles=for_oracles)


def kind_of(claim: Claim) -> str:
    """Return what is wrong about a counted landing: `moved`, `doubled` or `invented`."""
    if claim.instead_of is None:
        return "invented"
    return "doubled" if claim.instead_of == claim.airfield else "moved"


def _falsehood(record: Record, claim: Claim, kind: str) -> str:
    instead = f" instead of {claim.instead_of}" if kind == "moved" else ""
    return (
        f"day {record.index}, {record.name}, floor {record.floor_ft:,} ft, fault {record.fault}: "
        f"{kind} {claim.grade} {claim.probability:.2f} at {claim.airfield}{instead}"
    )


def table(scores: Sequence[WorldScore], alteration: Alteration) -> Iterator[str]:
    """Yield the lines of the table, and the worst and the median world."""
    yield HEAD
    for score in scores:
        world = altered_world(score.number, alteration)
        low, high = wilson(score.right, score.counted)
        yield (
            f"{world.name:<12} {len(world.fields):>6} {world.hearing.poll_every_s:>4.0f} s "
            f"{score.true:>8} {score.counted:>7} {score.right:>6} "
            f"{f'{score.precision:.4f} ({low:.3f}-{high:.3f})':<22} {score.recall:>6.3f} "
            f"{score.errors['invented']:>4} {score.errors['moved']:>5} "
            f"{score.errors['doubled']:>4} {score.confirmed_wrong:>11}"
        )
    weeks = Dated()
    for score in scores:
        weeks.merge(score.weeks)
    precisions, recalls = [each.precision for each in scores], [each.recall for each in scores]
    counted, right = sum(each.counted for each in scores), sum(each.right for each in scores)
    yield (
        f"precision: worst {min(precisions):.4f}, median {statistics.median(precisions):.4f}, "
        f"over all {right / max(1, counted):.4f} of {counted}; recall: worst {min(recalls):.3f}, "
        f"median {statistics.median(recalls):.3f}"
    )
    yield weeks.words
    yield from calibration(weeks)


def main(words: Sequence[str] | None = None) -> int:
    """Judge the worlds, print, and return the exit code."""
    parser = _parser()
    arguments = parser.parse_args(words)
    if arguments.oracle and arguments.worlds < 2:
        parser.error("--oracle needs two worlds at least: one oracle learns from the others")
    alteration = Alteration(arguments.floors, arguments.faults, arguments.classes)
    begun, scores, beside = time.perf_counter(), [], []
    numbers = range(arguments.first, arguments.first + arguments.worlds)
    worlds = {number: altered_world(number, alteration) for number in numbers}
    lessons = {number: _lessons(number, alteration, arguments) for number in numbers}
    for number, world in worlds.items():
        work = partial(_records, number, alteration, arguments.oracle > 0)
        found = list(mapped(work, arguments.days, arguments.processes))
        scores.append(judged(number, found))
        if arguments.oracle:
            ceiling = learn_ceiling(lessons[number], world, trees=arguments.trees)
            peer = learn_stranger(lessons, worlds, number, trees=arguments.trees)
            beside.append(compared(number, world, found, ceiling, peer))
        if arguments.show:
            for line in scores[-1].falsehoods:
                print(f"{world.name}, {line}", flush=True)
    print(
        f"{arguments.days} days of each world, rules {RULES_VERSION}, "
        f"{time.perf_counter() - begun:.0f} s"
    )
    for line in table(scores, alteration):
        print(line)
    if beside:
        print(f"\nBeside oracles that learned from {arguments.oracle} other days of each world:")
        for line in asked.table(beside, {number: worlds[number].name for number in numbers}):
            print(line)
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(_plain(scores, worlds), indent=1) + "\n")
    return 0


def _lessons(
    number: int, alteration: Alteration, arguments: argparse.Namespace
) -> Sequence[asked.Lesson]:
    return asked.lessons_of(
        number,
        alteration,
        arguments.oracle,
        processes=arguments.processes,
        cache=arguments.cache,
    )


def _plain(scores: Sequence[WorldScore], worlds: Mapping[int, World]) -> list[dict[str, Any]]:
    return [
        {
            "world": worlds[each.number].name,
            "true": each.true,
            "counted": each.counted,
            "right": each.right,
            "errors": dict(each.errors),
            "falsehoods": each.falsehoods,
        }
        for each in scores
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy.worlds", description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="number of the first world")
    parser.add_argument("--worlds", type=int, default=12)
    parser.add_argument("--days", type=int, default=200, help="days of each world (default 200)")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="name every falsehood")
    parser.add_argument("--json", type=Path, help="write the numbers to this file, too")
    parser.add_argument(
        "--oracle",
        type=int,
        default=0,
        help="other days of each world that the oracles learn from; 0: no oracles (default)",
    )
    parser.add_argument("--trees", type=int, default=60, help="trees of each oracle (default 60)")
    parser.add_argument("--cache", type=Path, help="folder that keeps what the oracles learn from")
    parser.add_argument(
        "--floors",
        type=lambda text: tuple(int(each) for each in text.split(",")),
        default=(),
        help="floors in ft above the field, instead of those drawn: 100,500,1500",
    )
    parser.add_argument("--faults", type=float, default=1.0, help="so many times as many faults")
    parser.add_argument(
        "--classes", type=read_classes, default=(), help="low-pass=8: so many times as many"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
