"""Is the collector healthy, and what has it counted? One document answers both.

`collector status --json` prints the document, and the page `/status.json` shows it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from collector import __version__
from collector.landings.rules import RULES_VERSION
from collector.lock import holder
from collector.model import Landing
from collector.queries import health, identity_conflicts, reception
from collector.queries import visitors as visitor_query
from collector.queries.snapshot import Snapshot
from collector.queries.weeks import WeekQuery
from collector.reports.formatting import iso_z
from collector.reports.json_rows import landing_rows
from collector.reports.landing.identity_conflicts import conflict_row
from collector.reports.landing.visitors import visitor_row
from collector.store import Store, conditions, feeds, judged, landings, outbox, track_requests
from collector.weeks import previous_week, week_of

RECENT = timedelta(days=7)
"""How far back visitors, identity conflicts and full tracks are shown."""
RECENT_WEEKS = 2
"""The present week and the week before: on a Monday morning the present week says little."""
RECENT_LANDINGS = 10
"""The number of last landings in the document."""


def status(snapshot: Snapshot) -> dict[str, Any]:
    """Return the state of the collector as one JSON object. Raises StoreError."""
    store, now = snapshot.store, snapshot.now
    problems = health.problems(snapshot)
    return {
        "version": __version__,
        "at": iso_z(now),
        "now": iso_z(now),
        "healthy": not problems,
        "problems": problems,
        "database": str(snapshot.settings.database),
        "running_pid": holder(snapshot.settings.database),
        "feeds": _feeds(snapshot),
        "limited_hosts": reception.limited_hosts(snapshot),
        "conditions": [
            {
                "kind": condition.kind,
                "subject": condition.subject,
                "began_at": iso_z(condition.began_at),
                "detail": condition.detail,
            }
            for condition in conditions.open_conditions(store)
        ],
        "outbox": outbox.unsent(store),
        "tracks": {
            state.value: count
            for state, count in track_requests.counts(store, now - RECENT).items()
        },
        "conflicts": [
            conflict_row(conflict)
            for conflict in identity_conflicts.of_watches(
                store, snapshot.settings.watches, now - RECENT, now
            )
        ],
        "coverage_24h": {
            day.airfield.icao: round(day.alive, 4) for day in reception.sky_days(snapshot)
        },
        "learned": reception.usual_row(snapshot),
        "judged": judged_row(store),
        "weeks": _weeks(snapshot),
        "landings": _landings(snapshot),
        "visitors": _visitors(snapshot),
    }


def judged_row(store: Store) -> dict[str, Any]:
    """Return how far the present rules have judged the stored landings again. Raises StoreError."""
    counts = judged.judged_counts(store, RULES_VERSION)
    return {
        "rules": RULES_VERSION,
        "stored": counts.stored,
        "judged": counts.judged,
        "reports_gone": counts.reports_gone,
        "waiting": counts.waiting,
    }


def _feeds(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return every configured feed, enabled ones first, then feeds that were polled before."""
    rows = [
        _feed(snapshot, row.name, health=row.health, alive=round(row.alive, 4), enabled=row.enabled)
        for row in reception.feed_rows(snapshot)
    ]
    configured = {row["name"] for row in rows}
    polled_before = (state.feed for state in feeds.states(snapshot.store))
    return rows + [
        _feed(snapshot, name, health="not configured", alive=0.0, enabled=False)
        for name in polled_before
        if name not in configured
    ]


def _feed(
    snapshot: Snapshot, name: str, *, health: str, alive: float, enabled: bool
) -> dict[str, Any]:
    state = feeds.state(snapshot.store, name)
    backing_off = state.is_backing_off(snapshot.now)
    return {
        "feed": name,
        "name": name,
        "enabled": enabled,
        "health": health,
        "alive_24h": alive,
        "last_poll_at": _time(state.last_poll_at),
        "last_outcome": state.last_outcome.value if state.last_outcome else None,
        "last_ok_at": _time(state.last_ok_at),
        "last_failure": state.last_failure,
        "failing_since_at": _time(state.failing_since_at),
        "failures": state.failures,
        "parked_until": _time(state.parked_until) if backing_off else None,
        "parked_why": state.parked_why if backing_off else None,
        "spent_today": feeds.spending(snapshot.store, name, snapshot.now),
    }


def _weeks(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return rows of `weeks --json`, newest first, but none from before anything is known."""
    settings = snapshot.settings
    query = WeekQuery(snapshot.store, settings.watches, settings.airfields, snapshot.coverage)
    rows: list[dict[str, Any]] = []
    for watch in settings.watches:
        keys = [week_of(snapshot.now, watch.zone)]
        first = snapshot.coverage.first_week(watch.zone, snapshot.now)
        while len(keys) < RECENT_WEEKS and keys[-1] > first:
            keys.append(previous_week(keys[-1]))
        rows += query.rows(watch, keys, snapshot.now, snapshot.sight)
    return rows


def _landings(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return rows of `landings --json`, newest first."""
    newest = landings.find(snapshot.store, include_retracted=True, newest=2 * RECENT_LANDINGS)
    standing = [landing for landing in newest if landing.stands][-RECENT_LANDINGS:]
    watches = snapshot.settings.watches
    return [row for landing in reversed(standing) for row in landing_rows(landing, watches)]


def _visitors(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return rows of `visitors --json`, newest first."""
    found = recent_visitors(snapshot)
    return [visitor_row(landing, snapshot.zone) for landing in reversed(found)]


def recent_visitors(snapshot: Snapshot) -> list[Landing]:
    """Return visitors' landings of the last seven days, oldest first. Raises StoreError."""
    codes = visitor_query.watched_codes(snapshot.settings.watches)
    begin = snapshot.now - RECENT
    return visitor_query.visitors(snapshot.store, codes, begin=begin, end=snapshot.now)


def _time(at: datetime | None) -> str | None:
    return None if at is None else iso_z(at)
