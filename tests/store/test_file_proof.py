"""Do the proofs find what SQLite does not, and raise no false alarm?"""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from collector.errors import StoreDamaged, StoreError, StoreLocked, StoreUnavailable
from collector.store import Store, meta
from collector.store.sqlite_errors import translate


def grow(store: Store, rows: int = 60) -> None:
    for number in range(rows):
        meta.set_value(store, f"row:{number}", "x" * 3000)
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_a_file_cut_short_by_its_last_page_is_found(store: Store) -> None:
    grow(store)
    store.prove_in_place()
    with store.path.open("r+b") as file:
        file.truncate(store.path.stat().st_size - 4096)
    with pytest.raises(StoreDamaged, match="and should have at least"):
        store.prove_in_place()


def test_other_writers_and_a_vacuum_are_no_damage(store: Store) -> None:
    grow(store)
    store.prove_in_place()
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("DELETE FROM meta WHERE key LIKE 'row:%'")
    store.prove_in_place()
    size = store.path.stat().st_size
    other.execute("VACUUM")
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.prove_in_place()
    assert store.path.stat().st_size < size
    other.close()
    store.prove_in_place()
    store.prove_writable()


def test_a_small_change_succeeds_where_the_proof_fails(store: Store) -> None:
    meta.set_value(store, "small", "1")
    pages = store.execute("PRAGMA page_count")[0][0]
    store.execute(f"PRAGMA max_page_count = {pages}")
    meta.set_value(store, "small", "2")
    with pytest.raises(StoreUnavailable, match="its disk is full"):
        store.prove_writable()
    assert meta.get_value(store, "small") == "2"
    store.execute("PRAGMA max_page_count = 100000")
    for _ in range(3):
        store.prove_writable()
    rows = store.execute("SELECT count(*) FROM meta WHERE key LIKE 'write_proof:%'")
    assert rows[0][0] == 1


def test_a_deleted_index_is_put_back_before_another_program_writes_past_us(store: Store) -> None:
    grow(store)
    store.path.with_name(f"{store.path.name}-shm").unlink()
    meta.set_value(store, "own", "1")
    with pytest.raises(StoreDamaged, match="-shm while the collector used it"):
        store.prove_in_place()
    assert store.put_back()
    with closing(sqlite3.connect(store.path)) as other, other:
        other.execute("INSERT INTO meta VALUES ('other', '1')")
    meta.set_value(store, "own", "2")
    store.prove_in_place()
    assert meta.get_value(store, "other") == "1"
    assert store.check() == []


def test_another_index_is_told(store: Store) -> None:
    index = store.path.with_name(f"{store.path.name}-shm")
    index.rename(index.with_suffix(".old"))
    index.touch()  # as another program makes it
    with pytest.raises(StoreDamaged, match=r"has another .*-shm"):
        store.prove_in_place()
    assert not store.put_back()


def test_what_was_deleted_with_its_folder_is_put_back(store: Store) -> None:
    meta.set_value(store, "ours", "1")
    shutil.rmtree(store.path.parent)
    assert store.put_back()
    store.prove_in_place()
    with Store.open(store.path, read_only=True) as others:
        assert meta.get_value(others, "ours") == "1"


def test_a_file_that_was_put_in_its_place_is_left_alone(store: Store) -> None:
    meta.set_value(store, "ours", "1")
    other = store.path.with_name("other.sqlite")
    Store.open(other).close()
    before = other.read_bytes()
    for path in store.path.parent.glob(f"{store.path.name}*"):
        path.unlink()
    other.rename(store.path)
    with pytest.raises(StoreDamaged, match="was exchanged for another file"):
        store.prove_in_place()
    assert not store.put_back()
    assert store.path.read_bytes() == before
    assert meta.get_value(store, "ours") == "1"


def test_a_database_whose_file_system_is_gone_is_not_begun_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By `umount -l` its folder is another one, on another device; it may be mounted again."""
    meta.set_value(store, "before", "1")
    files = store.path.parent.glob(f"{store.path.name}*")
    gone = [(path, path.with_name(f"gone-{path.name}")) for path in files]
    with monkeypatch.context() as unmounted:
        for path, away in gone:
            path.rename(away)
        unmounted.setattr("collector.store.file_proof._device_of", lambda _: 4242)
        with pytest.raises(StoreDamaged, match="mount that file system again"):
            store.prove_in_place()
        assert not store.put_back()
        assert not store.path.exists()
        meta.set_value(store, "meanwhile", "2")
    for path, away in gone:
        away.rename(path)
    store.prove_in_place()
    with Store.open(store.path, read_only=True) as others:
        assert meta.get_value(others, "meanwhile") == "2"


def test_a_file_that_is_mounted_without_its_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a volume of a container may be: its log would be deleted with the container."""
    (tmp_path / "var data").mkdir()
    path, mounts = tmp_path / "var data" / "collector.sqlite", tmp_path / "mountinfo"
    line = "120 27 0:21 /file {} rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
    monkeypatch.setattr("collector.store.file_proof.MOUNTS", mounts)
    escaped = str(path).replace(" ", r"\040")
    mounts.write_text(line.format(tmp_path) + line.format(escaped.removesuffix(".sqlite")))
    Store.open(path).close()
    mounts.write_text(line.format(tmp_path) + line.format(escaped))
    with pytest.raises(StoreError, match="mount the folder that holds the database"):
        Store.open(path)
    Store.open(path, read_only=True).close()


def test_a_database_with_two_names_is_not_written(tmp_path: Path) -> None:
    path, link = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    Store.open(path).close()
    link.hardlink_to(path)
    for each in (path, link):
        with pytest.raises(StoreError, match=r"has 2 names \(hard links\)") as refused:
            Store.open(each)
    searched = shlex.split(str(refused.value).split("`")[1])[1]
    assert tmp_path.resolve().is_relative_to(searched)
    assert Path(searched).is_mount(), "a search that keeps to one file system begins in it"
    Store.open(path, read_only=True).close()
    link.unlink()
    Store.open(path).close()


def test_nothing_is_put_back_where_nothing_is_missing(store: Store) -> None:
    grow(store)
    assert not store.put_back()
    assert store.quick_check() == []


def test_a_file_system_without_inodes_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No write-ahead log can be made, and SQLite says only that it cannot open the database."""

    def no_inodes(_: Path) -> os.statvfs_result:
        return os.statvfs_result((4096, 4096, 1 << 20, 1 << 19, 1 << 19, 900, 0, 0, 0, 255))

    monkeypatch.setattr("collector.store.sqlite_errors.os.statvfs", no_inodes)
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
    assert "takes no more files" in str(translate(error, tmp_path / "a.sqlite"))


@pytest.mark.parametrize(
    ("code", "kind", "exit_code"),
    [
        (sqlite3.SQLITE_FULL, StoreUnavailable, 75),
        (sqlite3.SQLITE_IOERR_WRITE, StoreUnavailable, 75),
        (sqlite3.SQLITE_READONLY, StoreUnavailable, 75),
        (sqlite3.SQLITE_BUSY, StoreLocked, 75),
        (sqlite3.SQLITE_CORRUPT, StoreDamaged, 1),
        (sqlite3.SQLITE_NOTADB, StoreDamaged, 1),
        (sqlite3.SQLITE_CONSTRAINT, StoreError, 1),
    ],
)
def test_the_kind_of_an_error_decides_the_exit_code(
    code: int, kind: type[StoreError], exit_code: int
) -> None:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    found = translate(error, Path("a.sqlite"))
    assert (type(found), found.exit_code) == (kind, exit_code)
