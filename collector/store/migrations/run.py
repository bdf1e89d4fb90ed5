"""How does an older database get today's tables? Migrations are run in order, each once.

A migration that was released is never edited: write another one, and store the schema from which it
starts under `tests/store/schemas/`. Tables are STRICT; times are ISO 8601 text in UTC with six
digits of a second, so that they sort; `…_json` columns hold JSON.
"""

from __future__ import annotations

import sqlite3
from importlib import resources
from pathlib import Path

from collector.errors import StoreError
from collector.store.lean_sqlite_utils import Database, Migrations

APPLICATION_ID = 0x434C4354
"""`CLCT`, in the file's header (https://sqlite.org/pragma.html#pragma_application_id)."""

migrations = Migrations("collector")


NAMES = (
    "m001_tables",
    "m002_views",
    "m003_reviews",
    "m004_conflicts",
    "m005_sightings",
    "m006_backfill",
    "m007_fetches",
    "m008_flight_lists",
    "m009_learned",
    "m010_host_paces",
    "m011_followed",
    "m012_judged",
    "m013_dropped_mails",
    "m014_lookups",
    "m015_mail_groups",
    "m016_touchdown_before",
    "m017_unheard",
    "m018_unheard_before",
    "m019_citations",
    "m020_stops",
    "m021_calibrations",
    "m022_mail_pictures",
    "m023_roots",
    "m024_alert_times",
    "m025_stamps",
    "m026_week_statements",
    "m027_touched_days",
    "m028_known_here",
)
"""Every migration in order; each is the SQL file of that name beside this module."""


def _register(name: str) -> None:
    def step(db: Database) -> None:
        _run(db, resources.files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8"))

    step.__name__ = name
    migrations()(step)


def _run(db: Database, script: str) -> None:
    """Execute a script statement by statement, within the caller's transaction.

    Each statement ends at the end of a line. `Database.executescript` checks at every character
    whether the statement is complete, which took most of the time for a new database.
    """
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
    if statement.strip():
        db.execute(statement)


for _name in NAMES:
    _register(_name)

LATEST = len(NAMES)
"""The version of a database that this collector has migrated."""


def version(db: Database) -> int:
    """Return how many migrations the file has had, from its header; 0 for a new file."""
    number: int = db.execute("PRAGMA user_version").fetchone()[0]
    return number


def refuse_unknown(db: Database, path: Path) -> None:
    """Raise StoreError unless the file is empty, or a database of this or an older collector."""
    application_id = db.execute("PRAGMA application_id").fetchone()[0]
    if application_id != APPLICATION_ID:
        if application_id or db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise StoreError(
                f"{path} is a database of another program: choose another path for `database` in "
                "the configuration, or move that file away; it was not changed"
            )
        return
    unknown = [row.name for row in migrations.applied(db) if row.name not in NAMES]
    if version(db) > LATEST or unknown:
        raise StoreError(
            f"database {path} was written by a newer collector (schema {version(db)}, this one "
            f"knows {LATEST}): install that version again, or use a backup made before the "
            "upgrade; the file was not changed"
        )


def migrate(db: Database, path: Path) -> None:
    """Run the migrations that the file has not had, in the caller's transaction.

    Raises StoreError as `refuse_unknown` does: another process may have migrated it meanwhile.
    """
    refuse_unknown(db, path)
    migrations.apply(db)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {LATEST}")
