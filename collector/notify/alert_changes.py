"""Which changes of landings does a mail about an alert list? Those since the last notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from collector.alerts.lifecycle import AlertState
from collector.alerts.verdict import Verdict
from collector.model import Landing, Revision
from collector.pipeline.changes import LandingChange
from collector.store import Store, landings
from collector.store.digest_times import date_of_change

_INSTANT = timedelta(microseconds=1)


def since(
    store: Store,
    verdict: Verdict,
    before: AlertState,
    now: datetime,
    occasion: Sequence[LandingChange],
) -> list[tuple[Revision, Landing]]:
    """Return the changes in the window since its last state, except for newly found landings.

    Those that are the `occasion` are among them whatever their date: a replay beside the daemon
    dates what it finds by the recording's clock, perhaps before that state. Raises StoreError.
    """
    first, last = before.changed_at + _INSTANT, date_of_change(store, now) + _INSTANT
    found = landings.revisions(store, first, last, before.watch)
    dated = {_without_date(revision) for revision, _ in found}
    found += [
        (change.revision, change.landing)
        for change in occasion
        if change.revision is not None
        and _without_date(change.revision) not in dated
        and any(match.watch == before.watch for match in change.landing.watches)
    ]
    begin, end = verdict.begin, verdict.end
    return [
        (revision, landing)
        for revision, landing in found
        if revision.change != "found"
        and not revision.judged_again
        and (
            landing.detection.chance_between(begin, end) > 0
            or revision.chance_before(begin, end) > 0
        )
    ]


def _without_date(revision: Revision) -> tuple[str, str, str]:
    """Return what tells a change from another one: the store may have dated it later."""
    return revision.landing_id, revision.change, revision.reason
