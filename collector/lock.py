"""Is another collector running on this database? A lock file lets only one daemon write to it."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import TracebackType

from collector import private
from collector.clock import SystemClock
from collector.errors import DISK_FAULTS, StoreError, StoreUnavailable

DATABASE_BUSY = "is running on this database; stop it first, or give this one its own database"


PID_WIDTH = 15
"""Columns for the number of a process; the longest one has seven digits."""

READER_WAIT = timedelta(milliseconds=10)
"""`holder` keeps the lock for an instant; this is the pause until the next attempt."""
READER_ATTEMPTS = 50
"""After half a second of these, some other program keeps the lock."""


class SingleInstance:
    """A lock file next to a database, or next to another file that only one process may use.

    The kernel releases it whenever the process ends. `busy` says what the other process does, for
    the message.
    """

    def __init__(self, database: Path, busy: str = DATABASE_BUSY) -> None:
        self._busy = busy
        self._database = database
        self.path = _lock_of(database)
        self._descriptor: int | None = None

    def __enter__(self) -> SingleInstance:
        """Take the lock.

        Raises StoreError if another process holds it, or if the folder cannot be written.
        """
        self._descriptor = self._taken()
        return self

    def hold(self) -> bool:
        """Take the lock anew if its file was deleted, or lies elsewhere; return whether it had to.

        Whoever looks for it at its place would find it free. Raises StoreError as taking it does.
        """
        held, self.path = self._descriptor, _lock_of(self._database)
        if held is None or _is_at(held, self.path):
            return False
        self._descriptor = self._taken()
        os.close(held)
        return True

    def _taken(self) -> int:
        try:
            private.make_folder(self.path.absolute().parent)
            # Never deleted: after that, two processes could each lock a file of this name.
            descriptor = private.open_or_create(self.path)
        except OSError as error:
            raise (StoreUnavailable if error.errno in DISK_FAULTS else StoreError)(
                f"{self.path}: cannot be written ({error.strerror}): let the collector's user "
                "write to its folder, or choose another folder for `data` in the configuration; "
                "if the disk is full or read-only, free some space or mount it for writing"
            ) from error
        try:
            _lock(descriptor)
        except OSError as error:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise StoreError(
                f"{self.path}: another collector (process {holder}) {self._busy}"
            ) from error
        # Written over the last one, which needs no space: a full disk must not keep us from
        # starting, nor from reporting it. The number serves only to name us to others.
        with suppress(OSError):
            os.pwrite(descriptor, f"{os.getpid():<{PID_WIDTH}}\n".encode(), 0)
            os.ftruncate(descriptor, PID_WIDTH + 1)
        return descriptor

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _lock_of(database: Path) -> Path:
    """Return the lock file of a database, the same one for each name that links lead to it by."""
    real = Path(os.path.realpath(database))
    return real.with_name(real.name + ".lock")


def _is_at(descriptor: int, path: Path) -> bool:
    """Return whether this open file is the one that lies at `path`."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def _lock(descriptor: int) -> None:
    """Lock an open file for this process alone; raise OSError if another process keeps it.

    Whoever asks for the holder shares the lock for an instant, which must not keep a daemon from
    starting. A process that has the lock for itself does not let it be shared either.
    """
    for attempt in range(1, READER_ATTEMPTS + 1):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if attempt == READER_ATTEMPTS:
                raise
        else:
            return
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        SystemClock().wait(READER_WAIT)


def holder(database: Path) -> int | None:
    """Return the id of the process that holds the lock of a database.

    None if no process holds it, or if that cannot be read.
    """
    path = _lock_of(database)
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                text = file.read(32).decode("ascii", "replace").strip()
                return int(text) if text.isdigit() else None
    except OSError:
        return None
    return None
