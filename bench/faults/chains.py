"""How do faults become trials? A chain of visits, each with one kind of fault in every phase of it.

The first and the last visit of a chain have no fault: what lies around a fault must be found, too.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from .life import Life, Stage
from .sky import BEGINS, CYCLE, MINUTE, Visit, sky
from .trials import Trial
from .worlds import World

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
CYCLES = 10
"""With faults in one chain: each aircraft comes once."""
FAULTS_A_CYCLE = sum(len(each) for each in BEGINS.values())
SHORT = (timedelta(seconds=1), 2 * MINUTE, 4 * MINUTE)
LONG = 80 * MINUTE
"""One fault in so many cycles lasts so long: somebody must be told of it."""
LONG_EVERY = 8


def nothing(_: Life) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of fault: what to do at its begin and at its end."""

    name: str
    begin: Callable[[Life], object]
    end: Callable[[Life], object] = nothing
    met: Callable[[Life], bool] = lambda _: True
    silences: bool = False
    spans: Sequence[timedelta] = SHORT
    often: bool = True
    """Whether it comes in every phase of a visit; else once a cycle, for one of `spans`."""


def begins(visit: Visit) -> Iterator[datetime]:
    """Yield when the faults of a visit begin."""
    for minutes in BEGINS.values():
        yield from (visit.lands_at + each * MINUTE for each in minutes)


def chains(
    title: str,
    kind: str,
    acts: Sequence[Act],
    rng: random.Random,
    *,
    start: datetime | None = None,
    operator: Callable[[World, str], object] = lambda *_: None,
) -> Iterator[Trial]:
    """Yield trials at that kind of feed in which each of `acts` has a cycle, in any order."""
    shuffled = list(acts)
    rng.shuffle(shuffled)
    for first in range(0, len(shuffled), CYCLES):
        begins_at = start or MONDAY + timedelta(minutes=rng.randrange(7 * 24 * 60))
        here = shuffled[first : first + CYCLES]
        name = f"{title}-{kind}-{rng.getrandbits(32):08x}"
        yield replace(_chain(name, kind, here, rng, begins_at), operator=operator)


def _chain(
    name: str,
    kind: str,
    acts: Sequence[Act],
    rng: random.Random,
    begins_at: datetime,
) -> Trial:
    here = sky(begins_at, len(acts) + 2)
    stages: list[Stage] = []
    names: dict[int, str] = {}
    of_visit: dict[Visit, str] = {}
    for index, (visit, act) in enumerate(zip(here.visits[1:], acts, strict=False)):
        of_visit[visit] = act.name
        if not act.often:
            times = [(rng.choice(list(begins(visit))), rng.choice(act.spans))]
        elif index % LONG_EVERY == LONG_EVERY - 1:
            times = [(visit.lands_at - 40 * MINUTE, LONG)]
        else:
            times = [(at, rng.choice(act.spans)) for at in begins(visit)]
        for at, span in times:
            number = len(stages)
            names[number] = act.name
            stages.append(Stage(number, at, at + span, act.begin, act.end, act.met, act.silences))
    until = here.visits[-1].ends_at + CYCLE
    return Trial(name, kind, here, stages, names, of_visit, until)
