"""What did persons decide about a landing? Their verdicts in words."""

from __future__ import annotations

from collector.model import Landing
from collector.model.review import CONFIRMED, REJECTED, Review
from collector.reports import formatting


def review_words(landing: Landing) -> str:
    """Return `confirmed by a person`, `rejected by 2 persons`; empty without a review in force."""
    if landing.review is None:
        return ""
    persons = f"{landing.reviewers} persons" if landing.reviewers > 1 else "a person"
    return f"{landing.review} by {persons}"


def verdict(review: Review, zone: str) -> str:
    """Return a review in one sentence: who decided what, when, and the note."""
    verbs = {CONFIRMED: "confirmed it", REJECTED: "rejected it"}
    act = verbs.get(review.verdict or "", "withdrew the verdict")
    where = f" at {review.airfield}" if review.airfield and review.verdict == CONFIRMED else ""
    note = f": {review.note}" if review.note else "."
    effect = ", so it does not count" if review.verdict == REJECTED else ""
    return f"{review.by} {act}{where} on {formatting.moment(review.at, zone)}{effect}{note}"
