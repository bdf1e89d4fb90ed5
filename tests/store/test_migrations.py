"""Does every older file become today's, with what it held, and as a whole or not at all?

`schemas/NNN_*.sql` is a database as the migration NNN left it, with rows; made once, when that
migration was the last, by `sqlite3 FILE .dump` and the two header numbers. Never edited.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from collector.errors import StoreError
from collector.store import Store, alerts, landings, observations, outbox
from collector.store.encoding import stamp
from collector.store.migrations import run
from collector.weeks import week_of
from tests.store.samples import HOUR, NOON, landing, observation, owed

SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("*.sql"))


def _restore(path: Path, dump: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(dump.read_text(encoding="utf-8"))
    connection.close()


def _shape(store: Store) -> list[tuple[object, ...]]:
    """Every table, index and view, but for the spelling of sqlite-utils' own table."""
    rows = store.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master "
        "WHERE tbl_name <> '_sqlite_migrations' ORDER BY type, name"
    )
    return [tuple(row) for row in rows]


def test_every_migration_is_named_and_has_the_schema_it_starts_from(tmp_path: Path) -> None:
    db = Database(memory=True)
    assert tuple(migration.name for migration in run.migrations.pending(db)) == run.NAMES
    db.close()
    assert [dump.stem for dump in SCHEMAS] == list(run.NAMES[: run.LATEST - 1])


@pytest.mark.parametrize("dump", SCHEMAS, ids=lambda dump: dump.stem)
def test_an_older_file_becomes_todays(path: Path, tmp_path: Path, dump: Path) -> None:
    _restore(path, dump)
    with pytest.raises(StoreError, match=r"older collector.*collector db migrate"):
        Store.open(path, read_only=True)
    with Store.open(path) as store, Store.open(tmp_path / "new.sqlite") as new:
        assert store.version == run.LATEST
        assert store.check() == []
        assert _shape(store) == _shape(new)
        assert landings.find(store) == [landing()]
        assert observations.reports_between(store, "600865", NOON - HOUR, NOON + HOUR) == [
            observation()
        ]
        assert [item.owed for item in outbox.listing(store)] == [owed()]
        (week,) = store.execute("SELECT * FROM landings_by_week")
        assert (week["watch"], week["week"], week["landings"]) == ("silkway", "2026-W47", 1)


@pytest.mark.parametrize("dump", [None, *SCHEMAS], ids=lambda dump: dump.stem if dump else "new")
def test_a_migration_that_fails_changes_nothing(
    path: Path, dump: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if dump is not None:
        _restore(path, dump)

    def breaks(db: Database) -> None:
        db.execute("CREATE TABLE half_way (x)")
        db.execute("SELECT * FROM no_such_table")

    step = run.migrations._migrations[-1]
    with monkeypatch.context() as patch:
        patch.setattr(step, "fn", breaks)
        with pytest.raises(StoreError, match="no such table"):
            Store.open(path)
    connection = sqlite3.connect(path)
    (count,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (half,) = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE name = 'half_way'"
    ).fetchone()
    connection.close()
    assert half == 0
    assert (count == 0) == (dump is None)
    with Store.open(path) as store:
        assert store.version == run.LATEST


def test_landings_of_visitors_stay_apart_in_an_older_file(path: Path) -> None:
    _restore(path, next(dump for dump in SCHEMAS if dump.stem == "m011_followed"))
    connection = sqlite3.connect(path)
    connection.execute("UPDATE landing_watches SET watch = '~visitors'")
    connection.commit()
    connection.close()
    with Store.open(path) as store:
        assert landings.find(store) == []
        assert [one.id for one in landings.find(store, watch="~visitors")] == [landing().id]


def test_the_week_before_a_change_becomes_the_touchdown_before(path: Path) -> None:
    _restore(path, next(dump for dump in SCHEMAS if dump.stem == "m014_lookups"))
    connection = sqlite3.connect(path)
    reason = "touchdown moved from 2026-11-22 21:50:07 UTC"
    for number, (change, why, week) in enumerate(
        [
            ("retimed", reason, None),
            ("retimed", f"judged by rules 6: {reason}", "2026-W47"),
            ("upgraded", "from possible to probable", "2026-W01"),
            ("moved", "from LLOV to LLER", None),
        ],
        2,
    ):
        row = (landing().id, number, f"2026-11-23T12:00:0{number}.000000Z", change, why, "6", week)
        connection.execute("INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    connection.commit()
    connection.close()
    with Store.open(path) as store:
        before = [each.touchdown_before for each in landings.history(store, landing().id)[1:]]
    retimed = datetime(2026, 11, 22, 21, 50, 7, tzinfo=UTC)
    assert before[:2] == [retimed, retimed]
    assert before[2] is not None
    assert week_of(before[2], "UTC") == "2026-W01"
    assert before[3] is None


def test_an_alert_of_an_older_file_was_reached_when_its_first_mail_was_made(path: Path) -> None:
    _restore(path, next(each for each in SCHEMAS if each.stem == "m023_roots"))
    connection = sqlite3.connect(path)
    at = "2026-11-18T09:00:00.000000Z"
    rows = [("week", "firing", NOON), ("over", "resolved", NOON), ("unknown", "resolved", NOON)]
    for rule, status, since in rows:
        connection.execute(
            "INSERT INTO alert_states (watch, rule, window, status, count, at_most, level, "
            "begin_at, end_at, since_at, changed_at, told_json) VALUES ('w', ?, '2026-W47', ?, 2, "
            "2, 2, ?, ?, ?, ?, '[]')",
            (rule, status, at, at, stamp(since), at),
        )
    columns = [row[1] for row in connection.execute("PRAGMA table_info(outbox)")]
    values = ", ".join(
        {"key": "'alert:w:over:2026-W47:crossed:2:ops'", "created_at": f"'{at}'"}.get(name, name)
        for name in columns
    )
    connection.execute(f"INSERT INTO outbox SELECT {values} FROM outbox LIMIT 1")
    connection.commit()
    connection.close()
    with Store.open(path) as store:
        reached = {state.rule: state.reached_at for state in alerts.load_states(store, "w")}
    assert reached == {"week": NOON, "over": datetime.fromisoformat(at), "unknown": None}
