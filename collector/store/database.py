"""Is a file the collector's database, and is each change made as a whole? `Store` sees to both.

Opening refuses a file that is no database, or that another program or a newer collector wrote,
before anything is written to it. SQLite's exceptions leave this room only as StoreError.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from collector import private
from collector.errors import StoreError, StoreUnavailable, os_words
from collector.store import file_proof
from collector.store.file_proof import FileIdentity
from collector.store.lean_sqlite_utils import Database
from collector.store.migrations import run
from collector.store.sqlite_errors import disk_fault, translated

BUSY_TIMEOUT = timedelta(seconds=10)
"""How long a writer waits for another one; the longest transaction, a backfill's batch, is much
shorter."""

Parameters = Sequence[Any] | Mapping[str, Any]


class Store:
    """One connection to the database.

    Threads may share it: each call and each transaction waits for those of the other threads. A
    reader that lives long (a page, a listing) opens its own one, read-only.
    """

    def __init__(self, db: Database, path: Path, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self.clock: Callable[[], datetime] | None = None
        """Tells when what is stored becomes known here; None: at the time at which it is dated. A
        replay dates what it stores by its recording's clock."""
        self._db = db
        self._lock = threading.RLock()
        self._identity: FileIdentity | None = None
        """The files that were opened, to notice that others lie in their place."""

    @classmethod
    def open(cls, path: Path | str, *, read_only: bool = False, create: bool = True) -> Self:
        """Open the database at `path`; unless `read_only`, migrate it as needed.

        Without `create` it must exist. Raises StoreError if it is foreign, newer, damaged, no
        database, or cannot be opened; with `read_only` also if it does not exist yet or still has
        to be migrated.
        """
        path = Path(path)
        if read_only or not create:
            file_proof.must_be_there(path)
        with translated(path):
            store = cls(_connect(path, read_only=read_only), path, read_only=read_only)
            try:
                store._prepare()
            except BaseException:
                store.close()
                raise
        return store

    def _prepare(self) -> None:
        run.refuse_unknown(self._db, self.path)
        if self.read_only:
            if run.version(self._db) != run.LATEST:
                raise StoreError(
                    f"database {self.path} was written by an older collector: "
                    "run `collector db migrate` once"
                )
            return
        if self._db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            self._db.execute("PRAGMA journal_mode = WAL")
        # FULL syncs at each commit: a mail marked as sent stays so through a power cut.
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        # Else a log that was long once, as a reader kept it, would stay so until we end.
        self._db.execute(f"PRAGMA journal_size_limit = {file_proof.LOG_LIMIT_BYTES}")
        if run.version(self._db) != run.LATEST:
            with self.transaction():
                run.migrate(self._db, self.path)
        self._db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()  # makes the -wal file
        self._identity = FileIdentity.of(self.path)

    def execute(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Run one statement and return all its rows. Raises StoreError."""
        with self._lock, translated(self.path):
            cursor = self._db.conn.cursor()
            cursor.row_factory = sqlite3.Row
            return cursor.execute(sql, parameters).fetchall()

    def execute_many(self, sql: str, parameters: Iterable[Parameters]) -> None:
        """Run one statement that returns no rows with each of `parameters`. Raises StoreError."""
        with self._lock, translated(self.path):
            self._db.conn.executemany(sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the changes of the block as a whole or not at all; an inner one undoes only itself.

        The outermost one is BEGIN IMMEDIATE: it waits for another writer at its beginning. A
        deferred one (sqlite-utils' `atomic()`) fails at once, without the busy timeout, if another
        process wrote between its first read and its first write. On a read-only store, the block
        sees one unchanging state of the database. Raises StoreError.
        """
        with self._lock, translated(self.path):
            if self._db.conn.in_transaction:
                with self._db.atomic():
                    yield
                return
            self._db.conn.execute("BEGIN" if self.read_only else "BEGIN IMMEDIATE")
            try:
                yield
                self._db.commit()
            except BaseException:
                # The error may have ended the transaction already, or make this fail too; the first
                # exception is the one that says why.
                with suppress(sqlite3.Error):
                    self._db.rollback()
                raise

    def known_at(self, at: datetime) -> datetime | None:
        """Return when a change that is dated `at` becomes known here; None: at that time."""
        known_at = at if self.clock is None else self.clock()
        return known_at if known_at > at else None

    @property
    def version(self) -> int:
        """The number of migrations that the file has had. Raises StoreError."""
        with self._lock, translated(self.path):
            return run.version(self._db)

    def changed_elsewhere(self) -> int:
        """Return a number that differs from the last one if another process wrote in between.

        SQLite does not say what it counts: compare it only with an earlier one. Raises StoreError.
        """
        return int(self.execute("PRAGMA data_version")[0][0])

    def check(self) -> list[str]:
        """Read the whole file and return what is wrong with it; empty if nothing is."""
        try:
            found = [str(row[0]) for row in self.execute("PRAGMA integrity_check")]
            orphans = self.execute("PRAGMA foreign_key_check")
        except StoreError as error:  # too damaged even for the check
            return [str(error)]
        return [line for line in found if line != "ok"] + [
            f"a row of {row[0]} belongs to a row of {row[2]} that is gone" for row in orphans
        ]

    def prove_in_place(self) -> None:
        """Prove that other processes find and can read this database, and that its disk has room.

        Raises StoreDamaged if its file or its write-ahead log was deleted, moved, exchanged or cut
        short, StoreUnavailable if the disk is full or read-only (writes may go on for a while in
        the log, as far as that has grown before), StoreError if a new connection cannot read it.
        """
        if (fault := disk_fault(self.path)) is not None:
            raise StoreUnavailable(f"database {self.path} {fault}")
        opened = self._identity
        file_proof.must_be_same(self.path, opened)
        if opened is None:
            return
        with translated(self.path), closing(_connect(self.path, read_only=True).conn) as fresh:
            file_proof.must_be_whole(self.path, fresh, opened.size)
        with self._lock:
            if self._identity is opened:
                self._identity = FileIdentity.of(self.path)

    def prove_writable(self) -> None:
        """Prove that the database can grow and that the disk takes it. Raises StoreError.

        Replaces a row of 64 KiB, and inserts the new one before it deletes the old one: this needs
        free pages in the file, or room to grow, as the reports of a poll do. A small change of an
        existing row also succeeds on a full disk.
        """
        with self.transaction():
            file_proof.replace_proof_row(self._db.conn)

    def quick_check(self) -> list[str]:
        """Read the whole file over a connection of its own and return what is damaged.

        Nobody waits for it. It leaves out whether indexes agree with their tables, which `check`
        includes, and takes about a second for each GB that the system has in memory. Raises
        StoreError if the file cannot even be opened.
        """
        with translated(self.path), closing(_connect(self.path, read_only=True).conn) as fresh:
            found = [str(row[0]) for row in fresh.execute("PRAGMA quick_check(5)")]
        return [line for line in found if line != "ok"]

    def put_back(self) -> bool:
        """Put files that were deleted back in their place, from the ones that are still open.

        A deleted file exists as long as this process has it open. A deleted database is copied from
        it; from a deleted write-ahead log, or one whose index was deleted, all changes are taken
        over into the database. Return False, and change nothing, if neither is missing or what
        lies there now is not ours to change (`file_proof.may_be_put_back`). Raises StoreError.
        """
        with self._lock, translated(self.path):
            if not file_proof.may_be_put_back(self.path, self._identity):
                return False
            if not self.path.exists():
                rescued = self.path.with_name(self.path.name + ".rescued")
                with suppress(OSError):  # then the copy fails, and says why
                    private.make_folder(rescued.absolute().parent)
                rescued.unlink(missing_ok=True)
                self.backup(rescued)
            elif not (
                file_proof.wal_of(self.path).exists() and file_proof.shm_of(self.path).exists()
            ):
                rescued = None
                self._db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                return False
            self._db.close()
            if rescued is not None:
                for left in ("-wal", "-shm"):  # of the deleted file; they do not fit the copy
                    self.path.with_name(self.path.name + left).unlink(missing_ok=True)
                rescued.rename(self.path)
            self._db = _connect(self.path, read_only=False)
            self._prepare()
        return True

    def backup(self, to: Path | str) -> None:
        """Write a compact, consistent copy while other processes write on.

        `to` appears complete or not at all. Raises StoreError if it exists or cannot be written.
        """
        target = Path(to)
        if target.exists():
            raise StoreError(f"{target} exists already: name a new file for the backup")
        partial = target.with_name(target.name + ".partial")
        try:
            partial.unlink(missing_ok=True)
            os.close(private.open_new(partial))
            with self._lock, translated(target):
                self._db.conn.execute("VACUUM INTO ?", (str(partial),))
            with partial.open("rb") as copy:
                os.fsync(copy.fileno())  # VACUUM INTO leaves this to its caller
            partial.rename(target)
        except OSError as error:
            raise StoreError(f"the backup {target} cannot be written: {os_words(error)}") from error
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the connection; a transaction that is still open is undone."""
        with self._lock, translated(self.path):
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _connect(path: Path, *, read_only: bool) -> Database:
    """Return a connection that begins no transactions by itself; make the folder if needed."""
    if not read_only:
        try:
            private.make_folder(path.absolute().parent)
        except OSError as error:
            raise StoreError(
                f"the folder of the database {path} cannot be made: {error.strerror}: make it, or "
                "choose another path for `database` in the configuration"
            ) from error
        file_proof.must_be_writable(path)
        file_proof.must_have_one_name(path)
        file_proof.must_not_be_mounted_alone(path)
        with suppress(OSError):  # it is there, or SQLite says what is wrong and what to do
            os.close(private.open_new(path))
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}",
        uri=True,
        timeout=BUSY_TIMEOUT.total_seconds(),
        isolation_level=None,
        check_same_thread=False,  # Store's lock replaces the check
    )
    # Plugins of other tools must not run in this process.
    return Database(connection, execute_plugins=False)
