"""What do the finished weeks say when a digest has left, and does it say what changed? `Readings`
of the listings of `corrections.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from _corrected_life import Life

from collector.store import Store, outbox
from collector.weeks import previous_week, week_of, weeks_between

LINE = re.compile(
    r"(?:Week (\d+) of (\d+)|Each of the \d+ weeks from week (\d+) of (\d+) to week (\d+) of "
    r"(\d+)) at [^:]{1,80}: [^;]{1,120}; before: "
)
FURTHER = re.compile(r"The numbers of (\d+) further weeks have changed, too\.")
"""What a digest says of the weeks for which it has no line of their own."""

Numbers = dict[tuple[str, str, str], tuple[Any, ...]]
"""By watch, place and week: count, bounds, and the whole percent of the week that was seen."""


@dataclass
class Readings:
    """What the readings showed."""

    changed: int = 0
    silent: list[str] = field(default_factory=list)
    """Weeks that read otherwise, without a line in a digest."""
    invented: list[str] = field(default_factory=list)
    """Lines about weeks that read as before."""
    contradicted: list[str] = field(default_factory=list)
    """Weeks of which two listings give different numbers."""
    untold: list[str] = field(default_factory=list)
    """Citations that read otherwise, without a mail."""
    table: list[str] = field(default_factory=list)
    _last: Numbers = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)
    _cited: dict[str, Any] = field(default_factory=dict)

    def compare(self, life: Life, step: str) -> None:
        """Compare the finished weeks with the last reading, and both with the digests since."""
        changed: list[str] = []
        lines: list[str] = []
        summed = 0
        numbers: Numbers = {}
        for name, watch in life.watches.items():
            last = previous_week(week_of(life.now, watch.zone))
            numbers |= self._numbers(life, name, last)
            before = previous_week(last)
            now = {
                f"{name} {key}"
                for (of, place, key), value in numbers.items()
                if of == name and key <= before and self._last.get((of, place, key), value) != value
            }
            weeks, further = self._told(life, name)
            told = {f"{name} {key}" for key in weeks}
            if len(now - told) != further:
                self.silent += sorted(f"{each} ({step})" for each in now - told)
            self.invented += sorted(f"{each} ({step})" for each in told - now)
            changed += sorted(now)
            lines += sorted(told)
            summed += further
        self.changed += len(changed)
        if changed or step:
            further_weeks = f" and {summed} more in their sums" if summed else ""
            what = f"{len(changed)} changed, {len(lines)} in digests{further_weeks}"
            self.table.append(f"{life.now:%d %b %Y}, {step or 'nothing'}: {what}")
        self._last.clear()
        self._last.update(numbers)
        self._check_citations(life)

    def told(self) -> str:
        """Return what the last reading that had anything to tell showed, and all faults so far."""
        faults = (*self.silent, *self.invented, *self.contradicted, *self.untold)
        return "; ".join([*self.table[-1:], *faults])

    def _numbers(self, life: Life, name: str, last: str) -> Numbers:
        """Return what `weeks --json` says; note where `status --json` says something else."""
        span = ("--from", "2026-W47", "--to", last)
        numbers = {
            (name, str(row["airfield"]), str(row["week"])): _of(row)
            for row in life.rows("weeks", "--watch", name, *span)
        }
        (status,) = life.rows("status")
        for row in status["weeks"]:
            key = (str(row["watch"]), str(row["airfield"]), str(row["week"]))
            if key in numbers and numbers[key] != _of(row):
                self.contradicted.append(f"{key}: {numbers[key]} and {_of(row)} in status")
        return numbers

    def _told(self, life: Life, name: str) -> tuple[set[str], int]:
        """Return the weeks that have a line in the digests of a watch since the last reading, and
        how many others these say have changed, too."""
        weeks: set[str] = set()
        further = 0
        with Store.open(life.database, read_only=True) as store:
            items = [
                item
                for item in outbox.listing(store)
                if item.key.startswith("digest:") and item.key.endswith(f":{name}")
            ]
        for item in items:
            mark = f"{item.key} {item.owed.created_at}"
            if mark in self._read:
                continue
            self._read.add(mark)
            text = " ".join(item.owed.message.text.split())
            for week, year, *run in LINE.findall(text):
                if week:
                    weeks.add(f"{year}-W{int(week):02d}")
                else:
                    first, of_first, last, of_last = run
                    edges = (f"{of_first}-W{int(first):02d}", f"{of_last}-W{int(last):02d}")
                    weeks |= set(weeks_between(*edges))
            further += sum(map(int, FURTHER.findall(text)))
        return weeks, further

    def _check_citations(self, life: Life) -> None:
        """Note the citations whose number is another one and of which no mail was queued."""
        for row in life.rows("cite"):
            name, value = str(row["id"]), row["now"]
            if name in self._cited and self._cited[name] != value:
                with Store.open(life.database, read_only=True) as store:
                    mails = [each.key for each in outbox.listing(store) if f":{name}:" in each.key]
                if not mails:
                    self.untold.append(f"{name}: {self._cited[name]} and {value}")
            self._cited[name] = value


def _of(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["count"], row["at_least"], row["at_most"], round(100 * row["coverage"])
