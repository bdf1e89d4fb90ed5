"""Do `backfill sightings`, `report` and `recount` tell what was tracked from what was only said?"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import collector.reports.picture as drawing
from collector.cli import main
from collector.coverage.share import MARGIN, coverage_by_day
from collector.model import Observation
from collector.model.coverage import PollCoverage
from collector.model.reply import Outcome
from collector.queries import coverage_days
from collector.store import Store, coverage_slots, observations
from collector.weeks import week_bounds
from tests.support.sky import OVDA, Sky, Visit
from tests.support.station import Station, record

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HEARD = datetime(2026, 11, 12, tzinfo=UTC)
"""A day on which everybody was heard and nobody landed."""
DEAF = datetime(2026, 11, 5, 12, tzinfo=UTC)
"""When the feed answered, and told of nobody near."""
AWAY = datetime(2026, 11, 15, tzinfo=UTC)
"""A day on which 600865 was heard at Baku all the time."""
HEAD = "kind,date,unit,airfield,place,icao24,callsign,note,source"
LIST = f"""{HEAD}
landing,2026-11-18,landing,LLOV,,,,with nobody named,Paper
landing,2026-11-12,landing,LLOV,,,,,Paper
landing,2026-11-03,landing,LLOV,,,,,Paper
landing,2026-11-15,landing,LLOV,,600865,,,Paper
landing,2026-11-09,landing,LLOV,,600865,,,Paper
alibi,2026-11-08/2026-11-10,landing,,Houston,600865,,,Spotters
landing,2026-11-12,landing,LLBG,,,,,Paper
landing,2026-11-12,landing,LLOV,,abcdef,,,Paper
landing,2026,landing,LLOV,,600865,,,Loose
landing,2020-09/..,landing,LLOV,,,,,Loose
landing,2026-11-05,landing,LLOV,,,,,Paper
"""


def call(config: Path, *words: str | Path, code: int = 0) -> Result:
    named = [str(word) for word in words]
    result = CliRunner().invoke(main, ["--config", str(config), "--log", "error", *named])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """One landing, replayed; a day well heard before; a day of the same aircraft at Baku."""
    folder = tmp_path_factory.mktemp("station")
    sky = Sky((Visit(lands_at=AT),))
    span = timedelta(minutes=10)
    heard = sky.replies(AT - span, AT + span, timedelta(seconds=30))
    station = Station(folder)
    call(station.config, "replay", *record(folder / "recorded", list(heard)))
    with Store.open(station.database) as store:
        coverage_slots.merge_polls(
            store, well_heard(HEARD - timedelta(hours=4), HEARD + timedelta(hours=26))
        )
        coverage_slots.merge_polls(
            store, [replace(one, cells={}) for one in well_heard(DEAF, DEAF + HOUR)]
        )
        observations.store_reports(store, [(each, ()) for each in at_baku()])
    return station


def well_heard(begin: datetime, end: datetime) -> list[PollCoverage]:
    cells = {(119, 139, 2): 3, (120, 139, 8): 4}
    return [
        PollCoverage(feed="adsblol", at=begin + n * timedelta(minutes=5), outcome=Outcome.HEARD,
                area=True, aircraft=7, unplaced=0, cells=cells)
        for n in range((end - begin) // timedelta(minutes=5))
    ]  # fmt: skip


def at_baku() -> list[Observation]:
    begin = AWAY - timedelta(hours=8)
    return [
        Observation(
            icao24="600865", feed="adsblol", heard_at=at, position_at=at, lat_deg=40.467,
            lon_deg=50.05, baro_altitude_ft=None, on_ground=True, registration="4K-AZ101",
        )
        for at in (begin + n * timedelta(minutes=20) for n in range(40 * 3))
    ]  # fmt: skip


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """The configuration as shipped, without a database."""
    config = tmp_path / "collector.toml"
    config.write_text(f'data = "{tmp_path / "var"}"\n')
    return config


def test_out_of_the_box_the_report_says_what_it_rests_on(shipped: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = call(shipped, "report", "--from", "2016", "--to", "2024", "--out", out)
    assert "there is no database" in result.stderr
    assert not (tmp_path / "var").exists()
    text = (out / "report-2016-01-01-2024-12-31.txt").read_text()
    plain = " ".join(text.split())
    assert "No tracking: at no time of this report could a landing at LLOV have been seen" in plain
    assert "7 dated landings reported by 4 publications and not tracked" in plain
    assert "Of the 92 landings published for 2016 to 2 Mar 2023, 4 are dated" in plain
    assert "(2 more are of another operator)" in plain
    assert "Not tested: no day in the fighting" in plain
    assert max(len(line) for line in text.splitlines() if "http" not in line) <= 78
    page = (out / "report-2016-01-01-2024-12-31.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "44-day war" in page
    assert "<svg" in page
    (svg,) = out.glob("*.svg")
    assert len(list(out.glob("*.png"))) == 1
    assert svg.read_text().count("nobody listened, no archive was read") == 9, "in every year"
    assert "A landing says nothing about cargo or purpose." in svg.read_text()


def test_without_matplotlib_the_page_has_bars_and_says_how_to_get_pictures(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "drawable", lambda: False)
    result = call(shipped, "report", "--from", "2016", "--to", "2024", "--out", tmp_path / "out")
    assert "without pictures" in result.stderr
    (page,) = (tmp_path / "out").glob("*.html")
    assert "<svg" not in page.read_text()
    assert "pip install &#39;matplotlib" in page.read_text()
    assert 'class="only" style="width:100%"' in page.read_text()
    assert {each.suffix for each in (tmp_path / "out").iterdir()} == {".html", ".txt"}


def test_the_same_report_is_the_same_bytes(shipped: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        call(shipped, "report", "--to", "2017", "--from", "2016", "--out", tmp_path / name)
    for picture in (tmp_path / "one").glob("*.svg"):
        assert picture.read_bytes() == (tmp_path / "two" / picture.name).read_bytes()


def reported(station: Station, *words: str) -> dict[str, Any]:
    result = call(station.config, "report", *words, "--json")
    rows: list[dict[str, Any]] = json.loads(result.stdout)
    return rows[0]


def test_a_sighting_of_a_tracked_landing_is_not_added_to_it(
    station: Station, tmp_path: Path
) -> None:
    before = reported(station, "--from", "2026-11", "--to", "2026-11")
    assert (before["count"], before["reported_only"], before["matched"]) == (1, 0, 0)
    file = tmp_path / "list.csv"
    file.write_text(f"{HEAD}\nlanding,2026-11-18,landing,LLOV,,,,,Paper\n"
                    "landing,2026-11-17,landing,LLOV,,,,,Paper\n")  # fmt: skip
    call(station.config, "backfill", "sightings", file)
    again = call(station.config, "backfill", "sightings", file)
    assert "0 new, 0 with another note" in again.stderr
    row = reported(station, "--from", "2026-11", "--to", "2026-11")
    assert (row["count"], row["reported_only"], row["matched"]) == (1, 1, 1)
    (week,) = row["weeks"]
    assert (week["week"], week["count"], week["reported_only"]) == ("2026-W47", 1, 1)
    landing = call(station.config, "landings", "--json")
    assert len(json.loads(landing.stdout)) == 1
    empty = tmp_path / "none.csv"
    empty.write_text(f"{HEAD}\n")
    forgot = call(station.config, "backfill", "sightings", "--instead", empty)
    assert "2 removed" in forgot.stderr


def test_wrong_columns_and_rows_are_refused_and_the_rest_kept(tmp_path: Path) -> None:
    station = Station(tmp_path)
    (tmp_path / "a.csv").write_text("when,where\n2020,LLOV\n")
    (tmp_path / "b.csv").write_text(f"{HEAD}\nlanding,soon,landing,LLOV,,,,,Paper\n"
                                    "landing,2020-09-24,landing,LLOV,,,,,Paper\n")  # fmt: skip
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    result = call(station.config, "backfill", "sightings", *files, code=1)
    assert "a.csv:1: wrong columns (missing: date, unit, source" in result.stderr
    assert "b.csv:2: 'soon' is no date" in result.stderr
    assert "1 sightings in 2 files: 1 new" in result.stderr
    kept = call(station.config, "backfill", "sightings", "--instead", *files, code=1)
    assert "0 removed" in kept.stderr
    assert "nothing was changed" in kept.stderr


def test_without_a_path_the_shipped_sightings_are_taken(shipped: Path) -> None:
    assert "20 sightings in 1 file: 20 new" in call(shipped, "backfill", "sightings").stderr
    assert "20 sightings in 1 file: 0 new" in call(shipped, "backfill", "sightings").stderr
    row = json.loads(call(shipped, "report", "--to", "2024", "--json").stdout)[0]
    assert row["reported_only"] == 7  # stored and shipped are the same


@pytest.fixture(scope="module")
def recounted(station: Station, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    file = tmp_path_factory.mktemp("list") / "list.csv"
    file.write_text(LIST)
    rows: list[dict[str, Any]] = json.loads(call(station.config, "recount", file, "--json").stdout)
    return rows


@pytest.mark.parametrize(
    ("line", "verdict", "why"),
    [
        (2, "matched", "confirmed at LLOV, 2026-11-18 09:59 UTC"),
        (3, "not found though heard", "and no landing that fits"),
        (4, "no archive", "nobody listened then, and no archive of it was read"),
        (5, "contradicted", "elsewhere"),
        (6, "contradicted", "elsewhere"),
        (7, "no landing", "tells of Houston"),
        (8, "could not have been heard", "no watch looks at LLBG"),
        (9, "could not have been heard", "no watch follows that aircraft"),
        (10, "could not have been heard", "heard only"),
        (11, "not dated", "its days are not known"),
        (12, "could not have been heard", "nobody was heard near it then"),
    ],
)
def test_each_row_has_its_verdict(
    recounted: list[dict[str, Any]], line: int, verdict: str, why: str
) -> None:
    row = next(one for one in recounted if one["line"] == line)
    assert row["verdict"] == verdict, row
    assert why in row["why"]
    assert (row["landing"] is not None) == (verdict == "matched")


def test_a_report_tells_three_kinds_of_nothing_apart(station: Station, tmp_path: Path) -> None:
    words = ("report", "--from", "2026-10-26", "--to", "2026-11-18", "--out", tmp_path, "--json")
    place, *_ = json.loads(call(station.config, *words).stdout)
    assert [(one["month"], one["told"]) for one in place["months"]] == [
        ("2026-10", "no archive"),
        ("2026-11", "found"),
    ]
    words = ("report", "--from", "2026-11-05", "--to", "2026-11-06", "--out", tmp_path, "--json")
    place, *_ = json.loads(call(station.config, *words).stdout)
    assert [one["told"] for one in place["years"]] == ["could not have been heard"]
    text = (tmp_path / "report-2026-11-05-2026-11-06.txt").read_text()
    assert re.search(r"2026 +– +0% +could not have been heard", text)
    words = ("report", "--from", "2026-11-05", "--to", "2026-11-12", "--out", tmp_path, "--json")
    place, *_ = json.loads(call(station.config, *words).stdout)
    assert [one["told"] for one in place["years"]] == ["none found"]


def test_an_alibi_tells_where_the_airframe_was(recounted: list[dict[str, Any]]) -> None:
    tracked, told = (row["alibi"] for row in recounted if row["verdict"] == "contradicted")
    assert tracked.startswith("4K-AZ101 tracked on the ground near 40.5 N 50.0 E, ")
    assert "never unheard for more than 20 min" in tracked
    assert told == "600865 at Houston, 2026-11-08/2026-11-10 (Spotters)"


def test_two_legs_of_a_list_are_one_landing(station: Station, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("date,unit,direction,airfield,source\n2026-11-18,leg,to,LLOV,P\n"
                    "2026-11-18,leg,from,LLOV,P\n2026-11-18,leg,to,LLOV,P\n")  # fmt: skip
    rows = json.loads(call(station.config, "recount", file, "--json").stdout)
    assert [bool(row["landing"]) for row in rows].count(True) == 2
    assert rows[1]["verdict"] == "matched"


def test_a_recount_is_a_table_too_and_the_shipped_list_is_taken_without_a_file(
    shipped: Path, tmp_path: Path
) -> None:
    result = call(shipped, "recount")
    assert "VERDICT" in result.stdout
    assert "20 rows: 2 not dated, 7 no archive, 11 no landing" in result.stderr
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    refused = call(shipped, "recount", wrong, "--json", code=1)
    assert json.loads(refused.stdout) == []


def test_hostile_text_is_made_harmless(station: Station, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    bad = "<script>alert(1)</script>\x1b[2J"
    file.write_text(f"{HEAD}\nlanding,2026-11-02,landing,LLOV,,,{bad},{bad},javascript:{bad}\n"
                    f"alibi,2026-11-02,landing,,{bad},600865,,,x\n"
                    "landing,2026-11-02,landing,LLOV,,600865,,,P\n")  # fmt: skip
    call(station.config, "backfill", "sightings", file)
    out = tmp_path / "out"
    call(station.config, "report", "--from", "2026-11-01", "--to", "2026-11-30", "--out", out)
    (page,) = out.glob("*.html")
    assert "<script" not in page.read_text()
    assert not re.search(r'href="(?!https?://|#)', page.read_text())
    table = call(station.config, "recount", file).stdout
    (text,) = out.glob("*.txt")
    for shown in (page.read_text(), text.read_text(), table):
        assert "\x1b" not in shown
        assert r"\x1b[2J" in shown
    empty = tmp_path / "none.csv"
    empty.write_text(f"{HEAD}\n")
    call(station.config, "backfill", "sightings", "--instead", empty)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["report", "--from", "2027-01", "--to", "2026-01"], "no day between"),
        (["report", "--from", "soon"], "neither a year"),
        (["report", "--from", "2016/2017"], "neither a year"),
        (["report", "--watch", "nobody"], "there is no watch 'nobody'; choose from: w"),
        (["report", "--before", "-1"], "-1"),
    ],
)
def test_what_cannot_be_asked_is_refused(station: Station, words: list[str], why: str) -> None:
    assert why in call(station.config, *words, code=2).stderr


def test_a_folder_that_cannot_be_written_is_one_line(station: Station, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    out = tmp_path / "file" / "out"
    result = call(station.config, "report", "--from", "2026-11", "--out", out, code=1)
    assert "the report cannot be written into" in result.stderr


def test_days_are_seen_as_the_digest_sees_them(station: Station) -> None:
    zone, key = "Asia/Jerusalem", "2026-W46"
    with Store.open(station.database, read_only=True) as store:
        found = coverage_days.seen_days(
            store, [OVDA], ["LLOV"], zone, first=None, last=None,
            now=datetime(2026, 11, 25, tzinfo=UTC),
        )["LLOV"]  # fmt: skip
        begin, end = week_bounds(key, zone)
        slots = coverage_slots.slots_between(store, begin - MARGIN, end + MARGIN)
    for day in coverage_by_day(slots, OVDA, begin, end, zone):
        assert found.get(day.day, 0.0) == pytest.approx(day.coverage.share)
    assert found[date(2026, 11, 12)] > 0.9
    assert found[date(2026, 11, 18)] < 0.1
