"""Can other users of the machine read what the collector writes? Not by any mode."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collector import private
from collector.lock import SingleInstance
from collector.mail.folder import FolderSender
from collector.model import Recipient
from collector.model.notice import Message, Owed
from collector.recording import Recorder
from collector.store import Store, meta
from collector.store.restoring import restore

NOW = datetime(2026, 11, 22, tzinfo=UTC)

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


@pytest.fixture(autouse=True, params=[0o022, 0o777], ids=["open", "closed"])
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """Most users of a server have the first, by which all can read their files; by the second not
    even the collector could."""
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.fixture(autouse=True)
def _made_by_the_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copied database has the mode that the copy was given."""
    monkeypatch.setattr("tests.support.new_databases.COPIED", False)


def write_everything(folder: Path) -> None:
    """Write one of each kind of file that a collector keeps."""
    with SingleInstance(folder / "var" / "collector.sqlite"):
        pass
    with Store.open(folder / "var" / "collector.sqlite") as store:
        meta.set_value(store, "a", "b")
        store.backup(folder / "var" / "backup.sqlite")
        assert modes(folder)["collector.sqlite-wal"] == 0o600
    Recorder(folder / "var" / "recordings", started_at=NOW, software="t", contact=None).close()
    message = Message("Test", "text", "<p>text</p>")
    notice = Owed(
        key="k", recipient=Recipient("ops", "o@example.org"), message=message, created_at=NOW
    )
    FolderSender(folder / "var" / "mail", "c@example.org").send(notice)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}


def test_every_file_and_folder_is_private(tmp_path: Path) -> None:
    write_everything(tmp_path)
    restore(
        tmp_path / "var" / "backup.sqlite",
        tmp_path / "var" / "collector.sqlite",
        kept_as=tmp_path / "var" / "before.sqlite",
        at=NOW,
    )
    found = modes(tmp_path)
    assert {"var", "recordings", "mail"} == {name for name, mode in found.items() if mode == 0o700}
    rest = {name: mode for name, mode in found.items() if mode != 0o700}
    assert len(rest) == 7
    assert set(rest.values()) == {0o600}


@needs_root
def test_what_root_makes_in_a_folder_of_another_user_belongs_to_that_user(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    os.chown(tmp_path / "var", 4321, 1234)
    write_everything(tmp_path)
    owned = [path for path in (tmp_path / "var").rglob("*") if path.suffix != ".eml"]
    assert len(owned) == 6
    assert {(path.stat().st_uid, path.stat().st_gid) for path in owned} == {(4321, 1234)}


def test_an_existing_file_is_never_taken_for_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(FileExistsError):
        private.open_new(path)
    descriptor = private.open_or_create(path)
    assert os.read(descriptor, 9) == b"old"
    os.close(descriptor)
    with pytest.raises(FileExistsError):
        private.make_folder(path)
