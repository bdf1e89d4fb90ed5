"""What did a rule find in one window? A value: nothing here is remembered or told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from collector.alerts.counts import Count
from collector.alerts.usual import Usual
from collector.model import Landing, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A rule of a watch, evaluated for one window."""

    rule: Rule
    watch: str
    window_key: str
    """`2026-W47`, or `14d:2026-11-20`: the local day on which a rolling window crossed."""
    begin: datetime
    """The time that was counted: the week, or the days from the first landing of the peak."""
    end: datetime
    opens_at: datetime
    """The life of this alert: the week, or the episode of a rolling window …"""
    closes_at: datetime
    """… which ends (exclusive) with the first local day after which it is below again."""
    count: Count
    level: int
    """The number the rule looks at: `count.count`, or `count.at_most` for an undetermined rule."""
    crossed: bool
    below: bool
    """Below what the rule asks for. An undetermined rule is neither crossed nor below once the
    count itself is reached: then the threshold's own rule speaks."""
    usual: Usual
    certainty: float
    """P(as many landings as the rule needs), from the probabilities of all of `count`."""
    weakest: Landing | None
    """The counted landing of lowest probability (for an undetermined rule: of all)."""
    holds_without_weakest: bool
    over: bool
    """The window had ended when this was evaluated."""
    late: bool
    """At least one of its landings became known only after the window had ended."""
    provisional: bool
    """A counted landing can still be undone by what is heard next: inferred, and still open."""
