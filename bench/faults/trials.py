"""What is one trial, and what came of it? A world, its faults by name, and the counts by fault."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from collector.store import Store

from .life import Stage
from .mail_oracle import Excuse
from .oracle import Heard, Verdict, judge, problems
from .sky import CYCLE, Sky, Visit
from .worlds import World, world


@dataclass
class Trial:
    """One world and what is broken in it."""

    name: str
    kind: str
    sky: Sky
    stages: Sequence[Stage]
    names: Mapping[int, str]
    """The kind of each stage's fault."""
    of_visit: Mapping[Visit, str]
    """The kind of fault in each visit's cycle."""
    until: datetime
    mailable: bool = True
    operator: Callable[[World, str], object] = lambda *_: None
    """What an operator does who stopped the daemon."""

    def shortened(self, cycles: int) -> Trial:
        """Return the same with its first cycles only, and one visit after them."""
        visits = self.sky.visits[: cycles + 2]
        end = visits[-1].lands_at - CYCLE / 2
        return replace(
            self,
            sky=replace(self.sky, visits=visits),
            stages=[one for one in self.stages if one.begins_at < end],
            until=visits[-1].ends_at + CYCLE / 2,
        )


@dataclass
class Count:
    """What came of one kind of fault."""

    tried: int = 0
    heard: int = 0
    partly: int = 0
    not_heard: int = 0
    lost: int = 0
    doubled: int = 0
    invented: int = 0
    blind_s: list[float] = field(default_factory=list)
    ping_s: list[float] = field(default_factory=list)
    mail_s: list[float] = field(default_factory=list)
    owed: int = 0
    sent: int = 0
    repeated: int = 0
    repeated_killed: int = 0
    repeated_not_said: int = 0
    repeated_restored: int = 0
    kills: int = 0
    gap_kills: int = 0
    broken: list[str] = field(default_factory=list)

    def add(self, other: Count) -> None:
        """Add the counts of another world."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def run(trial: Trial, seed: int, keep: Path | None = None) -> dict[str, Count]:
    """Run a trial; return the counts by kind of fault.

    The folder of a trial that broke something is copied to `keep`.
    """
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as name,
        world(Path(name) / "world", trial.sky, trial.kind, seed) as here,
    ):
        here.operator = trial.operator
        here.run(trial.until, trial.stages)
        with Store.open(here.database, read_only=True) as store:
            taken = here.server.taken()
            mailable = trial.mailable
            verdict = judge(trial.sky.visits, here.events, store, taken, mailable=mailable)
        broken = list(problems(verdict))
        if broken and keep is not None:
            shutil.copytree(here.folder, keep / trial.name.replace(" ", "-"))
        return _counts(trial, here, verdict, broken)


def _counts(trial: Trial, here: World, verdict: Verdict, broken: Sequence[str]) -> dict[str, Count]:
    counts: dict[str, Count] = {}
    met = _met(here.events)
    for number, name in ((one.number, trial.names[one.number]) for one in trial.stages):
        counts.setdefault(name, Count()).tried += number in met
    for visit, how in verdict.heard.items():
        count = counts.setdefault(_kind_at(trial, visit.lands_at), Count())
        count.heard += how is Heard.WHOLE
        count.partly += how is Heard.PARTLY
        count.not_heard += how is Heard.NOT
        count.lost += visit in verdict.lost
        count.doubled += visit in verdict.doubled
    for (since, until), ping in zip(verdict.blind, verdict.ping_stopped_after, strict=True):
        count = counts.setdefault(_kind_at(trial, datetime.fromtimestamp(since, UTC)), Count())
        count.blind_s.append(until - since)
        count.ping_s.append(ping)
    first = next(iter(counts.values()))
    first.mail_s += verdict.mailed_after
    first.invented += len(verdict.invented)
    first.owed, first.sent = verdict.mails.owed, verdict.mails.sent
    why = verdict.mails.repeated
    first.repeated = sum(why.values())
    first.repeated_killed = why[Excuse.KILLED]
    first.repeated_not_said = why[Excuse.NOT_SAID]
    first.repeated_restored = why[Excuse.RESTORED]
    first.kills, first.gap_kills = verdict.kills, verdict.gap_kills
    first.broken += [f"{trial.name}: {each}" for each in broken]
    return counts


def _met(events: Sequence[dict[str, Any]]) -> set[int]:
    """Return the faults that a daemon met; one that killed it has no end."""
    begun = {one["number"] for one in events if one["event"] == "fault begins"}
    missed = {one["number"] for one in events if one["event"] == "fault ends" and not one["met"]}
    return begun - missed


def _kind_at(trial: Trial, at: datetime) -> str:
    """Return the kind of fault in whose cycle a moment lies."""
    visits = sorted(
        trial.of_visit, key=lambda each: abs(each.lands_at.timestamp() - at.timestamp())
    )
    return trial.of_visit[visits[0]] if visits else "none"
