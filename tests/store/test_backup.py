"""Is a backup a whole database, or else not there?"""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.errors import StoreError
from collector.store import Store, meta


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
