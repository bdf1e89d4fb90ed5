"""What does a database hold that a backfill may change, except the times of its work?"""

from __future__ import annotations

import sqlite3
from pathlib import Path

QUERIES = {
    "observations": "SELECT * FROM observations ORDER BY icao24, slot, feed, place",
    "matches": "SELECT * FROM matches ORDER BY icao24, watch, matched_by",
    "slots": "SELECT * FROM slots ORDER BY begins_at, feed",
    "landings": "SELECT id, icao24, registration, type_code, callsign, airfield, candidates_json, "
    "touchdown_at, uncertainty_s, departed_at, runway, grade, probability, evidence_json, "
    "feeds_json, visit_from, visit_until, retracted FROM landings ORDER BY id",
    "revisions": "SELECT landing_id, number, change, reason FROM revisions "
    "ORDER BY landing_id, number",
    "learned": "SELECT version, first_day, last_day, value_json FROM learned ORDER BY version",
    "alerts": "SELECT watch, rule, window, status, count, level, told_json FROM alert_states "
    "ORDER BY watch, rule, window",
    "outbox": "SELECT key FROM outbox ORDER BY key",
    "units": "SELECT key, kind, feed, name, state, fingerprint, size_bytes, traces, sampled, "
    "reports, heard, skipped, problem FROM backfill_units ORDER BY key",
    "days": "SELECT * FROM backfill_days ORDER BY day, unit",
    "due": "SELECT * FROM backfill_due",
    "touched": "SELECT * FROM backfill_touched",
    "wakes": "SELECT * FROM meta WHERE key = 'wakes'",
}


def dump(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of each table, sorted."""
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    try:
        return {name: connection.execute(sql).fetchall() for name, sql in QUERIES.items()}
    finally:
        connection.close()
