"""Does somebody learn that a program keeps the database's log from being emptied?

The program is a real one: another process, which reads in one transaction and forgets about it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collector.store import Store, file_proof, meta, outbox
from tests.support.desk import Desk, desk
from tests.support.sky import Sky

MORNING = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FORGOTTEN = """
import sqlite3, sys
shell = sqlite3.connect(sys.argv[1], isolation_level=None)
shell.execute("BEGIN")
shell.execute("SELECT count(*) FROM meta").fetchall()
print("reads", flush=True)
sys.stdin.read()
"""


@contextmanager
def forgotten_shell(database: Path) -> Iterator[None]:
    """A process that reads the database in one transaction until the end of the block."""
    with subprocess.Popen(
        [sys.executable, "-c", FORGOTTEN, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as shell:
        assert shell.stdout is not None
        assert shell.stdout.readline() == "reads\n"
        yield
        shell.communicate()


def store_much(store: Store) -> None:
    """Store as much as many days bring."""
    with store.transaction():
        for number in range(70):
            meta.set_value(store, f"filler:{number}", "x" * 2**20)


def look(at: Desk, wait: timedelta) -> list[str]:
    """Let time pass, look at the conditions, and return which mails are owed since the start."""
    at.clock.wait(wait)
    at.jobs.check_conditions()
    return [key.split(":")[-2] for key in at.owed() if key.startswith("condition:long-log:")]


def test_a_forgotten_reader_is_told_after_an_hour_and_the_log_is_cut_once_it_ends(
    tmp_path: Path,
) -> None:
    with desk(tmp_path, MORNING, Sky()) as at:
        path = at.store.path
        with forgotten_shell(path):
            store_much(at.store)
            assert look(at, MINUTE) == []
            assert look(at, 50 * MINUTE) == []
            assert look(at, 20 * MINUTE) == ["begin"]
            assert look(at, 20 * MINUTE) == ["begin"]
            assert not at.jobs.services.health.all_well()
        (mail,) = (one.owed.message for one in outbox.listing(at.store) if ":long-log:" in one.key)
        assert mail.subject == "Condition: The log of database collector.sqlite only grows"
        text = " ".join(mail.text.split())
        assert f"{path}-wal has 7" in text
        assert "sudo fuser -v" in text
        for _ in range(2):  # the first empties the log, the second begins it anew
            at.store.prove_writable()
        assert file_proof.log_bytes(path) <= file_proof.LOG_LIMIT_BYTES
        assert look(at, MINUTE) == ["begin", "end"]


def test_a_long_transaction_of_our_own_is_no_condition(tmp_path: Path) -> None:
    with desk(tmp_path, MORNING, Sky()) as at:
        store_much(at.store)
        assert file_proof.log_bytes(at.store.path) > file_proof.LOG_LIMIT_BYTES
        look(at, MINUTE)
        at.store.prove_writable()
        assert look(at, MINUTE) == []
        store_much(at.store)
        assert look(at, 2 * HOUR) == [], "an hour counts from the time when the log was short"
