"""Is the open database still the file at its path, whole and able to grow? Checks for `Store`.

A process keeps a deleted or moved file open and writes on into it without any error, while every
other process finds no file, or another one. SQLite does not notice
(https://sqlite.org/howtocorrupt.html#_unlinking_or_renaming_a_database_file_while_in_use).
"""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import Self

from collector.errors import StoreDamaged, StoreError, os_words

PROOF_CHARACTERS = 64 * 1024
"""Size of the row that proves room to grow: more than the reports of most polls."""
MOUNTS = Path("/proc/self/mountinfo")
"""What Linux has mounted for this process, one mount a line (proc_pid_mountinfo(5))."""
LOG_LIMIT_BYTES = 64 * 1024 * 1024
"""To this the write-ahead log is cut when it begins anew, which SQLite does again and again at 4 MB
(https://sqlite.org/wal.html#ckpt), unless somebody reads on in one transaction."""
_PROOF_KEYS = ("write_proof:0", "write_proof:1")


def wal_of(path: Path) -> Path:
    """Return the path of the write-ahead log of a database (https://sqlite.org/wal.html)."""
    return path.with_name(path.name + "-wal")


def shm_of(path: Path) -> Path:
    """Return the path of the file by which processes share locks and the index of that log."""
    return path.with_name(path.name + "-shm")


def log_bytes(path: Path) -> int:
    """Return the length of the write-ahead log of a database; 0 if it has none."""
    return _identity(wal_of(path))[1]


def written_files(path: Path) -> tuple[dict[str, int], float]:
    """Return the bytes of the database's file and of its log, and when either was last written.

    The time is that of the file system, in seconds since 1970. A missing log has none; raises
    StoreError if the database is missing.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise StoreError(f"there is no database at {path}: {os_words(error)}") from error
    sizes, at = {"database": found.st_size}, found.st_mtime
    with suppress(OSError):
        log = wal_of(path).stat()
        sizes["log"] = log.st_size
        at = max(at, log.st_mtime if log.st_size else at)
    return sizes, at


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """Which files a database consists of: device and inode of it, its log and their shared index.

    Without that index two processes do not see each other's locks, and overwrite what the other
    one stored (https://sqlite.org/wal.html#the_wal_index_file_format).
    """

    database: tuple[int, int] | None
    wal: tuple[int, int] | None
    shm: tuple[int, int] | None = None
    size: int = field(default=0, compare=False)
    """Bytes of the database's file."""
    device: int = field(default=0, compare=False)
    """The device of its folder, or of the nearest one above it that is there."""

    @classmethod
    def of(cls, path: Path) -> Self:
        """Return the identity of the files that lie at `path` now, None for a missing one."""
        database, size = _identity(path)
        wal, shm = _identity(wal_of(path))[0], _identity(shm_of(path))[0]
        return cls(database, wal, shm, size, _device_of(path.absolute().parent))


def must_be_same(path: Path, opened: FileIdentity | None) -> None:
    """Raise StoreDamaged if other files than those that were `opened` lie at `path`, or none."""
    now = FileIdentity.of(path)
    if opened is None or now == opened:
        return
    if now.database is None and now.device != opened.device:
        raise StoreDamaged(
            f"database {path} is gone with its file system: the collector writes on into the file "
            "that it still has open, so mount that file system again at the same place, and do not "
            "restart the collector before"
        )
    if now.database is None:
        raise StoreDamaged(
            f"database {path} was deleted or moved while the collector used it: the collector "
            "writes a copy from the file that it still has open; look for what removed it"
        )
    if now.database != opened.database:
        raise StoreDamaged(
            f"database {path} was exchanged for another file while the collector used it: restart "
            "the collector, which then uses the file that is there now; to restore a backup, stop "
            "the collector first"
        )
    if now.wal == opened.wal and now.shm is None:
        raise StoreDamaged(
            f"database {path} lost {shm_of(path).name} while the collector used it, so that other "
            "programs did not see its locks: the collector opens the database anew; never delete "
            "that file"
        )
    if now.wal == opened.wal:
        raise StoreDamaged(
            f"database {path} has another {shm_of(path).name} than the one the collector uses: "
            "what another program stored since may be lost; restart the collector, then run "
            "`collector db check`"
        )
    if now.wal is None:
        raise StoreDamaged(
            f"database {path} lost its write-ahead log {wal_of(path).name} while the collector "
            "used it: the collector takes the changes over from the log that it still has open; "
            "never delete that file"
        )
    raise StoreDamaged(
        f"database {path} has another write-ahead log {wal_of(path).name} than the one the "
        "collector uses: restart the collector, then run `collector db check`"
    )


def may_be_put_back(path: Path, opened: FileIdentity | None) -> bool:
    """Return whether a file that is missing may be made anew from what is still open.

    Not where another database lies in its place, which somebody put there, nor under the mount
    point of a file system that is gone, where nobody would find it later.
    """
    now = FileIdentity.of(path)
    if opened is None or now.database is not None:
        return opened is not None and now.database == opened.database
    return now.device == opened.device


def must_have_one_name(path: Path) -> None:
    """Raise StoreError if the file has other names, which are hard links.

    A program that opens it by another name has another log, and neither sees what the other one
    stores (https://sqlite.org/howtocorrupt.html#_multiple_links_to_the_same_file).
    """
    with suppress(OSError):
        if path.is_file() and (names := path.stat().st_nlink) > 1:
            raise StoreError(
                f"database {path} has {names} names (hard links), and programs that use it by "
                "different names damage it: delete the others, which "
                f"`find {_mount_point(path)} -xdev -samefile {quote(str(path))}` shows; a copy is "
                "made by `collector db backup`"
            )


def must_not_be_mounted_alone(path: Path) -> None:
    """Raise StoreError if the file is mounted without its folder, as a container's volume may be.

    Its log then lies in the container, is deleted with it, and no program outside finds it; nor do
    the lock and a backup that is to be put in its place.
    """
    try:
        lines = MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:  # no Linux
        return
    real = str(path.resolve())
    if any(_unescaped(line.split(" ")[4]) == real for line in lines):
        raise StoreError(
            f"database {path} is mounted as a single file, so that its log ({wal_of(path).name}) "
            "would lie elsewhere and be lost with the container: mount the folder that holds the "
            "database, not the file"
        )


def _unescaped(mount_point: str) -> str:
    """Return a mount point as it is: a space is written as `\\040` there."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), mount_point)


def must_be_whole(path: Path, fresh: sqlite3.Connection, size_before: int) -> None:
    """Read a little over a new connection, which has nothing in memory yet.

    A database of ours only shrinks when it is vacuumed, and then its number of pages shrinks too.
    Raises StoreDamaged if the file is shorter than that, sqlite3.Error if it cannot be read.
    """
    fresh.execute("BEGIN")  # Nobody shortens the file below what this transaction sees.
    fresh.execute("SELECT count(*) FROM sqlite_master").fetchone()
    page_bytes = fresh.execute("PRAGMA page_size").fetchone()[0]
    pages = fresh.execute("PRAGMA page_count").fetchone()[0]
    size, least = path.stat().st_size, min(size_before, pages * page_bytes)
    if size < least:
        raise StoreDamaged(
            f"database {path} is damaged: it has {size} bytes and should have at least {least}: "
            "stop the collector, restore the newest backup (`collector db restore FILE`), and "
            "replay the recordings made since"
        )


def _device_of(folder: Path) -> int:
    try:
        return folder.stat().st_dev
    except OSError:
        return 0 if folder == folder.parent else _device_of(folder.parent)


def _mount_point(path: Path) -> str:
    """Return where the file system of a file is mounted, for a shell: its names all lie below."""
    folders = path.resolve().parents
    return quote(str(next(folder for folder in folders if folder.is_mount())))


def replace_proof_row(connection: sqlite3.Connection) -> None:
    """Replace the row that proves room to grow, in the caller's transaction."""
    keys = {
        row[0]
        for row in connection.execute("SELECT key FROM meta WHERE key IN (?, ?)", _PROOF_KEYS)
    }
    new, old = _PROOF_KEYS if _PROOF_KEYS[1] in keys else reversed(_PROOF_KEYS)
    connection.execute("DELETE FROM meta WHERE key = ?", (new,))
    connection.execute("INSERT INTO meta VALUES (?, ?)", (new, "x" * PROOF_CHARACTERS))
    connection.execute("DELETE FROM meta WHERE key = ?", (old,))


def _identity(path: Path) -> tuple[tuple[int, int] | None, int]:
    try:
        found = path.stat()
    except OSError:
        return None, 0
    return (found.st_dev, found.st_ino), found.st_size


def must_be_there(path: Path) -> None:
    """Raise StoreError, with the cure, if there is no file or this user cannot reach it."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StoreError(
            f"there is no database at {path} yet: start the collector (`collector run`), create it "
            "with `collector db migrate`, or name the configuration of another one with --config"
        ) from error
    except OSError as error:
        raise StoreError(
            f"{path} cannot be reached: {error.strerror}; run this as a user who may read it"
        ) from error


def must_be_writable(path: Path) -> None:
    """Raise StoreError, with the cure, if the file is there and this user may not write it.

    SQLite would open it read-only, and fail at the first change, hours later perhaps.
    """
    folder = path.absolute().parent
    if not path.is_file() or os.statvfs(folder).f_flag & os.ST_RDONLY:
        return
    if not os.access(path, os.R_OK | os.W_OK, effective_ids=True):
        if path.stat().st_uid == folder.stat().st_uid != os.geteuid():
            raise StoreError(
                f"database {path} can be read and not written by this user: run this as the "
                "collector's own user, or as root"
            )
        raise StoreError(
            f"database {path} cannot be written, as it belongs to another user; this happens if a "
            "backup was moved into its place: give it to the owner of its folder, as root, by "
            f"`chown --reference={folder} {path}` and `chmod 600 {path}`; `collector db restore` "
            "does so by itself"
        )
