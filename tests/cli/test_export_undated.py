"""Do exports put a landing whose week is not known into no week, month or year of its own?"""

from __future__ import annotations

import csv
import io
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from collector.cli import export
from collector.model import Landing
from collector.reports.exports import datasette
from collector.services import build_services
from collector.settings import load
from collector.store import Store, landings
from collector.weeks import week_bounds
from tests.cli.runner import call
from tests.reports.exports.values import exports
from tests.support.station import Station
from tests.support.touchdowns import touchdown
from tests.support.unheard import unheard

ZONE = "Asia/Jerusalem"
HOUR = timedelta(hours=1)
MONTHS = week_bounds("2026-W49", ZONE)[0]
"""Midnight before Monday, 30 November: a week begins, and 26 hours later, UTC, a month."""
YEARS = week_bounds("2027-W01", ZONE)[0]


def at(border: datetime, callsign: str | None) -> Landing:
    landing = unheard(touchdown(border, watch="w"), border - 20 * HOUR, border + 30 * HOUR)
    return replace(landing, detection=replace(landing.detection, callsign=callsign))


NAMED, UNNAMED = at(MONTHS, "AZQ4801"), at(YEARS, None)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    station = Station(tmp_path_factory.mktemp("undated"))
    text = station.config.read_text()
    lines = 'icao24 = ["600865"]\ncallsigns = ["AZQ*"]'
    station.config.write_text(text.replace('icao24 = ["600865"]', lines))
    with Store.open(station.database) as store:
        build_services(load(station.config, environ={}), store)
        for landing in (NAMED, UNNAMED):
            landings.save(store, landing, None)
    return station


@pytest.fixture(autouse=True)
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "now", lambda: YEARS + timedelta(weeks=4))


def rows_of(station: Station, *words: str) -> list[dict[str, str]]:
    text = call(station, "export", *words).stdout_bytes.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_landing_names_its_weeks_and_its_first_and_last_possible_touchdown(
    station: Station,
) -> None:
    (row,) = rows_of(station, "landings")
    assert (row["week"], row["weeks"]) == ("", "2026-W48 (40%) or 2026-W49 (60%)")
    assert (row["earliest_at"], row["latest_at"]) == (
        "2026-11-29T02:00:00Z",
        "2026-12-01T04:00:00Z",
    )
    assert row["counted"] == "true"
    (described,) = [each for each in exports() if each.table.name == "landings"]
    assert [(each["weeks"], each["latest_at"]) for each in described.rows] == [(None, None)] * 3


def test_a_week_says_how_many_of_its_landings_may_lie_in_another(station: Station) -> None:
    span = ("--from", "2026-W47", "--to", "2027-W02")
    weeks = {row["week"]: row for row in rows_of(station, "weeks", *span) if row["found"] != "0"}
    assert {
        key: (row["at_least"], row["found"], row["undated"], row["not_listed"])
        for key, row in weeks.items()
        if row["airfield"] == "LLOV"
    } == {
        "2026-W48": ("0", "1", "1", "0"),
        "2026-W49": ("0", "1", "1", "0"),
        "2026-W53": ("0", "1", "1", "1"),
        "2027-W01": ("0", "1", "1", "1"),
    }


def test_ready_queries_name_both_months_and_both_years(station: Station, tmp_path: Path) -> None:
    call(station, "export", "package", str(tmp_path / "package"))
    base = sqlite3.connect(":memory:")
    with (tmp_path / "package" / "landings.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    base.execute(f"CREATE TABLE landings ({', '.join(header)})")
    base.executemany(f"INSERT INTO landings VALUES ({', '.join('?' * len(header))})", rows)
    queries = datasette.of_package("x", exports())["databases"]["x"]["queries"]
    found = base.execute(queries["counted_by_month"]["sql"]).fetchall()
    base.close()
    assert found == [("2026-11 or 2026-12", "LLOV", 1)]
    queries = datasette.of_database("x")["databases"]["x"]["queries"]
    with Store.open(station.database, read_only=True) as store:
        years = [tuple(row)[1:4] for row in store.execute(queries["landings_by_year"]["sql"])]
    assert years == [("2026", "LLOV", 1), ("2026 or 2027", "LLOV", 1)]
