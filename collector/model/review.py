"""What is a person's verdict on a landing? A `Review`, with its author, time and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

CONFIRMED = "confirmed"
REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One verdict. It never changes; a later review of the same landing replaces it."""

    at: datetime
    by: str
    """The person, as typed, so escape it."""
    verdict: str | None
    """`confirmed` or `rejected`; None if the verdict before is withdrawn."""
    note: str
    """The reason, as typed, so escape it."""
    airfield: str | None = None
    """The airfield that the person named, else the derived one; None if undetermined."""


def standing_review(reviews: Sequence[Review]) -> tuple[Review | None, int]:
    """Return the review in force, None if there is none, and how many persons gave it one after
    the other. `reviews`: all those of one landing, oldest first."""
    if not reviews or reviews[-1].verdict is None:
        return None, 0
    last, persons = reviews[-1], set()
    for review in reversed(reviews):
        if (review.verdict, review.airfield) != (last.verdict, last.airfield):
            break
        persons.add(review.by.casefold())
    return last, len(persons)
