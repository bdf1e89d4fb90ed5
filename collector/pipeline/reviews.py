"""What follows when a person confirms or rejects a landing? All of it, in one transaction.

The verdict is stored apart from what was derived, the landing's history gets a line, and the
rules decide again: counts, alerts and mails follow as they do when new evidence comes.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from collector.errors import CollectorError
from collector.model import Landing, Revision
from collector.model.review import Review
from collector.pipeline.changes import AlertJudge, LandingChange
from collector.store import Store, landings, reviews
from collector.untrusted import visible

log = structlog.get_logger(__name__)


def get_landing(store: Store, landing_id: str) -> Landing:
    """The landing of that id. Raises CollectorError with the nearest ids, StoreError."""
    landing = landings.get(store, landing_id)
    if landing is None:
        near = landings.similar_ids(store, landing_id)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        raise CollectorError(
            f"there is no landing {visible(landing_id, 60)}: {hint}"
            "`collector landings --all` lists their ids"
        )
    return landing


def apply_review(store: Store, judge: AlertJudge, landing_id: str, said: Review) -> Landing | None:
    """Store a verdict and what follows from it; the landing as it is then, None if that very
    verdict holds already.

    Where `said` names no airfield, it is about the one where the landing stands now.
    Raises CollectorError if there is no such landing, or no verdict to take back; StoreError.
    """
    with store.transaction():
        before = get_landing(store, landing_id)
        if said.verdict is None and before.reviewed is None:
            raise CollectorError(f"{landing_id}: there is no verdict on it to take back")
        if said.verdict is not None:
            said = replace(said, airfield=said.airfield or before.airfield)
        if before.reviewed is not None and said == replace(before.reviewed, at=said.at):
            return None
        reviews.store_review(store, landing_id, said)
        after = replace(get_landing(store, landing_id), revised_at=max(said.at, before.revised_at))
        revision = _revision(after, said)
        landings.save(store, after, revision)
        judge.landings_changed([LandingChange(after, before, revision)], said.at)
    log.info("review", landing=landing_id, verdict=said.verdict or "taken back")
    return after


def _revision(landing: Landing, said: Review) -> Revision:
    done = f"{said.verdict} by a person" if said.verdict else "a person's verdict taken back"
    return Revision(
        landing_id=landing.id,
        at=said.at,
        change=done,
        reason=": ".join(part for part in (said.by, said.note) if part),
        rules_version="",
    )
