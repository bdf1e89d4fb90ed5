"""Does `recount` give every row of a published list the right verdict and reason?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.published_station import HEAD, call, published_station, shipped_config
from tests.support.station import Station

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


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    return published_station(tmp_path_factory.mktemp("station"))


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    return shipped_config(tmp_path)


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
        (3, "not found though heard", "and no tracked landing fits"),
        (4, "no archive", "no feed answered then, and no archive of it was read"),
        (5, "contradicted", "elsewhere"),
        (6, "contradicted", "elsewhere"),
        (7, "no landing", "not a landing: Houston"),
        (8, "could not have been heard", "no watch names LLBG"),
        (9, "could not have been heard", "no watch names this aircraft"),
        (10, "could not have been heard", "only 0% of the time was covered"),
        (11, "not dated", "the days of the landing are unknown"),
        (12, "could not have been heard", "no coverage near the airfield then"),
    ],
)
def test_each_row_has_its_verdict(
    recounted: list[dict[str, Any]], line: int, verdict: str, why: str
) -> None:
    row = next(one for one in recounted if one["line"] == line)
    assert row["verdict"] == verdict, row
    assert why in row["why"]
    assert (row["landing"] is not None) == (verdict == "matched")


def test_an_alibi_names_the_place_of_the_airframe(recounted: list[dict[str, Any]]) -> None:
    tracked, reported = (row["alibi"] for row in recounted if row["verdict"] == "contradicted")
    assert tracked.startswith("4K-AZ101 tracked on the ground near 40.5 N 50.0 E, ")
    assert "no silence longer than 20 min" in tracked
    assert reported == "600865 at Houston, 2026-11-08/2026-11-10 (Spotters)"


def test_two_legs_of_a_list_are_one_landing(station: Station, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("date,unit,direction,airfield,source\n2026-11-18,leg,to,LLOV,P\n"
                    "2026-11-18,leg,from,LLOV,P\n2026-11-18,leg,to,LLOV,P\n")  # fmt: skip
    rows = json.loads(call(station.config, "recount", file, "--json").stdout)
    assert [bool(row["landing"]) for row in rows].count(True) == 2
    assert rows[1]["verdict"] == "matched"


def test_a_recount_has_a_table_and_defaults_to_the_shipped_list(
    shipped: Path, tmp_path: Path
) -> None:
    result = call(shipped, "recount")
    assert "VERDICT" in result.stdout
    assert "20 rows: 2 not dated, 7 no archive, 11 no landing" in result.stderr
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    refused = call(shipped, "recount", wrong, "--json", code=1)
    assert json.loads(refused.stdout) == []
