"""Does every error have its exit code and a message that says what to do?"""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from collector.cli import main
from tests.cli.conftest import AT
from tests.cli.runner import call, listed
from tests.support.sky import Sky, Visit
from tests.support.station import Station, record

SCHEMAS = Path(__file__).parents[1] / "store" / "schemas"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["landings", "--watch", "other"], 2, "no watch"),
        (["landings", "--from", "yesterday"], 2, "neither a day"),
        (["ledger", "--week", "2026-W60"], 2, "neither a week"),
        (["digest", "--week", "soon"], 2, "neither a week"),
        (["explain", "\x1b[2Jnone"], 1, "no landing"),
        (["outbox", "retry"], 2, "--all"),
        (["outbox", "retry", "foo"], 1, "foo: the outbox holds no such mail"),
        (["outbox", "drop", "foo"], 1, "foo: the outbox holds no such mail"),
        (["alerts", "mute", "w", "one"], 2, "--until"),
        (["alerts", "mute", "w", "none", "--days", "3"], 2, "no rule"),
        (["alerts", "unmute", "w", "one"], 1, "was not muted"),
        (["alerts", "ack", "w", "one", "2020-W01"], 1, "no alert"),
        (["nonsense"], 2, "No such command"),
        (["explan"], 2, "Did you mean one of: 'explain'"),
        (["db", "chek"], 2, "Did you mean 'check'?"),
        (["landings", "--airfield", "XXXX"], 2, "is no airfield"),
        (["landings", "--airfield", "llvo"], 2, "did you mean LLOV? Watched are"),
    ],
)
def test_mistakes_have_their_exit_code_and_say_what(
    station: Station, words: list[str], code: int, message: str
) -> None:
    result = call(station, *words, code=code)
    assert message in result.stderr
    assert result.stdout == ""
    assert "\x1b" not in result.stderr


def test_without_a_database_listings_say_how_to_begin(tmp_path: Path) -> None:
    result = call(Station(tmp_path), "landings", "--json", code=1)
    assert "collector run" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("name", "error", "told"),
    [
        (
            "tempfile.mkdtemp",
            OSError(errno.ENOSPC, "No space left on device", "/tmp/collector-x"),
            "no temporary folder can be made: No space left on device",
        ),
        (
            "tempfile.mkdtemp",
            FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp', '/']"),
            "no temporary folder can be made: No usable temporary directory found",
        ),
        (
            "collector.cli.publish.edition_of",
            OSError(errno.ENOSPC, "No space left on device", "/var/x"),
            "/var/x: No space left on device; free some space there",
        ),
    ],
    ids=["full", "none", "another folder"],
)
def test_a_full_disk_is_told_and_no_defect(
    *,
    station: Station,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    error: OSError,
    told: str,
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise error

    monkeypatch.setattr(name, refuse)
    result = call(station, "publish", str(tmp_path / "site"), "--yes", code=75)
    (line,) = result.stderr.splitlines()
    assert told in line
    assert ("TMPDIR" in line) == (name == "tempfile.mkdtemp")


@pytest.mark.parametrize("command", ["landings", "weeks"])
def test_a_span_that_ends_before_it_begins_is_refused(station: Station, command: str) -> None:
    result = call(station, command, "--from", "2026-W10", "--to", "2026-W05", code=2)
    assert "--from is later than --to" in result.stderr


@pytest.mark.parametrize("command", [["landings"], ["visitors"], ["export", "landings"]])
def test_a_span_that_ends_the_day_before_it_begins_is_refused(
    station: Station, command: list[str]
) -> None:
    result = call(station, *command, "--from", "2026-03-23", "--to", "2026-03-22", code=2)
    assert "no time lies between --from and --to" in result.stderr
    assert result.stdout == ""


def test_a_backup_that_cannot_be_written_names_no_error_number(
    station: Station, tmp_path: Path
) -> None:
    told = call(station, "db", "backup", str(tmp_path / "absent" / "copy"), code=1).stderr
    assert "cannot be written: No such file or directory" in told
    assert "Errno" not in told


def test_check_lists_every_mistake(tmp_path: Path) -> None:
    station = Station(tmp_path, extra="\n[web2]\nport = 1\n[feeds.opensky]\n")
    text = station.config.read_text().replace('"LLOV"', '"LLO"', 1)
    station.config.write_text(text + 'client_id = "x"\n')
    result = call(station, "check", code=78)
    assert len(result.stderr.splitlines()) >= 3
    assert all(line.startswith("collector: ") for line in result.stderr.splitlines())


def test_error_messages_hold_no_control_characters(station: Station, tmp_path: Path) -> None:
    for words in (["explain", "\x1b[2J"], ["replay", str(tmp_path / "\x1b]0;evil\x07")]):
        result = CliRunner().invoke(main, ["--config", str(station.config), *words], color=True)
        assert result.exit_code == 1
        assert "\x1b" not in result.stderr


def test_a_digest_of_the_future_or_without_a_folder_is_refused(
    station: Station, tmp_path: Path
) -> None:
    assert "has not begun" in call(station, "digest", "--week", "2099-W01", code=2).stderr
    file = tmp_path / "file"
    file.write_text("")
    result = call(station, "digest", "--week", "2026-W47", "--out", str(file / "in"), code=1)
    assert "cannot be written" in result.stderr


def test_a_digest_of_an_unfinished_week_is_not_mailed(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take the place of the whole digest, which is mailed once a week."""
    last_second = datetime(2026, 11, 22, 21, 59, 59, tzinfo=UTC)
    monkeypatch.setattr("collector.cli.digest.now", lambda: last_second)
    refused = call(station, "digest", "--week", "2026-W47", "--send", code=2)
    assert "is not over" in refused.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--port", "99999"], 2), (["--host", "no..name"], 1)],
)
def test_a_page_that_cannot_be_served_says_why(
    station: Station, words: list[str], code: int
) -> None:
    result = call(station, "serve", *words, code=code)
    assert "99999" in result.stderr if code == 2 else "cannot listen on" in result.stderr


def test_a_replay_that_could_not_derive_an_aircraft_says_so_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defective(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("a defect\x1b[2J")

    minutes = timedelta(minutes=10)
    sky, station = Sky((Visit(lands_at=AT),)), Station(tmp_path)
    replies = list(sky.replies(AT - minutes, AT + minutes, timedelta(seconds=60)))
    words = ["replay", *(str(path) for path in record(tmp_path / "recorded", replies))]
    with monkeypatch.context() as broken:
        broken.setattr("collector.pipeline.derivation.detect", defective)
        said = call(station, *words, code=1).stderr
        assert "the landings of 600865" in said
        assert "ZeroDivisionError" in said
    call(station, *words)
    assert len(listed(station, "landings")) == 1


def test_a_database_to_be_migrated_is_no_mistake_of_the_configuration(tmp_path: Path) -> None:
    """`check` is run before an upgraded service is started."""
    station = Station(tmp_path)
    station.database.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(station.database)) as database:
        database.executescript((SCHEMAS / "m007_fetches.sql").read_text())
    told = call(station, "check").stderr
    assert "no mistakes" in told
    assert "run `collector db migrate` once" in told


def test_a_list_of_roots_does_not_migrate_the_database(tmp_path: Path) -> None:
    station = Station(tmp_path)
    station.database.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(station.database)) as database:
        database.executescript((SCHEMAS / "m007_fetches.sql").read_text())
    assert "run `collector db migrate` once" in call(station, "seal", "--list", code=1).stderr
    call(station, "db", "migrate")
    assert "no root was made yet" in call(station, "seal", "--list").stderr


def test_a_path_beyond_the_encoding_of_file_names_is_told_with_the_cure(tmp_path: Path) -> None:
    """A C locale is UTF-8 for Python, unless somebody turns that off."""
    station = Station(tmp_path, afresh=True)
    text = station.config.read_text()
    station.config.write_text(text.replace(f'data = "{tmp_path}', f'data = "{tmp_path}/Köln'))
    station.environ |= {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = station.run("weeks", check=False)
    assert done.returncode == 1
    assert "is no name for a file here" in done.stderr
    assert "set LC_ALL=C.UTF-8" in done.stderr
    assert "Traceback" not in done.stderr
