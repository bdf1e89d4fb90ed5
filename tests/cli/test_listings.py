"""Does every listing print one JSON array or a table, with the promised fields?"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from collector.cli import main
from collector.reports.tables import table
from tests.cli.runner import call, listed
from tests.support.sky import IL76
from tests.support.station import Station

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


def test_a_command_whose_streams_are_closed_works_all_the_same(station: Station) -> None:
    station.write()
    command = f"{sys.executable} -m collector --config {station.config} check 0<&- 1>&- 2>&-"
    done = subprocess.run(["sh", "-c", command], check=False, capture_output=True)
    assert done.returncode == 0


def test_an_output_that_lacks_letters_gets_their_escapes(station: Station) -> None:
    station.write()
    text = station.config.read_text().replace('name = "w"', 'name = "w"\ntitle = "Łódź für 日本"')
    station.config.write_text(text, encoding="utf-8")
    runner = CliRunner(charset="latin-1")

    def shown(*words: str) -> str:
        done = runner.invoke(main, ["--config", str(station.config), *words])
        assert done.exit_code == 0, done.output
        return str(done.stdout)

    assert r"\u017a" in shown("digest", "--week", "2026-W47")
    rows = json.loads(shown("weeks", "--from", "2026-W46", "--to", "2026-W47", "--json"))
    assert {row["title"] for row in rows} == {"Łódź für 日本"}


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


@pytest.mark.parametrize(
    "words",
    [
        ["landings", "--all"],
        ["weeks", "--from", "2020"],
        ["ledger", "--week", "2026-W47"],
        ["status"],
        ["alerts"],
        ["outbox", "list"],
    ],
    ids=" ".join,
)
def test_listings_fit_eighty_columns(station: Station, words: list[str]) -> None:
    lines = call(station, *words).stdout.splitlines()
    assert len(lines) > 1
    place = str(station.database)
    assert [line for line in lines if len(line) > 80 and place not in line] == []


def test_weeks_have_the_promised_fields(station: Station) -> None:
    november = [
        row["week"] for row in listed(station, "weeks", "--from", "2026-11", "--to", "2026-11")
    ]
    assert sorted(set(november)) == [f"2026-W{number}" for number in range(44, 50)]
    rows = listed(station, "weeks", "--from", "2026-W46", "--to", "2026-W47")
    assert [(row["week"], row["count"], row["at_most"], row["at_least"]) for row in rows] == [
        ("2026-W46", None, None, 0),
        ("2026-W47", 1, None, 1),
    ]
    assert all(
        "% of the time" in row["not_seen"] or "no aircraft" in row["not_seen"] for row in rows
    )
    assert rows[0]["alert"] == "not-seen"
    assert {"watch", "airfield", "week", "count", "at_most", "coverage", "alert"} <= set(rows[0])
    assert 0 < rows[1]["coverage"] < 0.01
    assert rows[1]["alert"] == "firing"


def test_an_empty_listing_says_so_beside_its_output(tmp_path: Path) -> None:
    new = Station(tmp_path)
    call(new, "db", "migrate")
    for words in (["landings"], ["alerts"], ["outbox", "list"], ["ledger", "--week", "2099-W01"]):
        result = call(new, *words)
        assert result.stdout == ""
        assert result.stderr.startswith("collector: ")
        assert listed(new, *words) == []
    assert "no report was received yet" in call(new, "landings").stderr
    assert "lies in or near the present week" in call(new, "ledger").stderr


def test_a_week_without_coverage_is_not_shown_as_zero(tmp_path: Path) -> None:
    new = Station(tmp_path)
    call(new, "db", "migrate")
    for words in (["status"], ["weeks", "--from", "2026-W01", "--to", "2026-W01"]):
        shown = call(new, *words).stdout.splitlines()
        (row,) = [line.split() for line in shown if line.startswith("w ")]
        assert row[3:] == ["–", "0%", "could", "not", "see"]


def test_an_empty_listing_of_landings_says_what_to_try(station: Station) -> None:
    assert "--all" in call(station, "landings", "--airfield", "LLER").stderr
    assert "fewer conditions" in call(station, "landings", "--all", "--to", "2020-01-01").stderr


def test_weeks_begin_with_the_first_poll(station: Station, tmp_path: Path) -> None:
    assert [row["week"] for row in listed(station, "weeks", "--to", "2026-W48")] == [
        "2026-W47",
        "2026-W48",
    ]
    assert listed(station, "weeks", "--from", "2026-W46")[0]["week"] == "2026-W46"
    new = Station(tmp_path)
    call(new, "db", "migrate")
    assert len(listed(new, "weeks")) == 1
    assert "nothing is known" in call(station, "weeks", "--to", "2026-W10").stderr


def test_weeks_that_have_not_begun_are_not_listed(station: Station) -> None:
    """Of these, "could not see" would be as untrue as a zero."""
    known = listed(station, "weeks", "--from", "2026-W46", "--as-of", "2026-11-20", "--to", "2026")
    assert [row["week"] for row in known] == ["2026-W46", "2026-W47"]
    later = call(station, "weeks", "--from", "2026-W48", "--as-of", "2026-11-20", code=2)
    assert "week 2026-W48 has not begun on 2026-11-2" in later.stderr


def test_keys_are_listed_whole_to_be_copied() -> None:
    key = "condition:feed-refused:adsblol:2026-11-23T10:41:06Z:begin:operator"
    assert key in table(("KEY",), [[key]])


def test_check_as_json_lists_every_value_in_force(station: Station) -> None:
    rows = listed(station, "check")
    assert rows == listed(station, "check", "--explain")
    assert {"key", "value", "source"} == set(rows[0])


def test_check_explains_each_value_and_hides_secrets(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLLECTOR_DEAD_MAN_URL", "https://example.org/very-secret")
    result = call(station, "check", "--explain", "--json")
    rows = {row["key"]: row for row in json.loads(result.stdout)}
    assert rows["contact"]["value"] == "ops@example.org"
    assert "very-secret" not in result.output


def test_a_listing_does_not_wait_for_what_only_the_daemon_the_pages_and_mails_need(
    station: Station,
) -> None:
    heavy = {"asyncio", "httpx", "jinja2", "matplotlib", "numpy", "rich", "starlette", "structlog"}
    heavy |= {"tenacity", "uvicorn", "warcio", "collector.notify.alerts", "collector.pipeline"}
    program = f"""
import sys
from collector.cli import main
for listing in ("landings", "weeks", "ledger", "alerts list", "outbox list", "status"):
    main(["--config", {str(station.config)!r}, *listing.split()], standalone_mode=False)
print(sorted({heavy!r} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.splitlines()[-1] == b"[]"
