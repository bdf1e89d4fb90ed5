"""How does the storage fail? A full or read-only disk, another writer, files that vanish or rot."""

from __future__ import annotations

import itertools
import os
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import (
    AbstractContextManager,
    nullcontext,
    redirect_stderr,
    redirect_stdout,
    suppress,
)
from io import StringIO
from pathlib import Path
from unittest import mock

from collector.cli import main
from collector.errors import StoreUnavailable
from collector.store import Store, meta
from tests.support.rights import bound_by_permissions

from .chains import Act, chains, nothing
from .life import Life
from .sky import MINUTE
from .trials import Trial
from .worlds import World

TOLD = (10 * MINUTE, 20 * MINUTE, 40 * MINUTE)
"""Long enough for the ping to stop, in two of three."""
BUSY_MS = 20
"""Ten seconds for another writer are much in a simulation."""
DISK = "collector.store.sqlite_errors.os.statvfs"


def _fill(life: Life) -> None:
    store = _store(life)
    store.execute(f"PRAGMA max_page_count = {store.execute('PRAGMA page_count')[0][0]}")
    for number in itertools.count():
        try:
            meta.set_value(store, f"filler:{number}", "x" * 3000)
        except StoreUnavailable:
            return


def _free(life: Life) -> None:
    _store(life).execute("PRAGMA max_page_count = 1000000")


def _pragma(text: str) -> Callable[[Life], object]:
    return lambda life: _store(life).execute(text)


def _disk(free_bytes: int, flags: int) -> tuple[Callable[[Life], object], Callable[[Life], object]]:
    blocks = free_bytes // 4096
    shown = os.statvfs_result((4096, 4096, 1 << 20, blocks, blocks, 9, 9, 9, flags, 255))
    patch = mock.patch(DISK, return_value=shown)
    return (lambda _: patch.start(), lambda _: patch.stop())


class _Writer:
    """Another program that writes."""

    connection: sqlite3.Connection

    def begin(self, life: Life) -> None:
        """Take the lock."""
        _store(life).execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        self.connection = sqlite3.connect(life.database, isolation_level=None)
        self.connection.execute("BEGIN IMMEDIATE")

    def end(self, _: Life) -> None:
        """Give it back."""
        self.connection.execute("ROLLBACK")
        self.connection.close()


class _Rights:
    """A folder below the daemon's that its user may no longer use so, as after a wrong chmod."""

    def __init__(self, folder: str, mode: int) -> None:
        self._folder, self._mode = folder, mode
        self._bound: AbstractContextManager[None] = nullcontext()

    def take(self, life: Life) -> None:
        """Take the rights, from root as well."""
        (life.folder / self._folder).chmod(self._mode)
        self._bound = bound_by_permissions() if os.geteuid() == 0 else nullcontext()
        self._bound.__enter__()

    def give_back(self, life: Life) -> None:
        """Give them back."""
        self._bound.__exit__(None, None, None)
        (life.folder / self._folder).chmod(0o700)


def _delete(*endings: str) -> Callable[[Life], object]:
    def delete(life: Life) -> None:
        for ending in endings:
            with suppress(FileNotFoundError):
                Path(f"{life.database}{ending}").unlink()

    return delete


def _overwrite(life: Life) -> None:
    """Keep a backup, damage pages in the middle, and let the check of the whole file find it."""
    backup = life.folder / "backup.sqlite"
    backup.unlink(missing_ok=True)
    _store(life).backup(backup)
    _store(life).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with life.database.open("r+b") as file:
        file.seek(12 * 4096)
        file.write(b"\xa5" * 4096 * 8)
    life.daemon.storage._checked_at = None  # the daily check is due


def _exchange(life: Life) -> None:
    backup, other = life.folder / "backup.sqlite", life.folder / "var" / "other.sqlite"
    backup.unlink(missing_ok=True)
    _store(life).backup(backup)
    Store.open(other).close()
    other.replace(life.database)


def restore(here: World, _: str) -> None:
    """Do what docs/operating.md tells an operator: restore the backup, replay the recordings."""
    for words in (["db", "restore", "backup.sqlite"], ["replay", "var/recordings"]):
        if (pid := os.fork()) == 0:
            os.chdir(here.folder)
            with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
                try:
                    mock.patch("collector.clock.SystemClock.now", return_value=here.now).start()
                    main(["--config", "collector.toml", *words], standalone_mode=False)
                except BaseException:
                    os._exit(1)
            os._exit(0)
        if os.waitpid(pid, 0)[1] != 0:
            raise RuntimeError(f"`collector {' '.join(words)}` failed in {here.folder}")


def _recordings_gone(life: Life) -> None:
    folder = life.folder / "var" / "recordings"
    for file in folder.glob("*.gz"):
        file.unlink()
    folder.rmdir()


def _store(life: Life) -> Store:
    return life.daemon.jobs.services.store


def acts() -> list[Act]:
    """Return every fault of the storage."""
    recordings, data = _Rights("var/recordings", 0), _Rights("var", 0o500)
    writer, full, read_only = _Writer(), _disk(4096, 0), _disk(1 << 30, os.ST_RDONLY)

    def lasting(name: str, begin: Callable[[Life], object], end: Callable[[Life], object]) -> Act:
        return Act(name, begin, end, silences=True, spans=TOLD)

    def stop(life: Life) -> None:
        life.stop("restore")

    return [
        lasting("database cannot grow", _fill, _free),
        lasting("disk without room", *full),
        lasting("disk read-only", *read_only),
        lasting(
            "database read-only", _pragma("PRAGMA query_only=1"), _pragma("PRAGMA query_only=0")
        ),
        lasting("another writer", writer.begin, writer.end),
        Act("another writer for a minute", writer.begin, writer.end, spans=(MINUTE,)),
        Act("database deleted", _delete(""), spans=(15 * MINUTE,)),
        Act("database and its log deleted", _delete("", "-wal", "-shm"), spans=(15 * MINUTE,)),
        Act("its log deleted", _delete("-wal"), spans=(15 * MINUTE,)),
        Act("recordings closed to us", recordings.take, recordings.give_back, spans=TOLD),
        Act("data folder read-only to us", data.take, data.give_back, spans=TOLD),
        Act("recordings deleted", _recordings_gone, nothing, spans=(15 * MINUTE,)),
        lasting("page damaged, backup restored", _overwrite, stop),
        lasting("database exchanged, backup restored", _exchange, stop),
    ]


def chained(some: Sequence[Act], rng: random.Random) -> Iterator[Trial]:
    """Yield trials in which each of these faults has a cycle."""
    yield from chains("storage", "adsblol", some, rng, operator=restore)


def trials(rng: random.Random, rounds: int) -> Iterator[Trial]:
    """Yield the trials: each fault in so many cycles."""
    yield from chained(acts() * rounds, rng)
