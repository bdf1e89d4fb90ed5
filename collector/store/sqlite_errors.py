"""What does an error of SQLite mean, and what should the operator do? One sentence for each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.errors import StoreError

_ADVICE = {
    sqlite3.SQLITE_BUSY: "is locked by another process: end the other writer (`fuser` shows it), "
    "or wait until its backfill or backup is done",
    sqlite3.SQLITE_LOCKED: "is locked by another process: end the other writer, or wait for it",
    sqlite3.SQLITE_FULL: "cannot grow, its disk is full: free some space; nothing already stored "
    "is lost",
    sqlite3.SQLITE_CORRUPT: "is damaged: stop the collector, restore the newest backup "
    "(`collector db restore FILE`), and replay the recordings made since",
    sqlite3.SQLITE_NOTADB: "is not a database: choose another path for `database` in the "
    "configuration, or move that file away",
    sqlite3.SQLITE_READONLY: "cannot be written: give the collector's user write permission on "
    "the file and on its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check that the path is a file, and that its "
    "folder exists and may be written by the collector's user",
    sqlite3.SQLITE_PERM: "may not be accessed: check the owner and the permissions of the file",
    sqlite3.SQLITE_AUTH: "may not be accessed: check the owner and the permissions of the file",
    sqlite3.SQLITE_IOERR: "cannot be read or written, the disk or its file system fails: look at "
    "the system's log (`dmesg`) before anything else",
}
"""The message for each primary result code (https://sqlite.org/rescode.html)."""


def translate(error: sqlite3.Error, path: Path) -> StoreError:
    """Return the StoreError for an error of the database at `path`.

    >>> str(translate(sqlite3.OperationalError("no such table: x"), Path("a.db")))
    'database a.db: no such table: x: this is a mistake in the program, please report it'
    """
    # The low byte of an extended code (SQLITE_IOERR_WRITE …) is the primary one.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _ADVICE:
        return StoreError(f"database {path} {_ADVICE[code]} ({error})")
    if code == sqlite3.SQLITE_CONSTRAINT:
        return StoreError(
            f"database {path} refuses a row ({error}): this is a mistake in the program, please "
            "report it"
        )
    return StoreError(
        f"database {path}: {error}: this is a mistake in the program, please report it"
    )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise StoreError in place of any sqlite3 exception inside the block."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error, path) from error
