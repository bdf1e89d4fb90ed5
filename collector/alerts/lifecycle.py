"""Must anybody be told, and why? An alert's life: ok → firing → resolved, one notice a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Where an alert stands."""

    OK = "ok"
    FIRING = "firing"
    RESOLVED = "resolved"
    """It fired, and its window is over."""


class Reason(StrEnum):
    """Why a notice is sent; stands in its key."""

    CROSSED = "crossed"
    ROSE = "rose"
    CORRECTED_BELOW = "corrected_below"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertState:
    """What is known and was told about one rule of one watch in one window; one stored row."""

    watch: str
    rule: str
    window: str
    """`2026-W47` for a week, `14d:2026-11-20` for a rolling window (the day it crossed)."""
    status: Status
    count: int
    at_most: int
    level: int
    """The number the rule looks at: `count`, or `at_most` for an undetermined rule."""
    begin: datetime
    """The window of a week rule; the episode of a rolling one, from its crossing …"""
    end: datetime
    """… to the end (exclusive) of the day after which the count is below again."""
    since_at: datetime
    """When `status` began."""
    changed_at: datetime
    """When any of it last changed."""
    told: tuple[str, ...] = ()
    """Notices given, in order: `crossed:2`, `rose:3`, `corrected_below:1`, `resolved:3`."""
    acknowledged_at: datetime | None = None
    """A person has seen it: rises and the end of this window are not mailed any more."""


def notice_key(state: AlertState, reason: Reason, recipient: str) -> str:
    """The key of the mail that `reason` owes: one for ever for each reason and level."""
    parts = ("alert", state.watch, state.rule, state.window, reason.value, str(state.level))
    return ":".join((*parts, recipient))
