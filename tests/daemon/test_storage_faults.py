"""Is every fault of the storage told in time, and is nothing lost once it is over?

The faults are real: SQLite runs out of pages, files are deleted, exchanged and overwritten.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.daemon import start
from collector.errors import StoreError, StoreUnavailable
from collector.lock import SingleInstance
from collector.settings import load
from collector.store import Store, feeds, landings, meta
from tests.support.outage import Outage, outage
from tests.support.sky import Sky, Visit
from tests.support.station import Station

MORNING = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FAILING = "Condition: Database collector.sqlite is failing"
WORKS = "Condition over: Database collector.sqlite works again"
LANDS_AT = MORNING + 80 * MINUTE


def database(run: Outage) -> Path:
    return Station(run.at.store.path.parents[1]).database


def fill(run: Outage) -> None:
    """Let the database have as many pages as it has now, and use up those that are free."""
    store = run.at.store
    store.execute(f"PRAGMA max_page_count = {store.execute('PRAGMA page_count')[0][0]}")
    for number in itertools.count():
        try:
            meta.set_value(store, f"filler:{number}", "x" * 3000)
        except StoreUnavailable:
            return


def free(run: Outage) -> None:
    run.at.store.execute("PRAGMA max_page_count = 1000000")


def assert_silent(run: Outage, begin: datetime, end: datetime) -> None:
    """Nothing said that all is well: no ping after 15 minutes, no watchdog after its time."""
    assert [at for at in run.pings if begin + 15 * MINUTE < at < end] == []
    assert end - begin >= 30 * MINUTE
    assert [at for at in run.watchdog_fed if begin + 10 * MINUTE < at < end] == []


def test_a_full_disk_for_150_minutes_is_told_at_once_and_loses_nothing(tmp_path: Path) -> None:
    with outage(tmp_path, MORNING, Sky((Visit(lands_at=LANDS_AT),))) as run:
        run.work(30 * MINUTE)
        assert len(run.pings) >= 5, "all is well until then"
        fill(run)
        full_at, asked = run.at.clock.now(), len(run.at.feed.asked)
        run.work(150 * MINUTE)
        (told_at, mail), *more = [(at, owed) for at, owed in run.mails if at >= full_at]
        assert more == []
        assert (mail.message.subject, told_at - full_at < 6 * MINUTE) == (FAILING, True)
        assert "its disk is full" in mail.message.text
        assert "and are recorded as long as" in " ".join(mail.message.text.split())
        assert_silent(run, full_at, run.at.clock.now())
        assert len(run.at.feed.asked) - asked >= 120, "polls go on"
        assert landings.find(run.at.store) == []

        free(run)
        freed_at = run.at.clock.now()
        run.work(20 * MINUTE)
        assert WORKS in run.mails_since(freed_at)
        assert [at for at in run.pings if at > freed_at]
        assert run.watchdog_fed[-1] > freed_at + 10 * MINUTE
        (landing,) = landings.find(run.at.store)
        assert landing.detection.grade.value == "confirmed"
        stored = feeds.polls(run.at.store, limit=10_000)
        assert all(poll.outcome.alive for poll in stored), "none is taken for a cached one"
        times = sorted(poll.at for poll in stored)
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
        assert max(gaps) < 5 * MINUTE, "every reply of the outage is stored"


def test_what_fails_in_one_rare_job_is_told_once_and_not_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sorting may need more room in /tmp than there is, while every write succeeds."""

    room = False

    def sort(_: object) -> bool:
        if not room:
            raise StoreError("no room for sorting")
        return False

    monkeypatch.setattr("collector.daemon.jobs.Jobs.derive_stops", sort)
    with outage(tmp_path, MORNING, Sky()) as run:
        run.work(50 * MINUTE)
        assert [owed.message.subject for _, owed in run.mails] == [FAILING]
        room = True
        run.work(5 * MINUTE)
        assert [owed.message.subject for _, owed in run.mails] == [FAILING, WORKS]


def delete(run: Outage) -> None:
    database(run).unlink()


def delete_all(run: Outage) -> None:
    for path in database(run).parent.glob("collector.sqlite*"):
        path.unlink()


def delete_folder(run: Outage) -> None:
    shutil.rmtree(database(run).parent)


def delete_log(run: Outage) -> None:
    database(run).with_name("collector.sqlite-wal").unlink()


@pytest.mark.parametrize("fault", [delete, delete_all, delete_folder, delete_log])
def test_a_deleted_file_is_told_at_once_and_put_back(
    tmp_path: Path, fault: Callable[[Outage], None]
) -> None:
    with outage(tmp_path, MORNING, Sky((Visit(lands_at=MORNING + 10 * MINUTE),))) as run:
        run.work(15 * MINUTE)
        fault(run)
        begin = run.at.clock.now()
        run.work(10 * MINUTE)
        assert run.mails_since(begin)[0] == FAILING
        assert run.mails[-1][0] - begin < 10 * MINUTE
        assert run.mails_since(begin)[-1] == WORKS
        with Store.open(database(run), read_only=True) as others:
            assert len(landings.find(others)) == 1
            newest = feeds.polls(others)[0].at
        assert run.at.clock.now() - newest < 3 * MINUTE, (
            "the daemon writes into the file at its place"
        )
        assert run.at.store.check() == []


def exchange(run: Outage) -> None:
    other = tmp = database(run).with_name("other.sqlite")
    Store.open(other).close()
    tmp.replace(database(run))


def exchange_all(run: Outage) -> None:
    """As who restores a backup by hand under the running daemon."""
    exchange(run)
    for name in ("collector.sqlite-wal", "collector.sqlite-shm"):
        database(run).with_name(name).unlink()


def overwrite(run: Outage) -> None:
    """Damage pages in the middle: only a check of the whole file finds that."""
    run.at.store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database(run).open("r+b") as file:
        file.seek(12 * 4096)
        file.write(b"\xa5" * 4096 * 8)


@pytest.mark.parametrize("fault", [exchange, exchange_all, overwrite])
def test_a_damaged_or_exchanged_file_is_told_and_stays_so(
    tmp_path: Path, fault: Callable[[Outage], None]
) -> None:
    with outage(tmp_path, MORNING, Sky()) as run:
        run.work(10 * MINUTE)
        run.daemon.storage._checked_at = None
        fault(run)
        begin = run.at.clock.now()
        run.work(31 * MINUTE)
        assert run.mails_since(begin)[:1] == [FAILING]
        assert run.mails[0][0] - begin < 6 * MINUTE
        assert WORKS not in run.mails_since(begin)
        assert_silent(run, begin, run.at.clock.now())


def test_a_read_only_database_is_told_at_once(tmp_path: Path) -> None:
    with outage(tmp_path, MORNING, Sky()) as run:
        run.work(20 * MINUTE)
        run.at.store.execute("PRAGMA query_only = ON")
        begin = run.at.clock.now()
        run.work(30 * MINUTE)
        assert run.mails_since(begin) == [FAILING]
        assert run.mails[-1][0] - begin < 2 * MINUTE
        assert_silent(run, begin, run.at.clock.now())
        run.at.store.execute("PRAGMA query_only = OFF")
        run.work(5 * MINUTE)
        assert run.mails_since(begin) == [FAILING, WORKS]


@pytest.mark.parametrize(
    ("free_bytes", "flags", "words"),
    [(4096, 0, "its disk is full"), (1 << 30, os.ST_RDONLY, "its file system is read-only")],
)
def test_a_disk_without_room_is_told_before_the_log_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_bytes: int, flags: int, words: str
) -> None:
    def disk(_: Path) -> os.statvfs_result:
        blocks = free_bytes // 4096
        return os.statvfs_result((4096, 4096, 1 << 20, blocks, blocks, 9, 9, 9, flags, 255))

    with outage(tmp_path, MORNING, Sky()) as run:
        run.work(10 * MINUTE)
        monkeypatch.setattr("collector.store.sqlite_errors.os.statvfs", disk)
        begin = run.at.clock.now()
        run.work(31 * MINUTE)
        ((told_at, mail),) = run.mails
        assert told_at - begin < 2 * MINUTE
        assert words in " ".join(mail.message.text.split())
        assert_silent(run, begin, run.at.clock.now())


def test_a_lock_that_was_deleted_keeps_a_second_daemon_away_all_the_same(tmp_path: Path) -> None:
    with outage(tmp_path, MORNING, Sky()) as run, SingleInstance(database(run)) as lock:
        run.daemon.storage.hold_lock = lock.hold
        delete_all(run)
        run.work(2 * MINUTE)
        with pytest.raises(StoreError, match="another collector"):
            SingleInstance(database(run)).__enter__()
        lock.path.unlink()
        with SingleInstance(database(run)):
            begin = run.at.clock.now()
            run.work(32 * MINUTE)
            assert FAILING in run.mails_since(begin)
            assert "another collector" in run.mails[-1][1].message.text
            assert_silent(run, begin, run.at.clock.now())
        run.work(3 * MINUTE)
        assert run.mails_since(begin)[-1] == WORKS


def test_the_daemon_itself_takes_its_lock_again(tmp_path: Path) -> None:
    station = Station(tmp_path)
    with start.daemon(load(station.config, environ={}), {}) as daemon:
        station.database.with_name(f"{station.database.name}.lock").unlink()
        daemon.storage.prove()
        with pytest.raises(StoreError, match="another collector"):
            SingleInstance(station.database).__enter__()


def test_a_locked_database_delays_what_is_stored_and_loses_nothing(tmp_path: Path) -> None:
    with outage(tmp_path, MORNING, Sky((Visit(lands_at=MORNING + 25 * MINUTE),))) as run:
        run.work(20 * MINUTE)
        other = sqlite3.connect(database(run), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        begin = run.at.clock.now()
        run.work(1.5 * MINUTE)
        assert run.mails_since(begin) == [], "a backfill's batch passes"
        run.work(10 * MINUTE)
        assert run.mails_since(begin) == [FAILING]
        other.execute("ROLLBACK")
        other.close()
        run.work(25 * MINUTE)
        (landing,) = landings.find(run.at.store)
        assert landing.detection.grade.value == "confirmed"
        assert WORKS in run.mails_since(begin)


def test_deleted_recordings_are_told_at_once_and_begun_anew(tmp_path: Path) -> None:
    with outage(tmp_path, MORNING, Sky()) as run:
        run.work(20 * MINUTE)
        folder = tmp_path / "var" / "recordings"
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        begin = run.at.clock.now()
        run.work(20 * MINUTE)
        assert run.mails_since(begin) == [
            "Condition: Replies cannot be recorded",
            "Condition over: Replies are recorded again",
        ]
        assert run.mails[0][0] - begin < 6 * MINUTE
        (file,) = folder.glob("*.warc.gz")
        assert file.stat().st_size > 500
