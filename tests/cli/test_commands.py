"""Does every command keep the contract: exit codes, one JSON array on stdout, nothing else?"""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner, Result

from collector.cli import COMMANDS, main
from collector.clock import SystemClock
from collector.reports.tables import table
from collector.weeks import week_of
from tests.support.fake_feed import Answer, FakeFeed
from tests.support.sky import IL76, Sky, Visit
from tests.support.smtp import Inbox, smtp_server
from tests.support.station import Station, record

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)

LISTINGS = [
    ["landings"],
    ["landings", "--all", "--from", "2026-11-18", "--to", "2026-11-18"],
    ["weeks", "--from", "2026-W46", "--to", "2026-W47"],
    ["ledger", "--week", "2026-W47"],
    ["explain", "600865-2026-11-18-1"],
    ["alerts"],
    ["alerts", "list"],
    ["outbox", "list"],
    ["status"],
]


def call(station: Station, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["--config", str(station.config), *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def listed(station: Station, *words: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(call(station, *words, "--json").stdout)
    return rows


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """One landing on a Wednesday, replayed."""
    folder = tmp_path_factory.mktemp("station")
    sky = Sky((Visit(lands_at=AT),))
    heard = sky.replies(
        AT - timedelta(minutes=10), AT + timedelta(minutes=10), timedelta(seconds=20)
    )
    station = Station(folder)
    call(station, "replay", *(str(path) for path in record(folder / "recorded", list(heard))))
    return station


@pytest.fixture(autouse=True)
def _logs_stay() -> Iterator[None]:
    """Commands that work for a while take over the root logger."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_every_command_has_help() -> None:
    top = CliRunner().invoke(main, ["--help"])
    assert top.exit_code == 0
    for name, line in COMMANDS.items():
        assert line in top.output
        result = CliRunner().invoke(main, [name, "--help"])
        assert result.exit_code == 0, name
        assert "Usage" in result.output


@pytest.mark.parametrize("words", LISTINGS, ids=lambda words: words[0])
def test_every_listing_prints_one_json_array_or_a_table(
    station: Station, words: Sequence[str]
) -> None:
    rows = listed(station, *words)
    assert isinstance(rows, list)
    assert all(isinstance(row, dict) for row in rows)
    assert rows
    table = call(station, *words).stdout
    assert table.strip()
    assert "\x1b" not in table


def test_landings_have_the_promised_fields(station: Station) -> None:
    (row,) = listed(station, "landings")
    assert {
        *("id", "watch", "icao24", "registration", "callsign", "type", "airfield"),
        *("touchdown_at", "uncertainty_s", "departed_at", "runway", "grade", "probability"),
        *("candidates", "counted", "week", "feeds", "review", "retracted"),
    } <= set(row)
    assert row["icao24"] == IL76
    assert row["touchdown_at"].endswith("Z")
    assert row["counted"] is True


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["--from", "2026-11-18"], 1),
        (["--from", "2026-11-19"], 0),
        (["--to", "2026-11-17"], 0),
        (["--to", "2026-11-18"], 1),
        (["--from", "2026-W47", "--to", "2026-W47"], 1),
        (["--from", "2026-11", "--to", "2026-11"], 1),
        (["--from", "2026", "--to", "2026"], 1),
        (["--from", "2026-12"], 0),
        (["--to", "2025"], 0),
        (["--from", "2026-11-18T10:30Z"], 0),
        (["--airfield", "llov"], 1),
        (["--airfield", "LLER"], 0),
        (["--watch", "w"], 1),
        (["--grade", "confirmed"], 1),
    ],
)
def test_landings_can_be_narrowed(station: Station, words: list[str], count: int) -> None:
    assert len(listed(station, "landings", *words)) == count


def test_weeks_have_the_promised_fields(station: Station) -> None:
    november = [
        row["week"] for row in listed(station, "weeks", "--from", "2026-11", "--to", "2026-11")
    ]
    assert sorted(set(november)) == [f"2026-W{number}" for number in range(44, 50)]
    rows = listed(station, "weeks", "--from", "2026-W46", "--to", "2026-W47")
    assert [(row["week"], row["count"], row["at_most"]) for row in rows] == [
        ("2026-W46", 0, 0),
        ("2026-W47", 1, 1),
    ]
    assert {"watch", "airfield", "week", "count", "at_most", "coverage", "alert"} <= set(rows[0])
    assert 0 < rows[1]["coverage"] < 0.01
    assert rows[1]["alert"] == "firing"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["landings", "--watch", "other"], 2, "no watch"),
        (["landings", "--from", "yesterday"], 2, "neither a day"),
        (["ledger", "--week", "2026-W60"], 2, "neither a week"),
        (["digest", "--week", "soon"], 2, "neither a week"),
        (["explain", "\x1b[2Jnone"], 1, "no landing"),
        (["outbox", "retry"], 2, "--all"),
        (["outbox", "retry", "no-such-key"], 1, "not in the outbox"),
        (["alerts", "mute", "w", "one"], 2, "--until"),
        (["alerts", "mute", "w", "none", "--days", "3"], 2, "no rule"),
        (["alerts", "unmute", "w", "one"], 1, "was not muted"),
        (["alerts", "ack", "w", "one", "2020-W01"], 1, "no alert"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_mistakes_have_their_exit_code_and_say_what(
    station: Station, words: list[str], code: int, said: str
) -> None:
    result = call(station, *words, code=code)
    assert said in result.stderr
    assert result.stdout == ""
    assert "\x1b" not in result.stderr


def test_without_a_database_listings_say_how_to_begin(tmp_path: Path) -> None:
    result = call(Station(tmp_path), "landings", "--json", code=1)
    assert "collector run" in result.stderr
    assert result.stdout == ""


def test_a_rule_is_muted_acknowledged_and_heard_again(station: Station) -> None:
    call(station, "alerts", "mute", "w", "one", "--until", "2099-01-01", "--note", "leave")
    assert listed(station, "alerts", "list")[0]["muted_until"] == "2099-01-02T00:00:00Z"
    call(station, "alerts", "unmute", "w", "one")
    call(station, "alerts", "ack", "w", "one", "2026-W47", "--note", "seen")
    (row,) = listed(station, "alerts", "list")
    assert row["acknowledged_at"]
    assert row["muted_until"] is None


def test_an_empty_listing_says_so_beside_its_output(tmp_path: Path) -> None:
    new = Station(tmp_path)
    call(new, "db", "migrate")
    for words in (["landings"], ["alerts"], ["outbox", "list"], ["ledger", "--week", "2099-W01"]):
        told = call(new, *words)
        assert told.stdout == ""
        assert told.stderr.startswith("collector: ")
        assert listed(new, *words) == []
    assert "nobody was heard yet" in call(new, "landings").stderr


def test_where_nobody_listened_there_is_no_zero(tmp_path: Path) -> None:
    new = Station(tmp_path)
    call(new, "db", "migrate")
    for words in (["status"], ["weeks", "--from", "2026-W01", "--to", "2026-W01"]):
        shown = call(new, *words).stdout.splitlines()
        (row,) = [line.split() for line in shown if line.startswith("w ")]
        assert row[3:] == ["–", "0%", "could", "not", "see"]


def test_no_landing_found_tells_what_to_try(station: Station) -> None:
    assert "--all" in call(station, "landings", "--airfield", "XXXX").stderr
    assert "fewer conditions" in call(station, "landings", "--all", "--to", "2020-01-01").stderr


def test_weeks_begin_when_somebody_first_listened(station: Station, tmp_path: Path) -> None:
    assert [row["week"] for row in listed(station, "weeks", "--to", "2026-W48")] == [
        "2026-W47",
        "2026-W48",
    ]
    assert listed(station, "weeks", "--from", "2026-W46")[0]["week"] == "2026-W46"
    new = Station(tmp_path)
    call(new, "db", "migrate")
    assert len(listed(new, "weeks")) == 1
    assert "nothing is known" in call(station, "weeks", "--to", "2026-W10").stderr


@pytest.mark.parametrize("command", ["landings", "weeks"])
def test_a_span_that_ends_before_it_begins_is_refused(station: Station, command: str) -> None:
    result = call(station, command, "--from", "2026-W10", "--to", "2026-W05", code=2)
    assert "--from is later than --to" in result.stderr


def test_keys_are_listed_whole_to_be_copied() -> None:
    key = "condition:feed-refused:adsblol:2026-11-23T10:41:06Z:begin:operator"
    assert key in table(("KEY",), [[key]])


def test_a_digest_of_any_week_is_printed_or_written(station: Station, tmp_path: Path) -> None:
    text = call(station, "digest", "--week", "2026-W47").stdout
    assert text.startswith("Watch w: 1 landing at Ovda (LLOV) in week 2026-W47")
    result = call(station, "digest", "--week", "2026-W46", "--out", str(tmp_path / "out"))
    assert result.stdout == ""
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["digest-2026-W46.html", "digest-2026-W46.txt"]


def test_a_digest_is_mailed_once(station: Station) -> None:
    inbox = Inbox()
    with smtp_server(inbox) as port:
        station.smtp_port = port
        station.write()
        call(station, "digest", "--week", "2026-W45", "--send")
        call(station, "digest", "--week", "2026-W45", "--send")
    digests = [mail for mail in inbox.taken if mail["Subject"].startswith("Week 2026-W45")]
    assert len(digests) == 1


def test_init_writes_a_configuration_that_checks_and_leaves_others_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "collector.toml"
    runner = CliRunner()
    assert runner.invoke(main, ["init", str(path)]).exit_code == 0
    assert runner.invoke(main, ["--config", str(path), "check"]).exit_code == 0
    before = path.read_text()
    again = runner.invoke(main, ["init", str(path)])
    assert again.exit_code == 78
    assert "exists already" in again.stderr
    assert path.read_text() == before


def test_check_lists_every_mistake(tmp_path: Path) -> None:
    station = Station(tmp_path, extra="\n[web2]\nport = 1\n[feeds.opensky]\n")
    text = station.config.read_text().replace('"LLOV"', '"LLO"', 1)
    station.config.write_text(text + 'client_id = "x"\n')
    result = call(station, "check", code=78)
    assert len(result.stderr.splitlines()) >= 3
    assert all(line.startswith("collector: ") for line in result.stderr.splitlines())


def test_check_as_json_is_what_is_in_force(station: Station) -> None:
    rows = listed(station, "check")
    assert rows == listed(station, "check", "--explain")
    assert {"key", "value", "source"} == set(rows[0])


def test_what_went_wrong_is_told_without_steering_characters(
    station: Station, tmp_path: Path
) -> None:
    for words in (["explain", "\x1b[2J"], ["replay", str(tmp_path / "\x1b]0;evil\x07")]):
        result = CliRunner().invoke(main, ["--config", str(station.config), *words], color=True)
        assert result.exit_code == 1
        assert "\x1b" not in result.stderr


def test_a_digest_that_cannot_be_is_refused(station: Station, tmp_path: Path) -> None:
    assert "has not begun" in call(station, "digest", "--week", "2099-W01", code=2).stderr
    file = tmp_path / "file"
    file.write_text("")
    result = call(station, "digest", "--week", "2026-W47", "--out", str(file / "in"), code=1)
    assert "cannot be written" in result.stderr


def test_check_explains_each_value_and_hides_secrets(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLLECTOR_DEAD_MAN_URL", "https://example.org/very-secret")
    result = call(station, "check", "--explain", "--json")
    rows = {row["key"]: row for row in json.loads(result.stdout)}
    assert rows["contact"]["value"] == "ops@example.org"
    assert "very-secret" not in result.output


def test_check_probe_asks_each_feed_and_mails_everybody(tmp_path: Path) -> None:
    inbox = Inbox()
    with FakeFeed() as feed, smtp_server(inbox) as port:
        station = Station(tmp_path, feed_url=feed.url, smtp_port=port)
        feed.on("/*", lambda _: Answer(Sky().body(datetime.now(UTC))))
        assert "6 aircraft" in call(station, "check", "--probe").stderr
        assert [mail["To"] for mail in inbox.taken] == ["ops@example.org"]
        assert listed(station, "status")[0]["feeds"][0]["spent_today"] == 1
        feed.on("/*", Answer(b"go away", 403))
        assert "feed adsblol:" in call(station, "check", "--probe", code=1).stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--port", "99999"], 2), (["--host", "no..name"], 1)],
)
def test_a_page_that_cannot_listen_says_so(station: Station, words: list[str], code: int) -> None:
    result = call(station, "serve", *words, code=code)
    assert "99999" in result.stderr if code == 2 else "cannot listen on" in result.stderr


def test_the_database_can_be_checked_and_backed_up(station: Station, tmp_path: Path) -> None:
    call(station, "db", "check")
    copy = tmp_path / "copy.sqlite"
    call(station, "db", "backup", str(copy))
    call(station, "db", "backup", str(copy), code=1)
    assert copy.stat().st_size > 0
    station.database.parent.joinpath("x").write_text("")
    call(Station(tmp_path), "db", "migrate")


def test_traces_are_filled_in_once(tmp_path: Path) -> None:
    folder = tmp_path / "traces"
    folder.mkdir()
    arrival = Visit(lands_at=AT).arrival
    begin = AT - timedelta(seconds=arrival.touchdown_s)
    rows = []
    for seconds in range(0, int(arrival.duration_s), 10):
        moment = arrival.at(seconds)
        altitude = "ground" if moment.on_ground else round(moment.altitude_ft)
        place: list[object] = [seconds, moment.lat_deg, moment.lon_deg, altitude]
        rate = None if moment.on_ground else round(moment.vertical_rate_fpm)
        details = {"flight": "AZQ4801 "} if seconds == 0 else None
        rows.append([*place, moment.speed_kt, moment.track_deg, 0, rate, details])
    trace = {"icao": IL76, "timestamp": begin.timestamp(), "trace": rows, "r": "4K-AZ101"}
    with gzip.open(folder / f"trace_full_{IL76}.json", "wb") as file:
        file.write(json.dumps(trace).encode())
    (folder / "trace_full_600866.json").write_text("{broken")
    station = Station(tmp_path)
    for _ in range(2):
        result = call(station, "backfill", "traces", str(folder))
        assert result.stdout == ""
    (row,) = listed(station, "landings")
    assert (row["airfield"], row["callsign"]) == ("LLOV", "AZQ4801")
    assert len([one for one in listed(station, "outbox", "list") if "crossed" in one["key"]]) == 1


def test_a_digest_of_a_week_that_goes_on_is_not_mailed(station: Station) -> None:
    """It would take the place of the whole one, which is owed once a week."""
    week = week_of(SystemClock().now(), "Asia/Jerusalem")
    assert "is not over" in call(station, "digest", "--week", week, "--send", code=2).stderr


@pytest.mark.parametrize("group", ["backfill", "alerts", "rules", "outbox", "db"])
def test_no_line_of_a_groups_help_is_cut_off(group: str) -> None:
    done = CliRunner().invoke(main, [group, "--help"], terminal_width=80)
    assert done.exit_code == 0
    assert "..." not in done.output.partition("Commands:")[2]
