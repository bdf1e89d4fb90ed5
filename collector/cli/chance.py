"""How often do the rules of the configuration fire by chance? Lines for people, for several
commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from collector.model import Watch
    from collector.queries.chance import ChanceQuery


def rule_lines(chances: ChanceQuery, watches: Sequence[Watch], now: datetime) -> Iterator[str]:
    """Yield a line for each rule, one for all rules of a watch of which the same is said, and one
    for the sum of each watch. Raises StoreError."""
    from collector.reports.chance import rule_sentence

    for watch in watches:
        names: dict[str, list[str]] = {}
        for rule in watch.rules:
            said = rule_sentence(chances.of_rule(watch, rule, now), "an alarm like this")
            names.setdefault(said, []).append(rule.name)
        for said, rules in names.items():
            noun = "rule" if len(rules) == 1 else "rules"
            yield f"watch {watch.name}, {noun} {', '.join(rules)}: {said}"
        yield from watch_lines(chances, [watch], now)


def watch_lines(chances: ChanceQuery, watches: Sequence[Watch], now: datetime) -> Iterator[str]:
    """Yield a line for the sum of each watch whose rates are known. Raises StoreError."""
    from collector.reports.chance import watch_sentence

    for watch in watches:
        rate = chances.of_watch(watch, now)
        if rate is not None:
            yield f"watch {watch.name}: {watch_sentence(rate)}"
