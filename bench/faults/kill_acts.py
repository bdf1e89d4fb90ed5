"""When is the daemon killed? With a real SIGKILL, at random and at every step of what it stores."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from collector.model import Recipient
from collector.model.notice import Message, Owed
from collector.store import outbox

from .chains import Act, chains
from .life import Life
from .trials import Trial

OPS = Recipient("ops", "ops@example.org")
NEVER = timedelta(minutes=12)
"""So long a kill waits for its step; then it is over."""
STEPS = {
    "at any statement": "",
    "while reports are stored": r"(INSERT INTO|UPDATE) observations",
    "while coverage is stored": r"(INSERT INTO|UPDATE) slots",
    "while the poll is stored": r"INSERT INTO (feeds|polls|spending)",
    "while a landing is stored": r"(INSERT INTO|UPDATE) (landings|landing_revisions|revisions)",
    "while the outbox is written": r"(INSERT INTO|UPDATE) outbox",
    "before a commit": r"^COMMIT",
}
"""Each step, and the statements at which the process is killed."""


def owe(life: Life) -> None:
    """Owe one more mail, so that there is one to be sent."""
    store = life.daemon.jobs.services.store
    number = next(each for each in count() if not outbox.has_notice(store, f"trial:{each}"))
    message = Message(f"Trial {number}", "A mail that is owed.", "<p>A mail that is owed.</p>")
    key, now = f"trial:{number}", life.clock.now()
    outbox.owe(store, Owed(key=key, recipient=OPS, message=message, created_at=now))


def _at_statement(pattern: str, before: int) -> Callable[[Life], object]:
    """Return a fault that kills at one of the next statements of a kind."""

    def begin(life: Life) -> None:
        left, wanted = life.rng.randrange(before), re.compile(pattern)

        def look(sql: str) -> None:
            nonlocal left
            if wanted.search(sql):
                left -= 1
                if left < 0:
                    life.kill()

        owe(life)
        _connection(life).set_trace_callback(look)

    return begin


def _after_commit(life: Life) -> None:
    left, committed = life.rng.randrange(10), False

    def look(sql: str) -> None:
        nonlocal left, committed
        if committed:
            left -= 1
            if left < 0:
                life.kill()
        committed = sql.startswith("COMMIT")

    owe(life)
    _connection(life).set_trace_callback(look)


def _in_the_gap(life: Life) -> None:
    """Kill between the mail server's 250 and our commit."""
    life.on_mail = lambda _: life.kill()
    owe(life)


def _while_recording(life: Life) -> None:
    """Kill when a part of a record is written."""
    recorder = next(iter(life.daemon.jobs.pollers.values())).recorder
    if recorder is None or recorder._file is None:
        raise RuntimeError("nothing is recorded")
    recorder._file = _Torn(recorder._file, life)  # type: ignore[assignment]


class _Torn:
    """A file whose next write is cut off by a kill."""

    def __init__(self, file: Any, life: Life) -> None:
        self._file, self._life = file, life

    def write(self, data: memoryview) -> int:
        """Write a part, and die."""
        self._file.write(data[: self._life.rng.randrange(1, len(data))])
        self._life.kill()
        raise AssertionError

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _end(life: Life) -> None:
    _connection(life).set_trace_callback(None)
    life.on_mail = lambda _: None


def _connection(life: Life) -> Any:
    return life.daemon.jobs.services.store._db.conn


def acts() -> list[Act]:
    """Return every kill."""

    def killing(name: str, begin: Callable[[Life], object]) -> Act:
        # One that ends has killed nobody.
        return Act(f"killed {name}", begin, _end, lambda _: False, spans=(NEVER,))

    return [
        *(
            killing(name, _at_statement(pattern, 200 if not pattern else 3))
            for name, pattern in STEPS.items()
        ),
        killing("after a commit", _after_commit),
        killing("while recording", _while_recording),
        killing("between 250 and our commit", _in_the_gap),
    ]


def chained(some: Sequence[Act], rng: random.Random) -> Iterator[Trial]:
    """Yield trials in which each of these kills has a cycle."""
    yield from chains("kill", "adsblol", some, rng)


def trials(rng: random.Random, rounds: int) -> Iterator[Trial]:
    """Yield the trials: each kill in so many cycles."""
    yield from chained(acts() * rounds, rng)
