"""What does an error of SQLite mean, and what should the operator do? One sentence for each."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.errors import StoreDamaged, StoreError, StoreLocked, StoreUnavailable

NEXT_TO_NOTHING = 64 * 1024
"""Bytes: with less free space than this a disk counts as full; SQLite's shared memory alone takes
32 KiB at a time."""

_FULL = (
    "cannot grow, its disk is full: free some space; the collector goes on by itself then, and "
    "nothing already stored is lost"
)
_NO_MORE_FILES = (
    "cannot be used, its file system takes no more files, even if it has room (`df -i` shows it): "
    "delete files there"
)
_READ_ONLY_DISK = (
    "cannot be written, its file system is read-only: look at the system's log (`dmesg`), since "
    "Linux does that when a disk fails, then mount it for writing again"
)
_LOCKED = (
    "is locked by another process: end the other writer (`fuser` shows it), or wait until its "
    "backfill or backup is done"
)
_NO_ACCESS = "may not be accessed: check the owner and the permissions of the file"

_ADVICE: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (StoreLocked, _LOCKED),
    sqlite3.SQLITE_LOCKED: (StoreLocked, _LOCKED),
    sqlite3.SQLITE_FULL: (StoreUnavailable, _FULL),
    sqlite3.SQLITE_CORRUPT: (
        StoreDamaged,
        (
            "is damaged: stop the collector, restore the newest backup "
            "(`collector db restore FILE`), and replay the recordings made since"
        ),
    ),
    sqlite3.SQLITE_NOTADB: (
        StoreDamaged,
        (
            "is not a database: choose another path for `database` in the "
            "configuration, or move that file away"
        ),
    ),
    sqlite3.SQLITE_READONLY: (
        StoreUnavailable,
        (
            "cannot be written: give the collector's user write permission on "
            "the file and on its folder"
        ),
    ),
    sqlite3.SQLITE_CANTOPEN: (
        StoreUnavailable,
        (
            "cannot be opened: check that the path is a file, and that its "
            "folder exists and may be written by the collector's user"
        ),
    ),
    sqlite3.SQLITE_PERM: (StoreError, _NO_ACCESS),
    sqlite3.SQLITE_AUTH: (StoreError, _NO_ACCESS),
    sqlite3.SQLITE_IOERR: (
        StoreUnavailable,
        (
            "cannot be read or written: its disk or file system fails, or its user's quota is "
            "used up (`quota`): look at the system's log (`dmesg`) before anything else"
        ),
    ),
}
"""The error and its message for each primary result code (https://sqlite.org/rescode.html)."""

_DISK_DECIDES = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
"""Codes that SQLite also gives where the disk is full or read-only: its shared memory cannot grow
on a full disk (SQLITE_IOERR_SHMSIZE), and no journal can be made on a read-only one."""


def translate(error: sqlite3.Error, path: Path) -> StoreError:
    """Return the StoreError for an error of the database at `path`.

    >>> str(translate(sqlite3.OperationalError("no such table: x"), Path("a.db")))
    'database a.db: no such table: x: this is a mistake in the program, please report it'
    """
    # The low byte of an extended code (SQLITE_IOERR_WRITE …) is the primary one.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _ADVICE:
        kind, advice = _ADVICE[code]
        if code in _DISK_DECIDES:
            advice = disk_fault(path) or _lack_of_inodes(path) or advice
        return kind(f"database {path} {advice} ({error})")
    if code == sqlite3.SQLITE_CONSTRAINT:
        return StoreError(
            f"database {path} refuses a row ({error}): this is a mistake in the program, please "
            "report it"
        )
    return StoreError(
        f"database {path}: {error}: this is a mistake in the program, please report it"
    )


def disk_fault(path: Path) -> str | None:
    """Return what keeps the disk of `path` from being written and the cure; None if nothing."""
    try:
        disk = os.statvfs(path.absolute().parent)
    except OSError:
        return None
    if disk.f_flag & os.ST_RDONLY:
        return _READ_ONLY_DISK
    # Some file systems in memory or on a network state no sizes at all.
    full = disk.f_blocks > 0 and disk.f_bavail * disk.f_frsize < NEXT_TO_NOTHING
    return _FULL if full else None


def _lack_of_inodes(path: Path) -> str | None:
    """Return the words for a file system without a free inode, on which no log can be made."""
    try:
        disk = os.statvfs(path.absolute().parent)
    except OSError:
        return None
    # Btrfs and others make inodes as they are needed, and state none at all.
    return _NO_MORE_FILES if disk.f_files > 0 and disk.f_favail == 0 else None


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise StoreError in place of any sqlite3 exception inside the block."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error, path) from error
