"""Are other services' exports read as they are, and their estimated legs left out?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from collector.archives.track_exports import flightradar24, state_vectors
from collector.decode import decode
from collector.errors import DecodeError
from collector.model import Observation
from collector.model.imported import FLIGHTRADAR24, is_imported
from collector.model.reply import Reply
from tests.support.sky import IL76, OVDA, Visit
from tests.support.track_exports import FR24, flightradar24_csv, state_vectors_csv

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
VISIT = Visit(lands_at=AT)
FIELDS = [(OVDA.lat_deg, OVDA.lon_deg)]


def reports_of(replies: Sequence[Reply]) -> list[Observation]:
    found = []
    for reply in replies:
        snapshot = decode(reply.format, reply.body, received_at=reply.received_at)
        found += [snapshot.observation(row, reply.feed) for row in snapshot.rows]
    return found


def fr24(text: str) -> tuple[list[Observation], list[str]]:
    told: list[str] = []
    replies = flightradar24(text.splitlines(), IL76, FIELDS, told.append, told.append)
    return reports_of(replies), told


@pytest.mark.parametrize("utc", [True, False])
def test_a_flight_of_flightradar24_in_seven_and_in_six_columns(utc: bool) -> None:
    reports, told = fr24(flightradar24_csv(VISIT, utc=utc))
    assert told == []
    first, last = reports[0], reports[-1]
    assert {report.feed for report in reports} == {FLIGHTRADAR24}
    assert all(is_imported(report.feed) for report in reports)
    assert (first.icao24, first.callsign, first.on_ground) == (IL76, "AZQ4801", False)
    assert first.baro_altitude_ft is not None
    assert first.baro_altitude_ft > 5000
    assert (last.on_ground, last.baro_altitude_ft, last.track_deg) == (True, None, 202.0)
    assert abs(first.at - (AT - timedelta(seconds=VISIT.arrival.touchdown_s))).total_seconds() < 1


def test_state_vectors_have_metres_and_the_time_of_their_position() -> None:
    text = state_vectors_csv(VISIT)
    replies = state_vectors(text.splitlines(), {IL76}.__contains__, pytest.fail)
    reports = reports_of(replies)
    assert {report.feed for report in reports} == {"opensky-trino"}
    assert not is_imported(reports[0].feed)
    same = fr24(flightradar24_csv(VISIT))[0][0]
    assert abs(reports[0].at - same.at) < timedelta(seconds=1)
    assert reports[0].baro_altitude_ft == pytest.approx(same.baro_altitude_ft, abs=1)
    assert reports[0].ground_speed_kt == pytest.approx(140, abs=1)
    assert reports[0].vertical_rate_fpm == pytest.approx(-743, abs=2)
    assert reports[-1].on_ground is True
    assert state_vectors(text.splitlines(), {"abcdef"}.__contains__, pytest.fail) == []


def test_a_repeated_and_a_frozen_state_give_no_new_position() -> None:
    head, row, *_ = state_vectors_csv(VISIT).splitlines()
    cells = row.split(",")
    later = [*cells[:15], f'"{float(cells[15].strip(chr(34))) + 200}"', *cells[16:]]
    frozen = [*cells[:14], f'"{float(cells[14].strip(chr(34))) + 50}"', *later[15:]]
    lines = [head, row, ",".join(later), ",".join(frozen)]
    assert len(reports_of(state_vectors(lines, {IL76}.__contains__, pytest.fail))) == 1


def estimated(steps: int) -> str:
    """A flight lost at cruise, and drawn on by the tracker straight to the airfield's point."""
    lines = [FR24]
    begin, north = AT.timestamp(), 3.0
    for step in range(20):  # received: at uneven times, with a wandering course
        at, lat = begin + step * 31 + step % 7, OVDA.lat_deg + north + 2.0 - step * 0.1
        place = f'"{lat + (step % 3) * 0.004:.5f},{OVDA.lon_deg + (step % 5) * 0.01:.5f}"'
        lines.append(f"{at:.0f},,AZQ1,{place},31000,{440 + step % 9},{180 + step % 4}")
    for step in range(1, steps + 1):
        at, lat = begin + 900 + step * 60, OVDA.lat_deg + north * (1 - step / steps)
        altitude = 0 if step == steps else 31000
        lines.append(f'{at:.0f},,AZQ1,"{lat:.6f},{OVDA.lon_deg}",{altitude},440,180')
    return "\n".join([*lines, ""])


def test_an_estimated_leg_is_left_out_and_told() -> None:
    reports, told = fr24(estimated(25))
    assert len(reports) == 20
    assert all(not report.on_ground for report in reports)
    (note,) = told
    assert note.startswith("25 positions were left out: they are evenly spaced on a straight line")


def test_a_received_approach_stays() -> None:
    text = flightradar24_csv(VISIT)
    point = f'1795000000,,AZQ4801,"{OVDA.lat_deg},{OVDA.lon_deg}",0,0,0\n'
    reports, told = fr24(text + point)
    assert len(reports) == len(text.splitlines()) - 1
    assert told[0].startswith("1 positions were left out")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('soon,,AZQ1,"29.9,34.9",0,0,0', "is not a number"),
        ("1795000000,,AZQ1,29.9,0,0,0", "a position is missing"),
        ('1795000000,,AZQ1,"29.9,34.9",high,0,0', "is not a number"),
        ('1795000000,,AZQ1,"nan,34.9",0,0,0', "is not a number"),
        ('99999999999999999,,AZQ1,"29.9,34.9",9,0,0', "its time is not between 2000 and 2099"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(line: str, why: str) -> None:
    good = '1795000001,,AZQ1,"29.9,34.9",3000,140,202'
    reports, told = fr24(f"{FR24}\n{good}\n{line}\n{good}\n")
    assert len(reports) == 2
    assert told[0].startswith("line 3: ")
    assert why in told[0]


def test_other_files_are_refused_by_their_columns() -> None:
    with pytest.raises(DecodeError, match="but Flightradar24 writes"):
        fr24("a,b\n1,2\n")
    with pytest.raises(DecodeError, match="has lastposupdate, lastcontact as well"):
        state_vectors(["time,icao24,lat,lon"], lambda _: True, pytest.fail)


SEMICOLONS = (
    "Timestamp;UTC;Callsign;Position;Altitude;Speed;Direction\r\n"
    "1759736400;2025-10-06T07:40:00Z;AZQ1;29.94,34.93;1200;140;20\r\n"
)
ROW = '1759736400,2025-10-06T07:40:00Z,AZQ1,"29.94,34.93",1200,140,20'


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{FR24}\r\n\r\n{ROW}\r\n,,,,,,\r\n",
        f"sep=,\n{FR24.lower()}\n{ROW}\n",
        f"{FR24},Remark\n{ROW},none\n",
        f"{FR24.replace(',', ', ')}\n{ROW}, \n",
        SEMICOLONS,
        f"{FR24}\n{ROW.replace('AZQ1', chr(34) + 'AZQ1' + chr(10) + chr(34))}\n",
        'UTC,Speed,Altitude,Position,Callsign\n2025-10-06 07:40:00,140,1200,"29.94, 34.93",AZQ1\n',
    ],
)
def test_what_a_spreadsheet_does_to_a_flight_is_read_alike(text: str) -> None:
    replies = flightradar24(text.splitlines(keepends=True), IL76, [], pytest.fail, pytest.fail)
    (report,) = reports_of(replies)
    assert (report.lat_deg, report.lon_deg, report.baro_altitude_ft) == (29.94, 34.93, 1200)
    assert (report.at.isoformat(), report.callsign) == ("2025-10-06T07:40:00+00:00", "AZQ1")


@pytest.mark.parametrize(
    ("was", "became", "why"),
    [
        ("1759736400", "1.75974E+09", "'1.75974E+09' is a rounded number, not a time"),
        ("2025-10-06T", "2024-10-06T", "its times differ"),
        ("1759736400,2025-10-06T07:40:00Z", ",2025-10-06", "'2025-10-06' has no time of day"),
        ("2025-10-06T07:40:00Z", "06.10.2025 07:40", "Invalid isoformat"),
        ('"29.94,34.93"', "29,94,34,93", "10 cells for 7 columns"),
        ('"29.94,34.93"', '"29,94,34,93"', "'94,34,93' is not a number"),
        ('"29.94,34.93"', '"2994,34.93"', "'2994' is no place on earth"),
        ("1200", '"1,2000"', "'1,2000' is not a number"),
        (',"29.94,34.93",1200,140,20', "", "3 cells for 7 columns"),
    ],
)
def test_what_it_changed_beyond_recognition_is_reported_and_never_guessed(
    was: str, became: str, why: str
) -> None:
    reports, told = fr24(f"{FR24}\n{ROW.replace(was, became)}\n{ROW}\n")
    assert len(reports) == 1, "the next row is read"
    (line,) = told
    assert line.startswith("line 2: ")
    assert why in line


def test_addresses_that_a_spreadsheet_took_for_numbers() -> None:
    head, row, *_ = state_vectors_csv(VISIT).splitlines()
    told: list[str] = []

    def found(address: str) -> list[str]:
        lines = [head, row.replace(IL76, address), row.replace(IL76, address)]
        replies = state_vectors(lines, {IL76, "045678", "004567"}.__contains__, told.append)
        return [each.icao24 for each in reports_of(replies)]

    assert (found("45678"), found(f"0x{IL76.upper()}"), told) == (["045678"], [IL76], [])
    assert found("4567") == [], "or was it 4567e0?"
    assert "'4567' is not a 24-bit address" in told.pop()
    assert found("4E+51") == []
    (line,) = told
    assert line.startswith("line 2: '4E+51' is not a 24-bit address")
    told.clear()
    assert (
        state_vectors(
            [head, row.replace('"false"', '"maybe"', 1)], {IL76}.__contains__, told.append
        )
        == []
    )
    assert "neither true nor false" in told[0]
    with pytest.raises(DecodeError, match="two columns speed"):
        fr24(f"{FR24},Speed\n{ROW},999\n")
    with pytest.raises(DecodeError, match="two columns timestamp"):
        fr24(f"{FR24},Timestamp\n{ROW},1759736430\n")


@pytest.mark.parametrize("written", ["1.200", '"1,200"', "1\u202f200", "1'200"])
def test_thousands_of_whole_feet_are_read_back_and_told(written: str) -> None:
    reports, (told,) = fr24(f"{FR24}\n{ROW.replace(',1200,', f',{written},')}\n")
    assert [report.baro_altitude_ft for report in reports] == [1200]
    plain = written.strip('"')
    assert told.startswith(f"1 altitudes, of which the first is {plain}, were read as whole feet")


def test_thousands_of_metres_are_not_guessed() -> None:
    head, row, *_ = state_vectors_csv(VISIT).splitlines()
    names, cells = head.replace('"', "").split(","), row.split(",")
    told: list[str] = []
    found = {}
    for written in ("1.200", "304.800"):
        cells[names.index("baroaltitude")] = f'"{written}"'
        lines = [head, ",".join(cells)]
        found[written] = reports_of(state_vectors(lines, {IL76}.__contains__, told.append))
    assert found["1.200"] == []
    assert told == [
        "line 2: '1.200' may be 1.2 or 1200: save the file without separators of thousands"
    ]
    assert found["304.800"][0].baro_altitude_ft == 1000, "a flight at 304,800 m there is not"


def test_a_flight_whose_seconds_are_lost_is_refused() -> None:
    rows = [f'2025-10-06 07:4{n}Z,140,1200,"29.9{n},34.93",AZQ1' for n in (0, 1, 2)]
    head = "UTC,Speed,Altitude,Position,Callsign"
    reports, told = fr24("\n".join([head, *rows]))
    assert ([report.at.second for report in reports], told) == ([0, 0, 0], [])
    with pytest.raises(DecodeError, match="several positions have the time 2025-10-06 07:41 UTC"):
        fr24("\n".join([head, *rows, rows[1].replace("29.91", "29.95")]))
