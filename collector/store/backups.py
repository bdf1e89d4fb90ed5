"""How is a backup made that can be relied on? Written whole, read to its end, then the old ones go.

A folder of backups keeps the newest ones. An old one is deleted only after a new one was found
sound, so that a database that became damaged does not push the sound backups out.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from collector.errors import StoreError, os_words
from collector.store.database import Store

_DATED = r"-\d{4}-\d{2}-\d{2}T\d{6}Z"


def write_backup(store: Store, to: Path) -> None:
    """Write a copy of the database to a new file, and read all of the copy.

    Raises StoreError if the file exists or cannot be written, or if the copy is not sound, which is
    then deleted.
    """
    store.backup(to)
    try:
        with Store.open(to, read_only=True) as copy:
            problems = copy.check()
    except StoreError:  # so damaged that it cannot be opened: it must not count as a backup
        to.unlink(missing_ok=True)
        raise
    if problems:
        to.unlink(missing_ok=True)
        raise StoreError(
            f"the backup {to} was deleted, since the copy is damaged: {problems[0]} "
            f"({len(problems)} problems); check the database (`collector db check`)"
        )


def write_dated_backup(store: Store, folder: Path, *, now: datetime, keep: int | None) -> Path:
    """Write a backup that is named after the present time, and return its path.

    With `keep`, delete all but so many of the newest backups of this database in the folder; files
    with other names stay. Raises StoreError as `write_backup` does, and before any is deleted.
    """
    stem, suffix = store.path.stem, store.path.suffix
    written = folder / f"{stem}-{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}{suffix}"
    write_backup(store, written)
    if keep is not None:
        named = re.compile(re.escape(stem) + _DATED + re.escape(suffix))
        try:
            # The new one stays in any case: after the clock was set back its name is not the last.
            others = sorted(
                path for path in folder.iterdir() if named.fullmatch(path.name) and path != written
            )
            for path in others[: max(0, len(others) - (keep - 1))]:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"old backups in {folder} cannot be deleted: {os_words(error)}"
            ) from error
    return written
