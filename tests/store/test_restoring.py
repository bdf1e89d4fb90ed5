"""Does a backup become the database again, whole or not at all, and so that it can be written?"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collector.errors import StoreError
from collector.model.week_statement import WeekStatement
from collector.store import Store, meta, week_statements
from collector.store.restoring import restore
from tests.support.rights import bound_by_permissions

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup in which `a` is `old`."""
    path = tmp_path / "backup.sqlite"
    with Store.open(tmp_path / "first" / "collector.sqlite") as store:
        meta.set_value(store, "a", "old")
        store.backup(path)
    return path


def value(path: Path) -> str | None:
    with Store.open(path, read_only=True) as store:
        return meta.get_value(store, "a")


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_backup_takes_the_place_of_the_database_which_is_kept(
    path: Path, backup: Path, tmp_path: Path
) -> None:
    with Store.open(path) as store:
        meta.set_value(store, "a", "new")
    assert restore(backup, path, kept_as=tmp_path / "kept.sqlite", at=NOW)
    assert (value(path), value(tmp_path / "kept.sqlite"), value(backup)) == ("old", "new", "old")
    with Store.open(path) as store:
        meta.set_value(store, "a", "newer")
        assert store.check() == []
    assert value(backup) == "old"


def test_what_was_not_yet_merged_stays_with_the_database_before(
    path: Path, backup: Path, tmp_path: Path
) -> None:
    """A killed daemon leaves its last changes in the file beside the database."""
    with Store.open(path) as store:
        store.execute("PRAGMA wal_autocheckpoint = 0")
        meta.set_value(store, "a", "last")
        wal = path.with_name(path.name + "-wal").read_bytes()
        main = path.read_bytes()
    path.write_bytes(main)
    path.with_name(path.name + "-wal").write_bytes(wal)
    restore(backup, path, kept_as=tmp_path / "kept.sqlite", at=NOW)
    assert value(path) == "old"
    with Store.open(tmp_path / "kept.sqlite") as store:
        assert meta.get_value(store, "a") == "last"


def test_without_a_database_the_backup_becomes_one(tmp_path: Path, backup: Path) -> None:
    path = tmp_path / "new" / "collector.sqlite"
    assert not restore(backup, path, kept_as=tmp_path / "kept.sqlite", at=NOW)
    assert files(path.parent) == {"collector.sqlite"}
    assert value(path) == "old"


def test_a_backup_of_an_older_collector_is_migrated(path: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite"
    with sqlite3.connect(old) as db:
        db.executescript((Path(__file__).parent / "schemas" / "m001_tables.sql").read_text())
    db.close()
    restore(old, path, kept_as=tmp_path / "kept.sqlite", at=NOW)
    with Store.open(path, read_only=True) as store:
        assert store.check() == []
    with sqlite3.connect(old) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,), "the backup stays as it is"
    db.close()


def test_killed_before_the_last_step_it_leaves_the_database_before(
    path: Path, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(path) as store:
        meta.set_value(store, "a", "new")
    rename = Path.rename

    def kill(old: Path, new: Path) -> Path:
        if new == path:
            raise KeyboardInterrupt
        return rename(old, new)

    monkeypatch.setattr(Path, "rename", kill)
    kept = tmp_path / "kept.sqlite"
    with pytest.raises(KeyboardInterrupt):
        restore(backup, path, kept_as=kept, at=NOW)
    assert (value(path), value(kept)) == ("new", "new")
    monkeypatch.undo()
    with pytest.raises(StoreError, match="File exists"):
        restore(backup, path, kept_as=kept, at=NOW)
    assert restore(backup, path, kept_as=tmp_path / "again.sqlite", at=NOW)
    assert (value(path), value(kept)) == ("old", "new")


def test_without_hard_links_the_database_before_is_renamed(
    path: Path, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    with Store.open(path) as store:
        meta.set_value(store, "a", "new")
    monkeypatch.setattr(os, "link", no_links)
    assert restore(backup, path, kept_as=tmp_path / "kept.sqlite", at=NOW)
    assert (value(path), value(tmp_path / "kept.sqlite")) == ("old", "new")


def damaged(backup: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[8192:20000] = b"\xff" * (20000 - 8192)
    backup.write_bytes(content)


def foreign(backup: Path) -> None:
    backup.unlink()
    with sqlite3.connect(backup) as db:
        db.execute("CREATE TABLE x (y)")
    db.close()


def newer(backup: Path) -> None:
    with sqlite3.connect(backup) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


@pytest.mark.parametrize(
    "spoil",
    [
        damaged,
        foreign,
        newer,
        lambda backup: backup.write_bytes(b"not a database" * 99),
        lambda backup: backup.write_bytes(backup.read_bytes()[:9000]),
        lambda backup: backup.unlink(),
    ],
    ids=["damaged", "foreign", "newer", "no database", "cut", "missing"],
)
def test_what_is_no_backup_changes_nothing(path: Path, backup: Path, spoil: object) -> None:
    with Store.open(path) as store:
        meta.set_value(store, "a", "new")
    assert callable(spoil)
    spoil(backup)
    before = files(path.parent)
    with pytest.raises(StoreError):
        restore(backup, path, kept_as=path.with_name("kept.sqlite"), at=NOW)
    assert files(path.parent) == before
    assert value(path) == "new"


def test_a_copy_that_the_user_cannot_write_is_refused_with_the_cure(path: Path) -> None:
    Store.open(path).close()
    path.chmod(0o400)
    with bound_by_permissions() if os.geteuid() == 0 else nullcontext():
        with pytest.raises(StoreError, match=r"chown --reference=.*`collector db restore`"):
            Store.open(path)
        with Store.open(path, read_only=True):
            pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_another_user_is_told_to_be_the_collectors_own(path: Path) -> None:
    """Nothing is wrong with the database, so nothing is to be given away."""
    Store.open(path).close()
    for each in (path.parent, path):
        os.chown(each, 4321, 4321)
    path.parent.chmod(0o755)
    path.chmod(0o644)
    wanted = "run this as the collector's own user"
    with bound_by_permissions(), pytest.raises(StoreError, match=wanted) as refused:
        Store.open(path)
    assert "chown" not in str(refused.value)


def test_what_the_database_before_had_said_is_remembered(path: Path, backup: Path) -> None:
    """Else a week that it had counted is dark from now on, and nobody learns of it."""
    said = WeekStatement(least=2, most=2, coverage=0.9, seen=0.9, counting="")
    with Store.open(path) as store:
        week_statements.store_statements(store, "w", [("LLOV", "2026-W46", said)], NOW)
    for number in range(2):
        restore(backup, path, kept_as=path.with_name(f"kept-{number}.sqlite"), at=NOW)
        with Store.open(path, read_only=True) as store:
            assert week_statements.last_statements(store, "w") == {("LLOV", "2026-W46"): said}


def test_a_backup_is_restored_though_the_database_before_is_damaged(
    path: Path, backup: Path, tmp_path: Path
) -> None:
    path.write_bytes(b"no database" * 1000)
    assert restore(backup, path, kept_as=tmp_path / "kept.sqlite", at=NOW)
    assert value(path) == "old"
