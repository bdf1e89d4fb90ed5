"""Are flight lists read by their columns' names, and odd rows reported with file and line?"""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collector.archives.csv_files import LONGEST_LINE
from collector.archives.flight_lists import FUTURE, Flown, read
from collector.errors import DecodeError
from collector.model import Arrival
from tests.support.flight_lists import COVID, OPDI, covid_row, opdi_row
from tests.support.sky import OVDA

FIELDS = {"LLOV": [OVDA]}


def wanted(flown: Flown) -> tuple[str, str | None] | None:
    return ("600865", None) if flown.icao24 == "600865" else None


def taken(path: Path, now_at: datetime = FUTURE) -> tuple[list[Arrival], list[str]]:
    """What was given and what was told, an error among it."""
    told: list[str] = []
    found: list[Arrival] = []
    try:
        for each in read(path, FIELDS, wanted, told.append, now_at=now_at):
            found.append(each)
    except DecodeError as error:
        told.append(f"ERROR {error}")
    return found, told


def put(folder: Path, *lines: str, name: str = "list.csv", packed: bool = False) -> Path:
    body = "\n".join([*lines, ""]).encode()
    path = folder / name
    path.write_bytes(gzip.compress(body) if packed else body)
    return path


@pytest.mark.parametrize("packed", [True, False])
def test_opensky_rows_have_a_distance(tmp_path: Path, packed: bool) -> None:
    path = put(tmp_path, COVID, covid_row(), covid_row(icao24="888152"), packed=packed)
    ((one,), told) = taken(path)
    assert told == []
    assert (one.source, one.icao24, one.airfield) == ("opensky-list", "600865", "LLOV")
    assert one.arrived_at == datetime(2020, 9, 17, 12, 3, 20, tzinfo=UTC)
    assert one.departed_at == datetime(2020, 9, 17, 9, 0, tzinfo=UTC)
    assert (one.origin, one.callsign, one.registration) == ("UBBB", "AZQ4801", "4K-AZ101")
    assert one.horizontal_m == pytest.approx(3336, abs=10)
    assert one.vertical_m == pytest.approx(600 - 455, abs=1)
    assert one.place == "list.csv, line 2"


@pytest.mark.parametrize("last_seen", ["2022-09-17 12:03:20", "1663416200", "1663416200000.0"])
def test_opdi_rows_have_none_and_times_of_any_kind(tmp_path: Path, last_seen: str) -> None:
    path = put(tmp_path, OPDI, opdi_row(last_seen=last_seen), opdi_row(ades=""))
    ((one,), told) = taken(path)
    assert told == []
    assert (one.source, one.horizontal_m) == ("opdi-list", None)
    assert one.arrived_at == datetime(2022, 9, 17, 12, 3, 20, tzinfo=UTC)


def test_columns_are_found_by_name_in_any_order(tmp_path: Path) -> None:
    names, values = OPDI.split(","), opdi_row().split(",")
    path = put(tmp_path, "\ufeff" + ",".join(names[::-1]).upper(), ",".join(values[::-1]))
    assert len(taken(path)[0]) == 1


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["a,b,c", "1,2,3"],
            "line 1: the columns are a, b, c, but must include icao24, destination",
        ),
        ([COVID.replace("icao24", "aircraft_uid")], "`aircraft_uid`"),
        (["\x1b[2Jx"], "\\x1b[2jx"),
        ([""], "the columns are nothing"),
        (["PAR1" + "\0" * 20], "Parquet"),
        (["x" * (LONGEST_LINE + 5)], f"more than {LONGEST_LINE} characters"),
    ],
)
def test_what_is_no_list_is_refused_with_its_file(
    tmp_path: Path, lines: list[str], said: str
) -> None:
    found, (told,) = taken(put(tmp_path, *lines))
    assert found == []
    assert told.startswith(f"ERROR {tmp_path}")
    assert said in told


def test_odd_rows_are_told_with_their_line_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        *(COVID, covid_row(), "a,b", covid_row(last_seen="yesterday"), ""),
        covid_row(last_seen="1970-01-01 00:00:00+00:00"),
        covid_row(lat="north"),
        covid_row(lat="nan"),
        covid_row(last_seen="2020-09-18 12:03:20+00:00"),
        covid_row(last_seen="2020-09-19"),
    )
    found, told = taken(path)
    assert [each.arrived_at.day for each in found] == [17, 18]
    lines = [3, 4, 6, 7, 8, 10]
    assert len(told) == len(lines)
    for line, each in zip(lines, told, strict=True):
        assert each.startswith(f"{path}, line {line}: ")


def test_a_flight_that_is_yet_to_end_is_told(tmp_path: Path) -> None:
    path = put(tmp_path, OPDI, opdi_row(), opdi_row(last_seen="2022-09-17 11:00"))
    found, told = taken(path, datetime(2022, 9, 17, 12, tzinfo=UTC))
    assert told == [
        f"{path}, line 2: the flight ends at 2022-09-17 12:03 UTC, which lies in the future"
    ]
    assert len(found) == 1


def test_damaged_gzip_is_told_and_what_came_before_is_kept(tmp_path: Path) -> None:
    rows = [covid_row(last_seen=f"2020-09-{day:02} 12:03:20+00:00") for day in range(1, 29)]
    noise = [covid_row(icao24=f"{number * 7919 % 0xFFFFFF:06x}") for number in range(5000)]
    body = gzip.compress("\n".join([COVID, *rows, *noise]).encode())
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(body[: len(body) // 2])
    found, (told,) = taken(path)
    assert len(found) == 28
    assert "cut.csv.gz: cannot be read after line" in told
    path.write_bytes(body[:-8] + b"\x17" * 8)
    found, (told,) = taken(path)
    assert len(found) == 28
    assert "CRC" in told


def test_rows_of_opensky_trino_state_their_distance(tmp_path: Path) -> None:
    columns = (
        "icao24,firstseen,estdepartureairport,lastseen,estarrivalairport,callsign,"
        "estarrivalairporthorizdistance,estarrivalairportvertdistance"
    )
    row = "600865,1600333200,UBBB,1600344200,{},AZQ4801 ,{},150"
    path = put(tmp_path, columns, row.format("LLOV", 900), row.format("", ""))
    ((one,), told) = taken(path)
    assert told == []
    assert (one.source, one.airfield, one.origin) == ("opensky-trino", "LLOV", "UBBB")
    assert (one.horizontal_m, one.vertical_m, one.callsign) == (900, 150, "AZQ4801")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_list_that_a_spreadsheet_saved_is_read(tmp_path: Path, separator: str) -> None:
    rows = [COVID, covid_row(last_seen="2020-09-17 12:03Z"), "," * 15]
    path = put(tmp_path, "sep=" + separator, *(row.replace(",", separator) for row in rows))
    ((one,), told) = taken(path)
    assert told == []
    assert one.arrived_at == datetime(2020, 9, 17, 12, 3, tzinfo=UTC)
    assert one.place == "list.csv, line 3"


def test_a_height_that_may_be_thousands_is_told(tmp_path: Path) -> None:
    path = put(tmp_path, COVID, covid_row().replace(",600.0", ",1.200"))
    found, (told,) = taken(path)
    assert found == []
    assert told.startswith(f"{path}, line 2: '1.200' may be 1.2 or 1200")
