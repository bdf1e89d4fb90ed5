"""How does the mail server fail in a life? A mail is owed, and the server has one of its moods."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta

from .chains import Act, chains
from .kill_acts import owe
from .life import Life
from .mail_server import MOODS, WELL
from .trials import Trial

ONCE = timedelta(seconds=20)
"""One attempt: a server that says nothing costs a second of real time."""


def act(name: str) -> Act:
    """Return a mood of the mail server as a fault of a life."""

    def begin(life: Life) -> None:
        (life.folder / "mood").write_text(name)
        owe(life)

    def end(life: Life) -> None:
        (life.folder / "mood").write_text(WELL)

    return Act(f"mail server {name}", begin, end, spans=(ONCE,))


def acts() -> list[Act]:
    """Return every mood."""
    return [act(name) for name in MOODS]


def chained(some: Sequence[Act], rng: random.Random) -> Iterator[Trial]:
    """Yield trials in which each of these moods has a cycle."""
    yield from chains("mail", "adsblol", some, rng)


def trials(rng: random.Random, rounds: int) -> Iterator[Trial]:
    """Yield the trials: each mood in so many cycles."""
    yield from chained(acts() * rounds, rng)
