"""What did a person say about a landing? The verdict, who gave it, when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

CONFIRMED = "confirmed"
REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One verdict. It never changes; a later one of the same landing takes its place."""

    at: datetime
    by: str
    """Who; as typed, so escape it."""
    verdict: str | None
    """`confirmed` or `rejected`; None: the verdict before is taken back."""
    note: str
    """Why; as typed, so escape it."""
    airfield: str | None = None
    """Where: what the person named, else what was derived then; None if that was undetermined."""
