"""How does a backup become the database again? Checked first, then whole, and writable.

A copy moved into place by hand belongs to whoever moved it, and the service may not write it. It
may also be damaged, or meet the `-wal` file of the database before.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

import structlog

from collector import private
from collector.errors import StoreError
from collector.store import meta
from collector.store.database import Store
from collector.store.encoding import moment_or_none, stamp
from collector.store.sqlite_errors import translated

log = structlog.get_logger(__name__)

_NO_SECOND_NAMES = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS})
"""What link(2) says on a file system without hard links, such as that of a memory card."""
_RESTORED_AT = "restored_at"
_SAID = ("citations", "citation_changes", "week_statements")
"""Tables of what was said to people, to which rows are only added."""
_BESIDE = ("-wal", "-shm")
"""SQLite's files beside a database (https://sqlite.org/wal.html)."""


def restored_at(store: Store) -> datetime | None:
    """Return when the database was last restored from a backup; None if never. Raises StoreError.

    What was mailed between the backup and this time is not known to it.
    """
    return moment_or_none(meta.get_value(store, _RESTORED_AT))


def restore(backup: Path, database: Path, *, kept_as: Path, at: datetime) -> bool:
    """Put a copy of `backup` in the place of `database`; no process may have the database open.

    1. Copy the backup beside the database, which reads all of it, and fails if it is damaged.
    2. Migrate the copy if an older collector wrote it; refuse what is no database of ours.
       Store in it that it was restored now, `at`, and add what the database before had said.
    3. Give the database before, with what is not yet merged into it, the second name `kept_as`.
    4. Give the copy the database's name, in one step: a kill never leaves that name to no file,
       under which the next start would make an empty database.

    Return whether there was a database before. Raises StoreError; before step 3 nothing changes.
    """
    if not backup.is_file():
        raise StoreError(f"there is no file {backup}: name a backup of the database")
    partial = database.with_name(database.name + ".restoring")
    try:
        private.make_folder(database.absolute().parent)
        _remove(partial)
        os.close(private.open_new(partial))
        _copy(backup, partial)
        with Store.open(partial) as copy:
            meta.set_value(copy, _RESTORED_AT, stamp(at))
            _add_what_was_said(copy, database)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        existed = database.exists()
        if existed:
            for beside in ("-wal", ""):
                with suppress(FileNotFoundError):
                    _keep(_beside(database, beside), _beside(kept_as, beside))
        for beside in _BESIDE:  # a database that was deleted may have left them
            _beside(database, beside).unlink(missing_ok=True)
        partial.rename(database)
    except OSError as error:
        raise StoreError(
            f"the backup {backup} cannot be restored to {database}: {error.strerror}; run this as "
            "root or as the collector's user, with enough space on the disk"
        ) from error
    finally:
        with suppress(OSError):
            _remove(partial)
    return existed


def _add_what_was_said(copy: Store, database: Path) -> None:
    """Add what the database before had said since the backup, as far as it can still be read.

    The numbers of these weeks read otherwise from now on, or are not known any more. Whoever was
    given them learns of it only if what was said is remembered.
    """
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as said:
            for table in _SAID:
                rows = said.execute(f"SELECT * FROM {table}").fetchall()
                if not rows:
                    continue
                marks = ", ".join("?" * len(rows[0]))
                with copy.transaction():
                    copy.execute_many(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", rows)
    except (sqlite3.Error, StoreError) as error:
        log.warning(
            "what the database before had said is not known", database=database, error=str(error)
        )


def _keep(file: Path, kept_as: Path) -> None:
    """Give a file a second name; where file systems know no such thing, rename it."""
    try:
        kept_as.hardlink_to(file)
    except OSError as error:
        if error.errno not in _NO_SECOND_NAMES:
            raise
        file.rename(kept_as)


def _copy(backup: Path, to: Path) -> None:
    """Copy the content of a database into an empty file, together with its `-wal` file."""
    with translated(backup):
        source = sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)
        try:
            source.execute("VACUUM INTO ?", (str(to),))
        finally:
            source.close()


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _remove(database: Path) -> None:
    for suffix in ("", *_BESIDE):
        _beside(database, suffix).unlink(missing_ok=True)
