"""Is a program really killed at the statement that was named, and is half a migration noticed?"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from faults import programs
from faults.programs import SCHEMAS, Trials, main, migrations
from faults.statements import killed_at

from collector.store import Store, meta

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def test_a_process_is_killed_before_its_statement_of_that_number(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite"
    Store.open(path).close()

    def work() -> None:
        with Store.open(path) as store:
            for number in range(100):
                meta.set_value(store, f"number:{number}", "x")

    def stored() -> int:
        with Store.open(path, read_only=True) as store:
            return int(store.execute("SELECT count(*) FROM meta WHERE key LIKE 'number:%'")[0][0])

    assert killed_at(60, work)
    assert 0 < stored() < 100
    assert not killed_at(1_000_000, work)
    assert stored() == 100


def test_a_migration_that_can_be_half_done_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = [path for path in SCHEMAS if path.stem == "m018_unheard_before"]
    done = migrations(tmp_path, 6, several)
    assert done.kills > 1
    assert done.wrong == []
    monkeypatch.setattr(Store, "transaction", lambda _: nullcontext())
    (tmp_path / "broken").mkdir()
    assert migrations(tmp_path / "broken", 6, several).wrong


def test_a_run_goes_on_where_one_was_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = []

    def one(folder: Path, number: int) -> Trials:
        tried.append(number)
        if number == 1 and len(tried) == 2:
            raise KeyboardInterrupt
        return Trials(f"sort, in {folder.exists()}", 2, 1, ["odd"] if number else [])

    monkeypatch.setattr(programs, "at_once", one)
    words = ["--only", "at-once", "--seconds", "360", "--into", str(tmp_path / "units")]
    with pytest.raises(KeyboardInterrupt):
        main(words)
    assert main(words) == 1
    assert tried == [0, 1, 1, 2], "what was done is not done again"
    assert "| sort, in False | 6 | 3 | 2 |" in capsys.readouterr().out
