"""Does every cell of a CSV file stay what it is in Excel and LibreOffice?"""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.coverage.sight import SeenCount, Sight
from collector.reports.exports.spreadsheet import csv_text, inert
from collector.reports.exports.table import Export
from collector.untrusted import visible
from tests.reports.exports.values import exports, hostile, landing_row, week_row

CHANGED = [
    *("=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1", "−1", "|cmd", "%0A"),
    *("004e51", "600865", "1e5", "007", "3.14", "1,5", "50%", "12:30", "12 PM", "$5", "(3)"),
    *("05-5139", "10-2005", "1/2", "2026-11-22", "MAR01", "1MAR", "Dec 3", "märz 12", "SEP2026"),
    *("TRUE", "false", "'x"),
]
KEPT = [
    "AZQ4521",
    "4K-AZ101",
    "20L",
    "IL76",
    "60083c",
    "LLOV (93%) or LLER (5%)",
    "MARTHA",
    "D-ABCD",
]


@pytest.mark.parametrize("text", CHANGED)
def test_what_a_spreadsheet_would_compute_or_convert_is_marked(text: str) -> None:
    assert inert(text) == f"'{visible(text)}"


@pytest.mark.parametrize("text", KEPT)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


@given(st.text(max_size=30))
@example("=cmd|' /C calc'!A0")
@example("\r\n=1")
def test_no_text_from_the_air_becomes_a_formula_or_another_cell(text: str) -> None:
    table = Export(exports()[0].table, [landing_row(hostile(text))])
    head, row = csv.reader(io.StringIO(csv_text(table).removeprefix("\ufeff"), newline=""))
    cells = dict(zip(head, row, strict=True))
    for name in ("callsign", "registration", "type", "runway", "why"):
        assert cells[name].isprintable()
        assert not re.match(r"\s*[=+\-@|]", cells[name])
        assert cells[name].removeprefix("'") in {visible(text), visible(text).removeprefix("'")}


def test_the_file_opens_by_a_double_click() -> None:
    text = csv_text(exports()[0])
    assert text.startswith("\ufeffid,watches,icao24,")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert ",0x600865," in text
    assert text.splitlines()[1].startswith("600865-2026-11-18-1,")


def test_numbers_have_a_comma_where_spreadsheets_expect_it() -> None:
    lines = csv_text(exports()[0], decimal_comma=True).splitlines()
    assert lines[0].startswith("\ufeffid;watches;icao24;")
    assert ";29,9403;34,9358;" in lines[1]
    assert ";0,93;" in lines[1]


def test_a_week_that_could_not_be_seen_is_no_zero() -> None:
    blind, seen = Sight(0.03, 0.03), Sight(0.95, 0.95)
    cells = []
    for count in (SeenCount(0, 0, blind), SeenCount(1, 1, blind), SeenCount(0, 0, seen)):
        table = Export(exports()[1].table, [week_row(count)])
        (row,) = csv.DictReader(io.StringIO(csv_text(table).removeprefix("\ufeff"), newline=""))
        cells.append((row["statement"], row["count"], row["at_most"], row["alert"]))
    assert cells == [
        ("could not see", "", "", "not-seen"),
        ("at least 1 landing", "1", "", "not-seen"),
        ("no landing", "0", "0", "ok"),
    ]
