"""Is a backup a whole database, or else not there?"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.errors import StoreError
from collector.store import Store, meta
from collector.store.backups import write_dated_backup


def test_a_backup_is_a_whole_database(store: Store, tmp_path: Path) -> None:
    meta.set_value(store, "a", "b")
    copy = tmp_path / "backup.sqlite"
    store.backup(copy)
    with Store.open(copy, read_only=True) as other:
        assert meta.get_value(other, "a") == "b"
        assert other.check() == []
    with pytest.raises(StoreError, match="exists already"):
        store.backup(copy)


def test_a_reader_can_make_a_backup(path: Path, tmp_path: Path) -> None:
    Store.open(path).close()
    with Store.open(path, read_only=True) as reader:
        reader.backup(tmp_path / "copy.sqlite")
    Store.open(tmp_path / "copy.sqlite", read_only=True).close()


def test_a_backup_that_fails_leaves_nothing(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "missing" / "backup.sqlite"
    with pytest.raises(StoreError, match=r"missing.backup\.sqlite"):
        store.backup(target)
    assert list(tmp_path.glob("**/*backup*")) == []


NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_keeps_the_newest_backups_and_what_is_no_backup(
    store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for other in ("collector-before-20261101T120000Z.sqlite", "other-2026-11-01T120000Z.sqlite"):
        (folder / other).write_bytes(b"")
    for day in range(4):
        write_dated_backup(store, folder, now=NOON + day * DAY, keep=2)
    assert _names(folder) == [
        "collector-2026-11-24T120000Z.sqlite",
        "collector-2026-11-25T120000Z.sqlite",
        "collector-before-20261101T120000Z.sqlite",
        "other-2026-11-01T120000Z.sqlite",
    ]


def test_a_backup_just_made_stays_after_the_clock_was_set_back(
    store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in (30, 31, 0):
        written = write_dated_backup(store, folder, now=NOON + day * DAY, keep=1)
        assert _names(folder) == [written.name]


def test_a_damaged_database_pushes_no_sound_backup_out(store: Store, tmp_path: Path) -> None:
    """A row without its parent is copied as it is, and only reading the copy finds it."""
    folder = tmp_path / "backups"
    folder.mkdir()
    sound = write_dated_backup(store, folder, now=NOON, keep=1)
    other = sqlite3.connect(store.path)
    other.execute(
        "INSERT INTO revisions VALUES ('gone', 1, '', 'found', '', '', NULL, NULL, NULL, NULL)"
    )
    other.commit()
    other.close()
    with pytest.raises(StoreError, match=r"was deleted.*a row of revisions.*collector db check"):
        write_dated_backup(store, folder, now=NOON + DAY, keep=1)
    assert _names(folder) == [sound.name]


def test_a_copy_that_cannot_be_opened_does_not_stay_as_a_backup(
    store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    sound = write_dated_backup(store, folder, now=NOON, keep=1)
    other = sqlite3.connect(store.path)
    other.execute("PRAGMA user_version = 9999")
    other.close()
    with pytest.raises(StoreError):
        write_dated_backup(store, folder, now=NOON + DAY, keep=1)
    assert _names(folder) == [sound.name]
