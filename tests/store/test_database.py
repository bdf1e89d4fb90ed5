"""Is only the collector's own database opened, and is a change made as a whole or not at all?"""

from __future__ import annotations

import sqlite3
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from collector.errors import StoreError
from collector.store import Store, database, meta
from collector.store.migrations import run
from tests.support.rights import bound_by_permissions


def _sql(path: Path, *statements: str) -> list[tuple[object, ...]]:
    """What another program does to the file."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        return [row for statement in statements for row in connection.execute(statement)]
    finally:
        connection.close()


def test_a_new_file_is_made_with_its_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.support.new_databases.COPIED", False)
    path = tmp_path / "a" / "b ?#%20" / "collector.sqlite"
    with Store.open(path) as store:
        assert store.version == run.LATEST
        assert store.check() == []
    assert path.is_file()
    assert _sql(path, "PRAGMA application_id", "PRAGMA journal_mode") == [
        (run.APPLICATION_ID,),
        ("wal",),
    ]


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    path.touch()
    with Store.open(path) as store:
        assert store.version == run.LATEST


def test_it_is_kept_when_opened_again(path: Path) -> None:
    with Store.open(path) as store:
        meta.set_value(store, "settled", "yes")
    with Store.open(str(path)) as store:
        assert meta.get_value(store, "settled") == "yes"


def test_connections_keep_the_promises(store: Store) -> None:
    def pragma(name: str) -> object:
        return store.execute(f"PRAGMA {name}")[0][0]

    assert pragma("foreign_keys") == 1
    assert pragma("synchronous") == 2
    assert pragma("busy_timeout") == 10_000
    assert {row["name"] for row in store.execute("PRAGMA table_list") if not row["strict"]} == {
        "_sqlite_migrations",
        "sqlite_schema",
        "sqlite_temp_schema",
        *(row["name"] for row in store.execute("PRAGMA table_list") if row["type"] == "view"),
    }


@pytest.mark.parametrize(
    "change",
    [
        "PRAGMA user_version = 9999",
        "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('collector', 'm999_later')",
    ],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_a_newer_database_is_refused(path: Path, change: str, read_only: bool) -> None:
    Store.open(path).close()
    _sql(path, change)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"newer collector.*install that version"):
        Store.open(path, read_only=read_only)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE bookmarks (url)",),
        ("PRAGMA application_id = 77",),
        ("CREATE VIEW v AS SELECT 1",),
    ],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_a_database_of_another_program_is_refused(
    path: Path, statements: tuple[str, ...], read_only: bool
) -> None:
    _sql(path, *statements)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program: choose another path"):
        Store.open(path, read_only=read_only)
    assert path.read_bytes() == before


def test_another_file_is_refused(path: Path) -> None:
    path.write_text("[collector]\n" * 100)
    with pytest.raises(StoreError, match="is not a database: choose another path"):
        Store.open(path)
    assert path.read_text().startswith("[collector]")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(tmp_path)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    with pytest.raises(StoreError, match="folder of the database"):
        Store.open(tmp_path / "var" / "collector.sqlite")


def test_reading_makes_nothing(path: Path) -> None:
    with pytest.raises(StoreError, match=r"no database at .* yet"):
        Store.open(path, read_only=True)
    assert not path.exists()
    path.touch()
    with pytest.raises(StoreError, match="collector db migrate"):
        Store.open(path, read_only=True)


def test_reading_never_writes(path: Path) -> None:
    Store.open(path).close()
    with Store.open(path, read_only=True) as reader:
        with pytest.raises(StoreError, match="cannot be written"):
            meta.set_value(reader, "a", "b")
        with pytest.raises(StoreError, match="cannot be written"), reader.transaction():
            meta.set_value(reader, "a", "b")


def test_a_reader_sees_one_moment(path: Path) -> None:
    with Store.open(path) as writer, Store.open(path, read_only=True) as reader:
        with reader.transaction():
            assert meta.get_value(reader, "a") is None
            meta.set_value(writer, "a", "b")
            assert meta.get_value(reader, "a") is None
        assert meta.get_value(reader, "a") == "b"


def test_a_transaction_is_undone_as_a_whole(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            meta.set_value(store, "a", "1")
            with store.transaction():
                meta.set_value(store, "b", "1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.execute("SELECT * FROM meta") == []


def test_an_inner_transaction_is_undone_alone(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            meta.set_value(store, "b", "1")
            raise ZeroDivisionError

    with store.transaction():
        meta.set_value(store, "a", "1")
        with pytest.raises(ZeroDivisionError):
            fail()
    assert [row["key"] for row in store.execute("SELECT * FROM meta")] == ["a"]


def test_a_reader_that_becomes_a_writer_waits(path: Path) -> None:
    """What sqlite-utils' deferred `atomic()` fails at: SQLITE_BUSY_SNAPSHOT."""
    with Store.open(path) as store, Store.open(path) as other:
        with store.transaction():
            assert meta.get_value(store, "a") is None
            writer = threading.Thread(target=meta.set_value, args=(other, "a", "other"))
            writer.start()
            meta.set_value(store, "a", "mine")
        writer.join()
        assert meta.get_value(store, "a") == "other"


def test_threads_may_share_a_store(store: Store) -> None:
    def count() -> None:
        for _ in range(50):
            with store.transaction():
                meta.set_value(store, "n", str(int(meta.get_value(store, "n") or 0) + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert meta.get_value(store, "n") == "200"


def test_starting_together_is_safe(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.new_databases.COPIED", False)
    found: list[object] = []
    gate = threading.Barrier(6)

    def start() -> None:
        gate.wait()
        try:
            with Store.open(path) as store:
                found.append(store.version)
        except StoreError as error:
            found.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [run.LATEST] * 6


def test_a_lock_that_stays_is_an_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT", timedelta(milliseconds=50))
    with Store.open(path) as store, Store.open(path) as other, other.transaction():
        meta.set_value(other, "a", "b")
        with pytest.raises(StoreError, match="locked by another process: end"):
            meta.set_value(store, "a", "c")


def test_a_full_disk_is_an_error_and_nothing_is_half_stored(store: Store) -> None:
    def fill() -> None:
        with store.transaction():
            meta.set_value(store, "a", "small")
            with store.transaction():
                meta.set_value(store, "b", "x" * 100_000)

    store.execute("PRAGMA max_page_count = 1")  # SQLite keeps the pages there are
    with pytest.raises(StoreError, match="disk is full: free some space"):
        fill()
    store.execute("PRAGMA max_page_count = 1000000")
    assert store.execute("SELECT * FROM meta") == []
    meta.set_value(store, "a", "goes on")
    assert store.check() == []


def test_damage_is_found_and_named(path: Path) -> None:
    with Store.open(path) as store:
        for number in range(900):
            meta.set_value(store, f"{number}", "x" * 400)
    damaged = bytearray(path.read_bytes())
    for begin in range(len(damaged) // 2, len(damaged), 4096):
        damaged[begin : begin + 2000] = b"\xff" * 2000
    path.write_bytes(damaged)
    with Store.open(path) as store:
        assert store.check()
        with pytest.raises(StoreError, match=r"is damaged: stop the collector.*newest backup"):
            store.execute("SELECT sum(length(value)) FROM meta")


def test_orphans_are_found(path: Path) -> None:
    Store.open(path).close()
    _sql(path, "INSERT INTO revisions VALUES ('gone-1', 1, '', '', '', '', NULL, NULL, NULL, NULL)")
    with Store.open(path) as store:
        assert store.check() == ["a row of revisions belongs to a row of landings that is gone"]


def test_a_wrong_type_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="refuses a row"):
        store.execute("INSERT INTO spending VALUES ('a', '2026-11-22', 'many', 1)")


def test_a_closed_store_says_so(path: Path) -> None:
    store = Store.open(path)
    store.close()
    with pytest.raises(StoreError, match="closed database"):
        meta.get_value(store, "a")


def test_a_database_behind_a_closed_door_is_an_error(tmp_path: Path) -> None:
    """Root may enter every folder, so the test gives its rights up."""
    folder = tmp_path / "closed"
    folder.mkdir()
    Store.open(folder / "collector.sqlite").close()
    folder.chmod(0)
    try:
        with bound_by_permissions(), pytest.raises(StoreError, match="cannot be reached"):
            Store.open(folder / "collector.sqlite", read_only=True)
    finally:
        folder.chmod(0o700)
