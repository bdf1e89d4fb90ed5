"""How does the machine's clock fail? It is set wrong, it sleeps, and the calendar turns."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from .chains import Act, chains
from .feed_acts import act as feed_act
from .http_faults import HTTP_FAULTS
from .life import Life
from .sky import MINUTE
from .trials import Trial

HOUR, DAY = 60 * MINUTE, timedelta(days=1)
OFF = {
    "90 s ahead": 1.5 * MINUTE,
    "90 s behind": -1.5 * MINUTE,
    "an hour ahead": HOUR,
    "an hour behind": -HOUR,
    "7 hours ahead": 7 * HOUR,
    "7 hours behind": -7 * HOUR,
    "400 days ahead": 400 * DAY,
    "400 days behind": -400 * DAY,
}
ASLEEP = {"a minute": MINUTE, "four minutes": 4 * MINUTE, "an hour": 61 * MINUTE}
TURNS = {
    "daylight saving begins": datetime(2026, 3, 26, 15, 0, tzinfo=UTC),
    "daylight saving ends": datetime(2026, 10, 24, 15, 0, tzinfo=UTC),
    "the year ends": datetime(2026, 12, 31, 13, 0, tzinfo=UTC),
    "a leap day begins": datetime(2028, 2, 28, 13, 0, tzinfo=UTC),
}
"""Beginnings of chains in which Ovda's clocks or calendar turn (Asia/Jerusalem)."""


def _off(name: str, by: timedelta) -> Act:
    def begin(life: Life) -> None:
        life.clock.off = by

    def end(life: Life) -> None:
        life.clock.off = timedelta()

    return Act(f"clock {name}", begin, end, spans=(MINUTE, 3 * MINUTE, 20 * MINUTE))


def _asleep(name: str, span: timedelta) -> Act:
    often = span < HOUR
    return Act(
        f"asleep for {name}", lambda life: life.clock.sleep(span), spans=(MINUTE,), often=often
    )


def acts() -> list[Act]:
    """Return every wrong clock and every sleep."""
    return [
        *(_off(name, by) for name, by in OFF.items()),
        *(_asleep(name, span) for name, span in ASLEEP.items()),
    ]


def chained(some: Sequence[Act], rng: random.Random) -> Iterator[Trial]:
    """Yield trials in which each of these has a cycle."""
    yield from chains("clock", "adsblol", some, rng)


def trials(rng: random.Random, rounds: int) -> Iterator[Trial]:
    """Yield the trials: each wrong clock in so many cycles, and faults while the calendar turns."""
    yield from chained(acts() * rounds, rng)
    for name, start in TURNS.items():
        for _ in range(rounds):
            fault = rng.choice([each for each in HTTP_FAULTS if not each.parks])
            one = feed_act(fault)
            act = Act(f"a failing feed while {name}", one.begin, one.end, one.met)
            yield from chains("clock", "adsblol", [act] * 2, rng, start=start)
