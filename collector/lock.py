"""Is another collector already working on this database? One writer daemon at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from collector.errors import StoreError

DATABASE_BUSY = "is running on this database; stop it first, or give this one its own database"


class SingleInstance:
    """A lock next to the database, held while the daemon runs; the kernel frees it on any death.

    Or next to anything else: `busy` then says what another process is doing there.
    """

    def __init__(self, database: Path, busy: str = DATABASE_BUSY) -> None:
        self._busy = busy
        self.path = database.with_name(database.name + ".lock")
        self._descriptor: int | None = None

    def __enter__(self) -> SingleInstance:
        """Take the lock.

        Raises StoreError if another process holds it, or if the folder cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Opened and never deleted: removing a lock file lets two processes hold "the" lock.
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        except OSError as error:
            raise StoreError(
                f"{self.path}: cannot be written ({error.strerror}): make its folder one that the "
                "collector may write to, or choose another for `data` in the configuration"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise StoreError(
                f"{self.path}: another collector (process {holder}) {self._busy}"
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def holder(database: Path) -> int | None:
    """The process that holds the lock, None if nobody does (or it cannot be told)."""
    path = database.with_name(database.name + ".lock")
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
