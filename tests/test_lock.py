"""Do two daemons ever work on one database?"""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from collector.errors import StoreError
from collector.lock import SingleInstance, holder

HOLD = """
import sys
from pathlib import Path
from collector.lock import SingleInstance
with SingleInstance(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_one_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    database = tmp_path / "new" / "collector.db"
    with SingleInstance(database), pytest.raises(StoreError, match="another collector"):
        SingleInstance(database).__enter__()
    with SingleInstance(database):
        pass


def test_another_name_of_the_same_database_is_locked_too(tmp_path: Path) -> None:
    database, link = tmp_path / "disk" / "collector.db", tmp_path / "collector.db"
    with SingleInstance(database):
        link.symlink_to(database)
        assert holder(link) is not None
        with pytest.raises(StoreError, match="another collector"):
            SingleInstance(link).__enter__()


def test_a_lock_whose_file_was_deleted_is_taken_again(tmp_path: Path) -> None:
    database = tmp_path / "collector.db"
    with SingleInstance(database) as lock:
        assert not lock.hold()
        lock.path.unlink()
        assert lock.hold()
        with pytest.raises(StoreError, match="another collector"):
            SingleInstance(database).__enter__()
    with SingleInstance(database) as lock:
        lock.path.unlink()
        with SingleInstance(database), pytest.raises(StoreError, match="another collector"):
            lock.hold()
        assert lock.hold(), "once the other one is gone"


def test_a_lock_follows_the_link_that_leads_to_its_database(tmp_path: Path) -> None:
    link, old, new = tmp_path / "data", tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    link.symlink_to(old)
    with SingleInstance(link / "collector.db") as lock:
        link.unlink()
        link.symlink_to(new)
        assert lock.hold()
        assert holder(new / "collector.db") is not None
        assert holder(old / "collector.db") is None


def test_a_killed_holder_leaves_nothing_locked(tmp_path: Path) -> None:
    database = tmp_path / "collector.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match=f"process {holder.pid}"):
            SingleInstance(database).__enter__()
        holder.kill()
        holder.wait()
    with SingleInstance(database):
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        SingleInstance(tmp_path / "file" / "collector.db").__enter__()


def test_whoever_asks_for_the_holder_keeps_no_daemon_from_starting(tmp_path: Path) -> None:
    database = tmp_path / "collector.db"
    with SingleInstance(database) as lock:
        assert holder(database) is not None
    with lock.path.open("rb") as reader:
        fcntl.flock(reader, fcntl.LOCK_SH)  # as `holder` does
        threading.Timer(0.05, fcntl.flock, (reader, fcntl.LOCK_UN)).start()
        with SingleInstance(database):
            assert holder(database) is not None
