"""Can every shipped row be read, does it agree with its source, is a wrong row refused alone?"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from collector.model.sighting import Kind, Precision, Unit
from collector.published import csv_tables
from collector.published.record import CountKind, days_near_fighting
from collector.queries import published_record
from collector.resources import shipped_file
from tests.support.shared import SHARED

FACTS = SHARED / "facts"
needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason=f"no facts at {FACTS}")
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
HEAD = "date,unit,airfield,source\n"


def facts(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("read", "name", "rows"),
    [
        (csv_tables.read_sightings, published_record.SIGHTINGS, 20),
        (csv_tables.read_counts, published_record.COUNTS, 24),
        (csv_tables.read_fighting, published_record.FIGHTING, 10),
    ],
)
def test_every_shipped_row_can_be_read(read: object, name: str, rows: int) -> None:
    text = shipped_file("history", name).read_text(encoding="utf-8")
    table = read(text, name)  # type: ignore[operator]
    assert table.problems == []
    assert len(table.rows) == rows
    assert all(one.row.source for one in table.rows)
    assert all(one.row.confidence for one in table.rows)


@needs_facts
def test_the_shipped_record_has_every_row_of_the_facts_with_its_source() -> None:
    record = published_record.shipped_record()
    rows_by_source = Counter(one.source for one in record.sightings)
    for name, split in (("published_landings.csv", ""), ("non_ovda_sightings.csv", " and ")):
        for row in facts(name):
            rows_by_source[row["source"]] -= 2 if split and split in row["date"] else 1
    assert set(rows_by_source.values()) == {0}
    counts = [(one.source, one.count) for one in record.counts]
    for row in facts("published_counts.csv"):
        number = "".join(char for char in row["count"] if char.isdecimal())
        named = row["count_kind"] not in {"rank", "qualitative"}
        assert (row["source"], int(number) if named else None) in counts
    fights = {(one.name, one.source) for one in record.fighting}
    assert fights == {(row["name"], row["source"]) for row in facts("fighting_periods.csv")}


def test_contradictions_stay_noted() -> None:
    record = published_record.shipped_record()
    (first, second) = [one for one in record.counts if one.lead]
    assert (first.count, first.kind, second.count) == (92, CountKind.AT_LEAST, 103)
    notes = " ".join(
        [one.note for one in record.counts]
        + [one.note for one in record.sightings]
        + [one.note for one in record.fighting]
    )
    for words in ("wrong end year", "AIR FORCE", "AP counts at least six", "not 4K-AZ100 (alibi)",
                 'printed "K-781314"', "do not add to a count", "end of 16 Sep"):  # fmt: skip
        assert words in notes, words
    undated = [one for one in record.sightings if one.kind is Kind.LANDING and not one.counted]
    assert [one.period.days for one in undated] == [float("inf")] * 2
    legs = [one for one in record.counts if one.unit is Unit.LEG]
    assert [one.landings for one in legs] == [6.0]


def test_the_open_and_the_undated_fighting_is_not_tested_on() -> None:
    untested = [one.name for one in published_record.shipped_record().fighting if not one.tested]
    assert untested == ["Border crisis begins", "Armenia-Nakhchivan border"]
    near = days_near_fighting(published_record.shipped_record().fighting, 14)
    assert date(2020, 9, 13) in near
    assert date(2020, 9, 12) not in near
    assert date(2020, 11, 10) in near
    assert date(2020, 11, 11) not in near
    assert date(2021, 5, 12) not in near


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("2020-09-24,landing,LLOV", "3 cells under 4 columns"),
        ("soon,landing,LLOV,Paper", "'soon' is not a date"),
        ("1492-01-01,landing,LLOV,Paper", "from 1950 to 2100"),
        (
            "2020-09-24,flight,LLOV,Paper",
            "unit is 'flight': it must be one of landing, leg, rotation",
        ),
        ("2020-09-24,,LLOV,Paper", "unit is ''"),
        ("2020-09-24,landing,,Paper", "a landing needs an airfield"),
        ("2020-09-24,landing,Ovda airport,Paper", "is not the ICAO code of an airfield"),
        ("2020-09-24,landing,LLOV,", "source is empty"),
        (f"2020-09-24,landing,LLOV,{'x' * 5000}", "source has 5,000 characters"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line_and_the_others_kept(line: str, why: str) -> None:
    good = "2020-09-24,landing,LLOV,Paper\n"
    table = csv_tables.read_sightings(f"{HEAD}{good}{line}\n{good}", "list.csv")
    assert [one.line for one in table.rows] == [2, 4]
    (problem,) = table.problems
    assert problem.startswith("list.csv:3: ")
    assert why in problem


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("date,airfield,source", "missing: unit"),
        ("date,unit,airfield,source,colour", "unknown: colour"),
        ("date,unit,source,source", "twice: source"),
        ("", "missing: date, unit, source"),
    ],
)
def test_wrong_columns_refuse_the_file(head: str, why: str) -> None:
    table = csv_tables.read_sightings(f"{head}\na,b,c,d\n", "list.csv")
    assert table.rows == []
    (problem,) = table.problems
    assert problem.startswith("list.csv:1: wrong columns")
    assert why in problem


def test_a_precision_that_is_not_that_of_the_date_is_refused() -> None:
    head = "date,precision,unit,airfield,source\n"
    table = csv_tables.read_sightings(
        f"{head}2020-09,month,leg,LLOV,P\n2020-09,day,leg,LLOV,P\n", "f"
    )
    assert [one.row.period.precision for one in table.rows] == [Precision.MONTH]
    assert table.problems == [
        "f:3: precision is day, but the date '2020-09' has the precision month"
    ]


def test_what_is_no_csv_is_refused_from_there_on(tmp_path: Path) -> None:
    text = f'{HEAD}2020-09-24,landing,LLOV,P\n2020-09-25,landing,LLOV,"{"x" * 200_000}"\n'
    table = csv_tables.read_sightings(text, "f")
    assert len(table.rows) == 1
    assert [problem.partition(": ")[0] for problem in table.problems] == ["f:3"]


def test_files_that_cannot_be_read_are_reported(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes(b"date,unit,source\n2020,leg,caf\xe9\n")
    rows = "2020-09-24,landing,LLOV,P\n2066-09-24,landing,LLOV,P\n"
    (tmp_path / "good.csv").write_text(f"\ufeff{HEAD}{rows}", "utf-8")
    problems: list[str] = []
    found = published_record.read_sightings(
        [tmp_path, tmp_path / "none.csv"], problems.append, now=NOW
    )
    assert [len(rows) for _, rows in found] == [1]
    assert len(problems) == 3
    assert "good.csv:3: 2066-09-24 is in the future" in problems[0]
    assert "latin.csv: is not UTF-8" in problems[1]
    assert "none.csv: cannot be read: No such file" in problems[2]
