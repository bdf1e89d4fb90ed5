"""What follows when a person confirms or rejects a landing? Counts, alerts and mails change.

The review is stored apart from the derived landing, the landing's history gets a line, and the
rules are evaluated again as they are when new reports arrive. All of this is one transaction.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from collector.errors import CollectorError
from collector.model import Landing, Revision
from collector.model.review import Review
from collector.pipeline.changes import AlertJudge, LandingChange
from collector.store import Store, landing_ids, landings, reviews
from collector.untrusted import visible

log = structlog.get_logger(__name__)


def get_landing(store: Store, landing_id: str) -> Landing:
    """Return the landing of that id.

    Raises CollectorError, which names similar ids, if there is none; StoreError.
    """
    landing = landings.get(store, landing_id)
    if landing is None:
        similar = landing_ids.similar_ids(store, landing_id)
        hint = f"did you mean {' or '.join(similar)}? " if similar else ""
        raise CollectorError(
            f"there is no landing with the id {visible(landing_id, 60)}; {hint}"
            "`collector landings --all` lists their ids"
        )
    return landing


def apply_review(
    store: Store, judge: AlertJudge, landing_id: str, review: Review
) -> Landing | None:
    """Store a review and what follows from it; return the landing as it is then.

    None if the same review is in force already. A review that names no airfield concerns the one at
    which the landing counts now. Raises CollectorError if there is no such landing, or no verdict
    to withdraw; StoreError.
    """
    with store.transaction():
        before = get_landing(store, landing_id)
        if review.verdict is None and before.reviewed is None:
            raise CollectorError(f"{landing_id}: there is no verdict on it to withdraw")
        if review.verdict is not None:
            review = replace(review, airfield=review.airfield or before.airfield)
        if before.reviewed is not None and review == replace(before.reviewed, at=review.at):
            return None
        reviews.store_review(store, landing_id, review)
        after = replace(
            get_landing(store, landing_id), revised_at=max(review.at, before.revised_at)
        )
        revision = _revision(after, review)
        landings.save(store, after, revision)
        judge.landings_changed([LandingChange(after, before, revision)], review.at)
    log.info("review stored", landing=landing_id, verdict=review.verdict or "withdrawn")
    return after


def _revision(landing: Landing, review: Review) -> Revision:
    change = f"{review.verdict} by a person" if review.verdict else "a person's verdict withdrawn"
    return Revision(
        landing_id=landing.id,
        at=review.at,
        change=change,
        reason=": ".join(part for part in (review.by, review.note) if part),
        rules_version="",
    )
