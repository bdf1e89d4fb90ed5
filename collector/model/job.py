"""How does a job of the daemon do? As the pages of the same process learn it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class JobState:
    """One job: how long ago it last ended well, and how long its present run has lasted."""

    name: str
    since_success: timedelta
    """Since the start of the daemon, until it first ended well."""
    lasts: timedelta
    """Zero between two runs."""
    overdue: bool
    """Whether it has not ended well for its interval and ten minutes more."""


Jobs = Callable[[], Sequence[JobState]]
"""Asks how the jobs of this process do; empty while none runs."""
