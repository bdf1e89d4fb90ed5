"""Which tables are there, and how does an older file become today's? Append-only migrations.

A migration that was released is never edited: write another one, and store the schema it starts
from under `tests/store/schemas/`. Tables are STRICT; times are ISO 8601 text in UTC with six
digits of a second, so that they sort; `…_json` columns hold JSON. It reads well in Datasette.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database, Migrations

from collector.errors import StoreError
from collector.store.migrations.m001_tables import TABLES
from collector.store.migrations.m002_views import VIEWS
from collector.store.migrations.m003_reviews import REVIEWS
from collector.store.migrations.m004_conflicts import CONFLICTS
from collector.store.migrations.m005_sightings import SIGHTINGS
from collector.store.migrations.m006_backfill import BACKFILL
from collector.store.migrations.m007_fetches import FETCHES
from collector.store.migrations.m008_flight_lists import FLIGHT_LISTS
from collector.store.migrations.m009_learned import LEARNED

APPLICATION_ID = 0x434C4354
"""`CLCT`, in the file's header (https://sqlite.org/pragma.html#pragma_application_id)."""

migrations = Migrations("collector")


def _run(db: Database, script: str) -> None:
    """Statement by statement, within the caller's transaction; each ends at a line's end.

    `Database.executescript` asks at every letter whether the statement is complete by now: that
    was most of the time a new database took.
    """
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
    if statement.strip():
        db.execute(statement)


@migrations()
def m001_tables(db: Database) -> None:
    """Everything that is stored."""
    _run(db, TABLES)


@migrations()
def m002_views(db: Database) -> None:
    """What people read."""
    _run(db, VIEWS)


@migrations()
def m003_reviews(db: Database) -> None:
    """What persons say about landings."""
    _run(db, REVIEWS)


@migrations()
def m004_conflicts(db: Database) -> None:
    """What does not fit a watched airframe."""
    _run(db, CONFLICTS)


@migrations()
def m005_sightings(db: Database) -> None:
    """What persons and publications report."""
    _run(db, SIGHTINGS)


@migrations()
def m006_backfill(db: Database) -> None:
    """What was read of archives, and what is still to be derived from it."""
    _run(db, BACKFILL)


@migrations()
def m007_fetches(db: Database) -> None:
    """Full tracks that are owed for silences."""
    _run(db, FETCHES)


@migrations()
def m008_flight_lists(db: Database) -> None:
    """What other sources state about arrivals, and what was asked of archives."""
    _run(db, FLIGHT_LISTS)


@migrations()
def m009_learned(db: Database) -> None:
    """How low was usually heard, as landings rest on it."""
    _run(db, LEARNED)


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
)
"""Every migration, in order."""

LATEST = len(NAMES)
"""The version of a database that this collector has just migrated."""


def version(db: Database) -> int:
    """How many migrations the file has had, from its header. 0 for a new file."""
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
    """Bring the file to today's schema; the caller's transaction makes it all or nothing.

    Raises StoreError as `refuse_unknown`: another process may have been faster.
    """
    refuse_unknown(db, path)
    migrations.apply(db)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {LATEST}")
