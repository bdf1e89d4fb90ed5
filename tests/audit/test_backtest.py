"""Can an operator look back: how often would a rule have fired, and on what?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from collector.cli import main
from collector.model import Revision
from collector.model.coverage import PollCoverage
from collector.model.reply import Outcome
from collector.services import build_services
from collector.settings import load
from collector.store import Store, coverage_slots, landings
from tests.support.station import Station
from tests.support.touchdowns import touchdown

BEGIN = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
"""A Monday."""
DAY = timedelta(days=1)
WHEN = [BEGIN + n * DAY for n in (0, 1, 9, 30, 31, 32)]
SPAN = ("--from", "2025-06-01", "--to", "2025-07-31")


def call(station: Station, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["--config", str(station.config), *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def listed(station: Station, *words: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(call(station, "rules", *words, "--json").stdout)
    return rows


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """Six landings in three weeks; an hour of them is covered."""
    station = Station(tmp_path_factory.mktemp("station"))
    with Store.open(station.database) as store:
        build_services(load(station.config, environ={}), store)
        for at in WHEN:
            landing = touchdown(at, watch="w")
            landings.save(store, landing, Revision(landing.id, at, "found", "test", "1"))
        near_ovda = (119, 139, 4)
        coverage_slots.merge_polls(
            store,
            [
                PollCoverage(
                    feed="adsblol",
                    at=BEGIN + timedelta(minutes=minute),
                    outcome=Outcome.HEARD,
                    area=True,
                    aircraft=2,
                    cells={near_ovda: 2},
                )
                for minute in range(60)
            ],
        )
    return station


def test_a_configured_rule_over_the_past(station: Station) -> None:
    (row,) = listed(station, "backtest", "--rule", "one", *SPAN)
    assert (row["watch"], row["rule"], row["kind"], row["at"]) == ("w", "one", "threshold", "LLOV")
    assert (row["landings"], row["fired"]) == (6, 3)
    assert [one["window"] for one in row["firings"]] == ["2025-W23", "2025-W24", "2025-W27"]
    assert [len(one["landings"]) for one in row["firings"]] == [2, 1, 3]
    assert row["firings"][0]["fired_at"] == "2025-06-02T12:00:00Z"
    assert "not known yet" in row["firings"][0]["usual"]
    assert row["per_year"] == pytest.approx(3 / (61 / 365.25), abs=0.01)
    assert 0 < row["coverage"] < 0.01


@pytest.mark.parametrize(
    ("words", "windows"),
    [
        (["--count", "2"], ["2025-W23", "2025-W27"]),
        (["--count", "3", "--days", "14"], ["14d:2025-06-11", "14d:2025-07-04"]),
        (["--rule", "one", "--count", "4"], []),
        (["--kind", "surge", "--at", "llov"], []),
        (["--at", "LLOV", "--count", "3"], ["2025-W27"]),
        (["--kind", "undetermined", "--count", "1"], []),
    ],
)
def test_a_rule_of_ones_own(station: Station, words: list[str], windows: list[str]) -> None:
    (row,) = listed(station, "backtest", *words, *SPAN)
    assert [one["window"] for one in row["firings"]] == windows


def test_how_much_could_be_seen_is_told_of_the_span_alone(station: Station) -> None:
    def share(*words: str) -> float:
        (row,) = listed(station, "backtest", *words)
        found: float = row["coverage"]
        return found

    assert share("--from", "2025-06-02", "--to", "2025-06-02") == pytest.approx(1 / 24, rel=0.2)
    assert share("--from", "2025-06-03", "--to", "2025-06-10") == 0
    week = share("--from", "2025-06-01T21:00Z", "--to", "2025-06-08T21:00Z")
    assert week == pytest.approx(1 / 168, rel=0.2)


def test_people_get_a_table_and_are_told_what_it_rests_on(station: Station) -> None:
    text = call(station, "rules", "backtest", *SPAN).stdout
    assert "w one: at least 1 landing at LLOV in an ISO week" in text
    assert "6 landings; it would have fired 3 times" in text
    assert "2025-W27" in text
    assert touchdown(WHEN[3]).id in text
    assert "with the data of today" in text


def test_without_dates_it_looks_at_all_that_is_known(station: Station) -> None:
    (row,) = listed(station, "backtest")
    assert row["from"] == "2025-06-02T12:00:00Z"
    assert row["fired"] == 3


def test_nothing_known_is_said(tmp_path: Path) -> None:
    station = Station(tmp_path)
    call(station, "db", "migrate")
    result = call(station, "rules", "backtest", "--json")
    assert json.loads(result.stdout) == []
    assert "nothing is stored yet" in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--watch", "none"], "no watch"),
        (["--rule", "none"], "no such rule"),
        (["--at", "LLBG"], "not made of the airfields"),
        (["--at", " "], "not made of the airfields"),
        (["--count", "0"], "--count"),
        (["--from", "2025-07-01", "--to", "2025-06-01"], "earlier"),
        (["--from", "2999-01-01"], "earlier"),
    ],
)
def test_mistakes_are_usage(station: Station, words: list[str], message: str) -> None:
    result = call(station, "rules", "backtest", *words, code=2)
    assert message in result.stderr
    assert result.stdout == ""


def test_looking_back_changes_nothing(station: Station) -> None:
    def dump() -> list[tuple[object, ...]]:
        with Store.open(station.database, read_only=True) as store:
            return [
                tuple(row)
                for table in ("alert_states", "outbox", "landings", "meta")
                for row in store.execute(f"SELECT * FROM {table}")
            ]

    before = dump()
    call(station, "rules", "backtest")
    assert dump() == before


def test_a_rate_a_year_is_told_of_whole_years_only(station: Station) -> None:
    short = call(station, "rules", "backtest", *SPAN).stdout
    assert "(61 days)" in short
    assert "would have fired 3 times\n" in short
    year = call(station, "rules", "backtest", "--from", "2025", "--to", "2025").stdout
    assert "would have fired 3 times, 3.0 a year\n" in year
