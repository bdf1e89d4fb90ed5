"""Do `backfill sightings` and `report` keep tracked landings apart from landings only reported?"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from collector.coverage.share import MARGIN, coverage_by_day
from collector.coverage.sight import Sight
from collector.queries import coverage_days
from collector.store import Store, coverage_slots
from collector.weeks import week_bounds
from tests.support.published_station import HEAD, call, published_station, shipped_config
from tests.support.sky import OVDA
from tests.support.station import Station


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    return published_station(tmp_path_factory.mktemp("station"))


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    return shipped_config(tmp_path)


def test_out_of_the_box_the_report_says_what_it_rests_on(shipped: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = call(shipped, "report", "--from", "2016", "--to", "2024", "--out", out)
    assert "there is no database" in result.stderr
    assert not (tmp_path / "var").exists()
    text = next(out.glob("report-2016-01-01-2024-12-31-*.txt")).read_text()
    plain = " ".join(text.split())
    assert (
        "Silk Way Il-76s at Ovda: no tracking: a landing at Ovda could not have been noticed at "
        "any time of this period" in plain
    )
    assert "7 dated landings are reported by 4 publications and not tracked" in plain
    assert "Of the 92 landings published for 2016 to 2 Mar 2023, 4 have a date" in plain
    assert "(2 more are of another operator)" in plain
    assert "Not tested: no day during the fighting" in plain
    assert max(len(line) for line in text.splitlines() if "http" not in line) <= 78
    page = next(out.glob("report-2016-01-01-2024-12-31-*.html")).read_text()
    assert page.startswith("<!doctype html>")
    assert "44-day war" in page
    assert "<svg" in page
    (svg,) = out.glob("*.svg")
    assert len(list(out.glob("*.png"))) == 1
    assert svg.read_text().count("no feed answered, no archive was read") == 9, "in every year"
    assert "A landing says nothing about cargo or purpose." in svg.read_text()


def test_a_year_that_is_counted_in_part_is_not_taken_for_the_whole(
    shipped: Path, tmp_path: Path
) -> None:
    said = "Only a part of these years is counted: 1 Dec to 31 Dec of 2020, 1 Jan to 3 Mar of 2021."
    for name, first, last, told in (
        ("part", "2020-12", "2021-03-03", True),
        ("whole", "2020", "2021", False),
    ):
        out = tmp_path / name
        call(shipped, "report", "--from", first, "--to", last, "--out", out)
        (text,), (page,) = (
            [path.read_text() for path in out.glob(f"report-*.{kind}")] for kind in ("txt", "html")
        )
        assert (said in " ".join(text.split())) == told
        assert (said in page) == told


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
    november = ("report", "--from", "2026-11", "--to", "2026-11")
    assert "Could see\n" in call(station.config, *november).stdout, "nothing is only reported"
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
    assert "Could see Only reported\n" in call(station.config, *november).stdout
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
    assert "b.csv:2: 'soon' is not a date" in result.stderr
    assert "1 sightings in 2 files: 1 new" in result.stderr
    kept = call(station.config, "backfill", "sightings", "--instead", *files, code=1)
    assert "0 removed" in kept.stderr
    assert "nothing was changed" in kept.stderr


def test_without_a_path_the_shipped_sightings_are_stored(shipped: Path) -> None:
    assert "20 sightings in 1 file: 20 new" in call(shipped, "backfill", "sightings").stderr
    assert "20 sightings in 1 file: 0 new" in call(shipped, "backfill", "sightings").stderr
    row = json.loads(call(shipped, "report", "--to", "2024", "--json").stdout)[0]
    assert row["reported_only"] == 7  # stored and shipped are the same


def test_a_report_distinguishes_three_kinds_of_zero(station: Station, tmp_path: Path) -> None:
    words = ("report", "--from", "2026-10-26", "--to", "2026-11-18", "--out", tmp_path, "--json")
    place, *_ = json.loads(call(station.config, *words).stdout)
    assert [(one["month"], one["told"]) for one in place["months"]] == [
        ("2026-10", "no archive"),
        ("2026-11", "found"),
    ]
    words = ("report", "--from", "2026-11-05", "--to", "2026-11-06", "--out", tmp_path, "--json")
    place, *_ = json.loads(call(station.config, *words).stdout)
    assert [one["told"] for one in place["years"]] == ["could not have been heard"]
    text = next(tmp_path.glob("report-2026-11-05-2026-11-06-*.txt")).read_text()
    assert re.search(r"2026 +– +0% +could not have been heard", text)
    words = ("report", "--from", "2026-11-05", "--to", "2026-11-12", "--out", tmp_path, "--json")
    place, *_ = json.loads(call(station.config, *words).stdout)
    assert [one["told"] for one in place["years"]] == ["could not have been heard"], (
        "one day of eight"
    )
    words = ("report", "--from", "2026-11-12", "--to", "2026-11-12", "--out", tmp_path, "--json")
    place, *_ = json.loads(call(station.config, *words).stdout)
    assert [one["told"] for one in place["years"]] == ["none found"]


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
def test_wrong_options_are_refused(station: Station, words: list[str], why: str) -> None:
    assert why in call(station.config, *words, code=2).stderr


def test_a_folder_that_cannot_be_written_is_one_line(station: Station, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    out = tmp_path / "file" / "out"
    result = call(station.config, "report", "--from", "2026-11", "--out", out, code=1)
    assert "the report cannot be written into" in result.stderr


def test_days_have_the_coverage_of_the_digest(station: Station) -> None:
    zone, key = "Asia/Jerusalem", "2026-W46"
    with Store.open(station.database, read_only=True) as store:
        found = coverage_days.sights_by_day(
            store, [OVDA], ["LLOV"], zone, first=None, last=None,
            now=datetime(2026, 11, 25, tzinfo=UTC),
        )["LLOV"]  # fmt: skip
        begin, end = week_bounds(key, zone)
        slots = coverage_slots.slots_between(store, begin - MARGIN, end + MARGIN)
    for day in coverage_by_day(slots, OVDA, begin, end, zone):
        sight = found.get(day.day, Sight(0.0, 0.0))
        assert sight.coverage == pytest.approx(day.coverage.share)
        assert sight.seen == sight.coverage, "aircraft were heard low in that week"
    assert found[date(2026, 11, 12)].seen > 0.9
    assert found[date(2026, 11, 18)].seen < 0.1
