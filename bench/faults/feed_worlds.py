"""Which feed fails how, and when? Every kind of fault, at every feed, in every phase of a visit."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench.faults.body_faults import BODY_FAULTS
from bench.faults.exchange import FeedFault
from bench.faults.http_faults import HTTP_FAULTS
from bench.faults.life import Life, Stage
from bench.faults.sky import BEGINS, CYCLE, MINUTE, Sky, Visit, sky
from bench.faults.trials import Trial
from bench.faults.worlds import FEEDS

FAULTS = (*HTTP_FAULTS, *BODY_FAULTS)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
CYCLES = 10
"""With faults in one world; one before and one after have none, and must be found in any case."""
SHORT = (timedelta(seconds=1), 2 * MINUTE, 4 * MINUTE)
LONG = 100 * MINUTE
"""One fault in so many cycles lasts so long: somebody must be told of it."""
LONG_EVERY = 8


def stage(number: int, begins_at: datetime, span: timedelta, fault: FeedFault) -> Stage:
    """Return a feed's fault in its time."""

    def begin(life: Life) -> None:
        life.network.begin(fault)

    def end(life: Life) -> None:
        if life.network.fault is fault:
            life.network.begin(None)

    return Stage(number, begins_at, begins_at + span, begin, end)


def begins(visit: Visit) -> Iterator[datetime]:
    """Yield when the faults of a visit begin."""
    for minutes in BEGINS.values():
        yield from (visit.lands_at + each * MINUTE for each in minutes)


def trials(seed: int, rounds: int) -> Iterator[Trial]:
    """Yield the worlds: for every feed each of its faults in so many cycles."""
    for kind in FEEDS:
        rng = random.Random(f"{seed} {kind}")
        faults = [each for each in FAULTS if not each.kinds or kind in each.kinds] * rounds
        rng.shuffle(faults)
        for first in range(0, len(faults), CYCLES):
            yield _trial(kind, faults[first : first + CYCLES], rng, f"{kind}-{first}")


def _trial(kind: str, faults: Sequence[FeedFault], rng: random.Random, name: str) -> Trial:
    begins_at = MONDAY + timedelta(minutes=rng.randrange(7 * 24 * 60))
    here: Sky = sky(begins_at, len(faults) + 2)
    stages: list[Stage] = []
    names: dict[int, str] = {}
    of_visit: dict[Visit, str] = {}
    for index, (visit, fault) in enumerate(zip(here.visits[1:], faults, strict=False)):
        of_visit[visit] = fault.name
        if index % LONG_EVERY == LONG_EVERY - 1:
            times = [(visit.lands_at - 40 * MINUTE, LONG - 20 * MINUTE)]
        else:
            times = [(at, rng.choice(SHORT)) for at in begins(visit)]
        for at, span in times:
            names[len(stages)] = fault.name
            stages.append(stage(len(stages), at, span, fault))
    until = here.visits[-1].ends_at + CYCLE
    return Trial(f"feed {name}", kind, here, stages, names, of_visit, until)
