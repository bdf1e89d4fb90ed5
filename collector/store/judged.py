"""Which stored landings did the present rules judge, and which are still to be judged again?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from collector.alerts.lifecycle import AlertState
from collector.model import Landing, Revision
from collector.model.landing import JUDGED_AGAIN
from collector.store import landings
from collector.store.database import Store
from collector.store.encoding import moment, stamp_or_none, storable


@dataclass(frozen=True, slots=True)
class JudgedCounts:
    """How many landings are stored, withdrawn ones included, and how many of them were judged."""

    stored: int
    judged: int
    """Judged by the version of the rules that was asked for."""
    reports_gone: int
    """Not judged by it, because their reports are no longer stored: they stay as they were."""

    @property
    def waiting(self) -> int:
        """The number of landings that are still to be judged again."""
        return self.stored - self.judged - self.reports_gone


def mark_judged(store: Store, landing_ids: Iterable[str], rules: str) -> None:
    """Store that a version of the rules judged these landings. Raises StoreError."""
    store.execute_many(
        "UPDATE landings SET judged_by = ?, reports_gone = 0 WHERE id = ?",
        [(rules, landing_id) for landing_id in landing_ids],
    )


def mark_reports_gone(store: Store, landing_ids: Iterable[str], rules: str) -> None:
    """Store that a version of the rules cannot judge these landings. Raises StoreError."""
    store.execute_many(
        "UPDATE landings SET judged_by = ?, reports_gone = 1 WHERE id = ?",
        [(rules, landing_id) for landing_id in landing_ids],
    )


def judged_counts(store: Store, rules: str) -> JudgedCounts:
    """Return how far a version of the rules has judged the stored landings. Raises StoreError."""
    rows = store.execute(
        "SELECT judged_by, reports_gone, count(*) AS number FROM landings "
        "GROUP BY judged_by, reports_gone"
    )
    by_these = [row for row in rows if row["judged_by"] == rules]
    return JudgedCounts(
        stored=sum(row["number"] for row in rows),
        judged=sum(row["number"] for row in by_these if not row["reports_gone"]),
        reports_gone=sum(row["number"] for row in by_these if row["reports_gone"]),
    )


def judged_again_count(store: Store, rules: str) -> int:
    """Return how many landings a version of the rules judged that another version had found.

    Raises StoreError.
    """
    rows = store.execute(
        "SELECT count(*) AS number FROM landings WHERE judged_by = :rules AND reports_gone = 0 "
        "AND (SELECT rules_version FROM revisions WHERE landing_id = landings.id "
        "ORDER BY number LIMIT 1) IS NOT :rules",
        {"rules": rules},
    )
    return int(rows[0]["number"])


def next_unjudged(
    store: Store,
    rules: str,
    icao24: str | None = None,
    begin: datetime | None = None,
    end: datetime | None = None,
    *,
    without: Collection[str] = (),
) -> Landing | None:
    """Return the newest landing that these rules have not judged, None if there is none.

    `icao24` limits it to one aircraft, `begin` and `end` to visits that overlap that time;
    `without` are ids that are passed over. Raises StoreError.
    """
    rows = store.execute(
        "SELECT id FROM landings WHERE judged_by <> :rules AND icao24 = coalesce(:icao24, icao24) "
        "AND visit_until >= coalesce(:begin, '') AND visit_from <= coalesce(:end, '~') "
        "ORDER BY touchdown_at DESC, id LIMIT :most",
        {
            "rules": rules,
            "icao24": icao24,
            "begin": stamp_or_none(begin),
            "end": stamp_or_none(end),
            "most": len(without) + 1,
        },
    )
    found = next((row["id"] for row in rows if row["id"] not in without), None)
    return None if found is None else landings.get(store, found)


def older_rules_until(store: Store, rules: str) -> datetime | None:
    """Return the last touchdown that rests on another version of the rules; None if none does.

    Weeks up to it may lack landings that these rules would have found. Raises StoreError.
    """
    latest = store.execute(
        "SELECT max(touchdown_at) AS at FROM landings WHERE judged_by <> :rules "
        "OR (reports_gone = 1 AND (SELECT rules_version FROM revisions "
        "WHERE landing_id = landings.id AND rules_version <> '' "
        "ORDER BY number DESC LIMIT 1) IS NOT :rules)",
        {"rules": rules},
    )[0]["at"]
    return None if latest is None else moment(latest)


def changes_except(store: Store, versions: Collection[str]) -> list[tuple[Revision, Landing]]:
    """Return every change that judging stored landings again made, by touchdown.

    Each with its landing as it is now; without those by these versions of the rules. Raises
    StoreError.
    """
    rows = store.execute(
        "SELECT DISTINCT landing_id FROM revisions WHERE reason LIKE ?", (f"{JUDGED_AGAIN}%",)
    )
    found = [landings.get(store, row["landing_id"]) for row in rows]
    known = [landing for landing in found if landing is not None]
    known.sort(key=lambda landing: (landing.detection.touchdown_at, landing.id))
    return [
        (revision, landing)
        for landing in known
        for revision in landings.history(store, landing.id)
        if revision.judged_again and revision.rules_version not in versions
    ]


def store_changed_alert(store: Store, state: AlertState, text: str) -> None:
    """Store what judging landings again changed in an alert, for the mail about all of it.

    A later text about the same window replaces it. Raises StoreError.
    """
    store.execute(
        "INSERT INTO judged_alerts VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "text = excluded.text",
        (storable(state.watch), storable(state.rule), state.window, storable(text)),
    )


def changed_alerts(store: Store) -> list[tuple[str, str]]:
    """Return the watch and the text of every changed alert, by watch and window.

    Raises StoreError.
    """
    rows = store.execute("SELECT watch, text FROM judged_alerts ORDER BY watch, window, rule")
    return [(row["watch"], row["text"]) for row in rows]


def clear_changed_alerts(store: Store) -> None:
    """Delete the changed alerts, once the mail about them is queued. Raises StoreError."""
    store.execute("DELETE FROM judged_alerts")
