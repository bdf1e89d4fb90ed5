"""Does an export hold what may leave, say what stays behind, and name nobody who helped?"""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlite_utils.cli import cli as sqlite_utils_cli

from collector.cli import export, main
from collector.model import WatchMatch
from collector.settings import load
from collector.store import Store, landings
from collector.watches.visitors import VISITORS
from tests.cli.conftest import AT
from tests.cli.runner import call, listed
from tests.support.sight_station import WEEKS, sight_station
from tests.support.sky import Sky, Visit
from tests.support.station import Station, record

RECEIVER = '\n[feeds.roof_of_jane_doe]\nkind = "readsb"\nurl = "/run/nowhere/aircraft.json"\n'
PLANTED = ["Jane Doe", "jane_doe", "seen from my balcony", "ops@example.org", "Joe Source"]


def named(station: Station) -> Station:
    """The same station, whose watch names an operator by its callsigns."""
    text = station.config.read_text()
    lines = 'icao24 = ["600865"]\ncallsigns = ["AZQ*"]'
    station.config.write_text(text.replace('icao24 = ["600865"]', lines))
    return station


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """A landing heard by adsb.lol and by a receiver of the operator's own, reviewed by a person."""
    folder = tmp_path_factory.mktemp("exported")
    station = named(Station(folder, extra=RECEIVER))
    sky = Sky((Visit(lands_at=AT),))
    span = AT - timedelta(minutes=10), AT + timedelta(minutes=10), timedelta(seconds=20)
    replies = list(sky.replies(*span))
    call(station, "replay", *(str(path) for path in record(folder / "recorded", replies)))
    with Store.open(station.database) as store:
        store.execute(
            "INSERT OR IGNORE INTO observations SELECT icao24, slot + 1, 'roof_of_jane_doe', place,"
            " strftime('%Y-%m-%dT%H:%M:%S.000Z', at, '+9 seconds'), heard_at, position_at, lat_deg,"
            " lon_deg, baro_altitude_ft, geom_altitude_ft, on_ground, ground_speed_kt, track_deg,"
            " vertical_rate_fpm, callsign, registration, type_code, squawk, source, adsb_version,"
            " nic, nac_p, sil, nav_qnh_hpa, gps_lost, crowded, operator FROM observations"
        )
    (row,) = listed(station, "landings")
    note = ["--note", "seen from my balcony", "--by", "Jane Doe"]
    call(station, "review", row["id"], "--confirm", *note)
    sightings = folder / "sightings.csv"
    line = "2026-11-18,landing,Joe Source,LLOV,seen from my balcony\n"
    sightings.write_text("date,unit,source,airfield,note\n" + line)
    call(station, "backfill", "sightings", str(sightings))
    return station


@pytest.fixture(autouse=True)
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports are made two weeks after the landing."""
    monkeypatch.setattr(export, "now", lambda: AT + timedelta(weeks=2))


def rows_of(station: Station, *words: str) -> list[dict[str, str]]:
    text = call(station, "export", *words).stdout_bytes.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_one_row_a_landing_with_how_sure_it_is(exported: Station) -> None:
    (row,) = rows_of(exported, "landings")
    assert row["id"] == "600865-2026-11-18-1"
    assert (row["counted"], row["status"], row["grade"]) == ("true", "counted", "confirmed")
    assert row["certainty"] == "confirmed by a person; graded confirmed, >99% likely"
    assert (row["operator"], row["icao24"]) == ("callsign AZQ*", "0x600865")
    assert row["touchdown_local"] == "2026-11-18 11:59"
    assert "at Ovda" in row["why"]
    assert "LLOV" not in row["why"]
    assert not rows_of(exported, "landings", "--from", "2026-11-19")
    (aircraft,) = rows_of(exported, "aircraft")
    assert (aircraft["landings"], aircraft["registration"]) == ("1", "4K-AZ101")


@pytest.mark.parametrize("hours", [71, 73])
def test_a_landing_leaves_three_days_after_its_touchdown(
    exported: Station, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "now", lambda: AT + timedelta(hours=hours))
    done = call(exported, "export", "landings")
    assert ("600865-2026-11-18-1" in done.stdout) == (hours > 72)
    assert ("1 landing too recent to leave" in done.stderr) == (hours < 72)
    done = call(exported, "export", "fixes")
    assert ("600865" in done.stdout) == (hours > 72)
    assert not rows_of(exported, "weeks")


def test_positions_of_a_later_landing_wait_until_it_may_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five hours after it landed, and soon left, it landed again, and was not heard leaving."""
    station = named(Station(tmp_path))
    again = AT + timedelta(hours=5)
    sky, step = Sky((Visit(lands_at=AT), Visit(lands_at=again))), timedelta(seconds=20)
    near = timedelta(minutes=15)
    heard = [
        *sky.replies(AT - near, AT + near, step),
        *sky.replies(again - near, again + near, step),
    ]
    call(station, "replay", *(str(path) for path in record(tmp_path / "recorded", heard)))
    ids = [row["id"] for row in listed(station, "landings", "--all")]
    assert len(ids) == 2
    for hours, last in ((73, AT + timedelta(hours=2)), (80, again + near)):
        monkeypatch.setattr(export, "now", lambda hours=hours: AT + timedelta(hours=hours))
        times = [datetime.fromisoformat(row["at"]) for row in rows_of(station, "fixes")]
        assert times
        assert max(times) <= last


def test_the_delay_cannot_be_shorter_than_six_hours(tmp_path: Path) -> None:
    key = "[publishing]\nafter_departure_hours = 5\n"
    assert "after_departure_hours" in call(Station(tmp_path, extra=key), "check", code=78).stderr
    settings = load(named(Station(tmp_path, extra=key.replace("5", "6"))).config, environ={})
    assert settings.disclosure.after_departure == timedelta(hours=6)


def test_an_aircraft_without_a_named_operator_stays_behind(station: Station) -> None:
    """The station's watch knows it by its address alone."""
    for kind in ("landings", "fixes", "weeks", "aircraft"):
        done = call(station, "export", kind)
        assert "600865" not in done.stdout
        assert "whose operator nobody names" in done.stderr
        assert "0 rows" in done.stderr


def test_visitors_stay_behind(exported: Station, tmp_path: Path) -> None:
    copy = tmp_path / "var" / "collector.sqlite"
    copy.parent.mkdir()
    shutil.copy(exported.database, copy)
    other = named(Station(tmp_path))
    with Store.open(copy) as store:
        (found,) = landings.find(store)
        matches = (WatchMatch(VISITORS, "callsign AZQ*", counted=False),)
        for column in ("watch = ?", "matched_by = ?"):
            value = getattr(matches[0], column.partition(" ")[0])
            store.execute(f"UPDATE landing_watches SET {column}", (value,))
        store.execute("UPDATE landings SET unlisted = 1 WHERE id = ?", (found.id,))
    for kind in ("landings", "fixes"):
        assert "600865" not in call(other, "export", kind).stdout


def test_nothing_that_leaves_says_who_helped(exported: Station, tmp_path: Path) -> None:
    call(exported, "export", "package", str(tmp_path))
    texts = {path.name: path.read_text("utf-8-sig") for path in tmp_path.iterdir()}
    assert len(texts) == 13
    for kind in ("landings", "weeks", "fixes", "aircraft"):
        for form in ("csv", "json", *(("geojson", "kml") if kind != "aircraft" else ())):
            done = call(exported, "export", kind, "--format", form)
            texts[f"{kind} as {form}"] = done.stdout
    for name, text in texts.items():
        for secret in PLANTED:
            assert secret not in text, name
    assert "own receiver" in texts["fixes.csv"]


def test_positions_that_may_not_be_passed_on_stay_behind(exported: Station, tmp_path: Path) -> None:
    copy = tmp_path / "var" / "collector.sqlite"
    copy.parent.mkdir()
    shutil.copy(exported.database, copy)
    other = named(Station(tmp_path))
    with Store.open(copy) as store:
        store.execute("UPDATE observations SET feed = 'opensky' WHERE feed = 'roof_of_jane_doe'")
    done = call(other, "export", "fixes")
    assert "reports of the feed opensky, which may not be passed on" in done.stderr
    assert {row["open_data"] for row in rows_of(other, "fixes")} == {"all"}
    assert {row["open_data"] for row in rows_of(other, "fixes", "--restricted")} == {"part"}
    wrong = call(other, "export", "fixes", "600865-2000-01-01-1", code=2)
    assert "no landing that may leave has the ID" in wrong.stderr


def test_a_week_says_the_same_as_everywhere(tmp_path: Path) -> None:
    station = named(sight_station(tmp_path))
    first, last = WEEKS[0].key, WEEKS[-1].key
    told = {row["week"]: row for row in listed(station, "weeks", "--from", first, "--to", last)}
    document = json.loads(call(station, "export", "weeks", "--format", "json").stdout)
    found = {row["week"]: row for row in document["rows"]}
    assert set(told) <= set(found)
    for week in WEEKS:
        row = found[week.key]
        assert (row["count"], row["at_least"], row["at_most"], row["alert"]) == week.json
        for key in ("count", "at_most", "at_least", "found", "coverage", "seen", "not_seen"):
            assert row[key] == told[week.key][key], key
    assert found["2026-W42"]["statement"] == "could not see"
    assert found["2026-W43"]["statement"] == "none seen in the 45% that we could see"
    assert found["2026-W41"]["not_listed"] == 1 - bool(rows_of(station, "landings"))


def test_sqlite_utils_reads_a_package_and_every_ready_query_runs(
    exported: Station, tmp_path: Path
) -> None:
    call(exported, "export", "package", str(tmp_path))
    base_file = str(tmp_path / "landings.sqlite")
    for name in ("landings", "weeks"):
        words = ["insert", base_file, name, str(tmp_path / f"{name}.csv"), "--csv"]
        assert CliRunner().invoke(sqlite_utils_cli, words, catch_exceptions=False).exit_code == 0
    described = json.loads((tmp_path / "datasette.json").read_text())
    base = sqlite3.connect(base_file)
    found = {
        name: base.execute(query["sql"]).fetchall()
        for name, query in described["databases"]["landings"]["queries"].items()
    }
    base.close()
    assert found["counted_by_month"] == [("2026-11", "LLOV", 1)]
    assert found["not_seen"]


def test_every_ready_query_of_the_database_runs(exported: Station) -> None:
    described = json.loads(call(exported, "export", "datasette").stdout)
    queries = described["databases"]["collector"]["queries"]
    base = sqlite3.connect(exported.database)
    given = {"icao24": "600865", "id": "600865-2026-11-18-1"}
    counts = {
        name: len(base.execute(one["sql"], given).fetchall()) for name, one in queries.items()
    }
    base.close()
    assert min(counts.values()) > 0, counts


def test_a_file_that_cannot_be_written_is_said_so(exported: Station, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = call(exported, "export", "package", str(tmp_path / "file" / "x"), code=1)
    assert "name another place" in done.stderr
    words = ["--config", str(exported.config), "export", "aircraft", "--format", "kml"]
    assert CliRunner().invoke(main, words).exit_code == 2
