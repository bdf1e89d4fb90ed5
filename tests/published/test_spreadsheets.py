"""Is a list read as it was meant, however a spreadsheet saved it, and never otherwise?"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.published import csv_tables
from collector.published.spreadsheets import Mended, decoded, mended_address
from collector.queries import published_record
from tests.cli.runner import call
from tests.support.station import Station

ROWS = [
    ["date", "unit", "source", "airfield", "icao24", "note"],
    ["2020-09-24", "landing", "Daily", "LLOV", "600865", "seen"],
    ["2020-09-29", "landing", "Daily", "LLOV", "", "“two” – Müller"],
]


def saved(separator: str = ",", rows: list[list[str]] = ROWS) -> str:
    return "".join(separator.join(row) + "\r\n" for row in rows)


FORMS = {
    "commas": saved().encode(),
    "semicolons and BOM": b"\xef\xbb\xbf" + saved(";").encode(),
    "tabs in UTF-16": saved("\t").encode("utf-16"),
    "tabs in big-endian UTF-16": b"\xfe\xff" + saved("\t").encode("utf-16-be"),
    "a line that names the separator": b"sep=;\r\n" + saved(";").encode(),
    "blank rows before and after": b"\r\n" + saved().encode() + b",,,,,\r\n\r\n",
    "an empty last column": saved(rows=[[*row, ""] for row in ROWS]).encode(),
    "an empty column in between": saved(rows=[[*row[:2], "", *row[2:]] for row in ROWS]).encode(),
    "the last cells left out": saved(rows=[*ROWS[:2], ROWS[2][:4]]).encode(),
    "more empty cells than columns": saved(
        rows=[ROWS[0], *([*row, ""] for row in ROWS[1:])]
    ).encode(),
    "capitals": saved(rows=[[cell.upper() for cell in ROWS[0]], *ROWS[1:]]).encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_usual_form_gives_the_same_rows(form: str) -> None:
    table = csv_tables.read_sightings(decoded(FORMS[form]), "list.csv")
    assert table.problems == []
    assert [str(one.row.period.first) for one in table.rows] == ["2020-09-24", "2020-09-29"]
    assert table.rows[0].row.icao24 == "600865"


def test_a_cell_without_a_column_is_told_and_not_dropped() -> None:
    rows = [[*ROWS[0], ""], [*ROWS[1], "LLER!"], [*ROWS[2], ""]]
    table = csv_tables.read_sightings(saved(rows=rows), "list.csv")
    assert table.problems == ["list.csv:2: 'LLER!' stands in a column without a name"]
    assert len(table.rows) == 1


def test_a_code_page_is_never_guessed() -> None:
    letters = "Müller".encode("cp1252")
    with pytest.raises(ValueError, match=r"is not UTF-8 .* name its code page with --encoding"):
        decoded(letters)
    assert decoded(letters, "windows-1252") == "Müller"
    assert decoded("“two” – crates…".encode("cp1255")) == "“two” – crates…"
    with pytest.raises(ValueError, match="no encoding that is known"):
        decoded(letters, "windows-9999")


def shown_as(icao24: str) -> str:
    """What a spreadsheet saves of a cell in which somebody typed an address."""
    if icao24.isdecimal():
        return str(int(icao24))
    if not re.fullmatch(r"\d+e\d+", icao24):
        return icao24
    number = Decimal(icao24)
    if abs(number.adjusted()) < 11 or not number:
        return str(int(number))
    return f"{number:E}".replace("E+0", "E+")


HEX = st.from_regex(r"[0-9a-f]{6}", fullmatch=True)
NUMBERS = st.from_regex(r"[0-9]{6}|[0-9]{1,4}e[0-9]{1,4}", fullmatch=True)
SIX = NUMBERS.filter(lambda text: len(text) == 6 and text.partition("e")[0].strip("0"))


@given(HEX.filter(lambda text: not re.fullmatch("0+(e[0-9]+)?", text)) | SIX)
@example("4e5678")
@example("4567e0")
@example("600000")
def test_an_address_comes_back_or_is_among_those_that_are_told(icao24: str) -> None:
    cell = shown_as(icao24)
    known = mended_address(cell, {icao24})
    assert (known.icao24 if isinstance(known, Mended) else known) in {icao24, cell}
    try:
        found = mended_address(cell)
    except ValueError as error:
        told = re.findall(r"[0-9a-f]{6}", str(error).partition("addresses")[2])
    else:
        # Six digits stand for themselves: nothing shows that a spreadsheet made them of 6e0005.
        told = [icao24, icao24 if found == cell else ""]
        assert found == cell or (isinstance(found, Mended) and found.icao24 == icao24)
    assert icao24 in told
    assert len(told) > 1


@pytest.mark.parametrize("text", ["4841e5", "0x4841e5", "'4841e5", '="4841e5"', " 4841E5 "])
def test_an_address_that_was_kept_stays_what_it_is(text: str) -> None:
    assert mended_address(text) == "4841e5"


def test_two_known_addresses_are_not_told_apart() -> None:
    assert mended_address("4567", {"004567"}) == Mended(
        "004567", "4567 was read as the address 004567"
    )
    with pytest.raises(ValueError, match="several addresses"):
        mended_address("4567", {"004567", "4567e0"})


@pytest.mark.parametrize("text", ["AB12", "-5", "6.5", "1e", "9" * 60, "12345678", "٤٤٤٤"])
def test_what_no_spreadsheet_made_of_an_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a 24-bit address"):
        mended_address(text)


def test_the_command_says_what_it_read_back(tmp_path: Path) -> None:
    station = Station(tmp_path)
    text = station.config.read_text().replace('["600865"]', '["600865", "004567"]')
    station.config.write_text(text)
    (tmp_path / "list.csv").write_bytes(
        "date;unit;source;airfield;icao24;note\r\n"
        "2020-09-24;landing;Daily;LLOV;45678;Müller\r\n"
        "2020-09-25;landing;Daily;LLOV;4567;\r\n"
        "2020-09-26;landing;Daily;LLOV;4E+51;\r\n".encode("cp1252")
    )
    words = ["backfill", "sightings", str(tmp_path / "list.csv")]
    assert "name its code page with --encoding" in call(station, *words, code=1).stderr
    done = call(station, *words, "--encoding", "windows-1252", code=1).stderr
    assert "list.csv:2: 45678 was read as the address 045678" in done
    assert "list.csv:3: 4567 was read as the address 004567" in done
    assert "list.csv:4: '4E+51' is what a spreadsheet makes of several addresses (004e51, " in done
    assert "2 sightings in 1 file" in done
    known = published_record.listed_addresses(())
    assert known == frozenset()
