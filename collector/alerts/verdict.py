"""What did a rule find in one window? A verdict is a value; states and notices follow from it
elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.alerts.counts import Count
from collector.alerts.usual import Usual
from collector.model import Landing, Rule, RuleKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The result of one rule of a watch for one window."""

    rule: Rule
    watch: str
    window_key: str
    """`2026-W47`, or `14d:2026-11-20`: the local day on which a rolling window, here of 14 days,
    crossed."""
    begin: datetime
    """The time that was counted: the week, or the days from the first landing of the peak."""
    end: datetime
    opens_at: datetime
    """The life of this alert: the week, or the episode of a rolling window …"""
    closes_at: datetime
    """… which ends (exclusive) with the first local day after which the count is below again."""
    count: Count
    level: int
    """The number that the rule compares: `count.count` for a threshold, else `count.at_most`."""
    crossed: bool
    below: bool
    """Below the rule. An undetermined rule is neither crossed nor below once the count itself
    reaches it: then the threshold's own rule speaks."""
    usual: Usual
    needed: int
    """The least level at which the rule crosses."""
    certainty: float
    """P(as many landings as the rule needs), from the probabilities of all of `count`."""
    weakest: Landing | None
    """The counted landing of lowest probability (for an undetermined rule: of all); None if none
    counts."""
    holds_without_weakest: bool
    """Whether the rule would cross without it."""
    over: bool
    """The window had ended when the rule was evaluated."""
    late: bool
    """At least one of its landings became known only after the window had ended."""
    provisional: bool
    """A landing of the level can still be withdrawn by later reports: it is inferred and recent."""

    @property
    def days(self) -> int | None:
        """Days of the window; None: it is an ISO week."""
        if self.rule.kind is not RuleKind.SURGE:
            return self.rule.days
        return round((self.end - self.begin) / timedelta(days=1))
