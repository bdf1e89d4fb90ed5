"""Which traces does `backfill traces` read, and what does it say of those that it cannot?"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.backfill.command import call, listed, traces
from tests.support.archive import readsb_trace
from tests.support.past import (
    DAY,
    FIRST,
    IL76,
    arrival,
    day_of,
    trace,
    write_files,
    write_tar,
)
from tests.support.station import Station

BAD = {
    "traces/01/trace_full_738001.json": b"\x1f\x8b\x08 not gzip",
    "traces/02/trace_full_738002.json": b'{"icao": "738002"',
    "traces/03/trace_full_738003.json": b'{"icao":"738003","timestamp":0,"trace":[]}',
    "traces/04/trace_full_738004.json": b'{"icao":"738004","timestamp":1e11,"trace":[]}',
}


def test_what_cannot_be_read_is_told_with_file_and_member_and_the_rest_kept(
    tmp_path: Path,
) -> None:
    station = Station(tmp_path)
    good = day_of(FIRST, lands=True, airliners=1)
    tar = write_tar(tmp_path / "day.tar", {**BAD, **good}, FIRST)
    told = traces(station, tar, code=1)
    for name in BAD:
        assert f"{tar}, ./{name}: " in told
    assert "4 could not be read, in day.tar; everything else is stored" in told
    assert len(listed(station, "landings")) == 1
    assert "4 could not be read, in day.tar" in traces(station, tar, code=1), "known, not read"


def test_a_tar_that_ends_early_keeps_what_it_has(tmp_path: Path) -> None:
    station = Station(tmp_path)
    names = {f"trace_full_{IL76}.json": trace(arrival(FIRST), FIRST), **day_of(FIRST, lands=False)}
    tar = write_tar(tmp_path / "day.tar", names, FIRST)
    os.truncate(tar, tar.stat().st_size // 2)
    assert f"{tar}: the tar ends early" in traces(station, tar, code=1)
    assert len(listed(station, "landings")) == 1


def test_loose_traces_that_nobody_wants_are_no_units(tmp_path: Path) -> None:
    station = Station(tmp_path)
    members = day_of(FIRST, lands=True, airliners=2)
    members["traces/01/trace_full_3c0001.json"] = b"{broken"
    folder = write_files(tmp_path / "day", members, FIRST)
    assert "1 traces and 2 of the sample in 3 units" in traces(station, folder)


def test_any_aircraft_is_looked_for_only_when_asked(tmp_path: Path) -> None:
    """A 747 that no watch names lands like the Il-76."""
    station = Station(tmp_path)
    other = trace(arrival(FIRST, icao24="3c0001"), FIRST)
    tar = write_tar(tmp_path / "day.tar", {"trace_full_3c0001.json": other}, FIRST)
    traces(station, tar)
    assert listed(station, "visitors", "--from", "2024-03-04") == []
    traces(station, "--any-aircraft", tar)
    (landed,) = listed(station, "visitors", "--from", "2024-03-04")
    assert (landed["icao24"], landed["airfield"]) == ("3c0001", "LLOV")
    assert listed(station, "landings", "--all") == []


def test_what_passes_far_away_is_passed_over_unread_and_counted(tmp_path: Path) -> None:
    """With `--any-aircraft`: one lands, one crosses Ovda too high, one flies in the north."""
    station = Station(tmp_path)
    members = {
        "trace_full_3c0001.json": readsb_trace("3c0001", [(29.9, 34.9, 3000)] * 9),
        "trace_full_3c0002.json": readsb_trace("3c0002", [(29.9, 34.9, 36000)] * 9),
        "trace_full_3c0003.json": readsb_trace("3c0003", [(52.0, 13.0, 3000)] * 9),
    }
    tar = write_tar(tmp_path / "day.tar", members, FIRST)
    assert "1 traces and 0 of the sample in 1 units" in (told := anybody(station, tar))
    assert "2 traces passed over unread" in told
    assert [row[9:12] for row in dump_units(station)] == [(1, 0, 2)]


def anybody(station: Station, *paths: Path) -> str:
    words = ("backfill", "traces", "--any-aircraft", "--sample", "0", "--jobs", "1")
    return call(station, *words, *paths).stderr


def dump_units(station: Station) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(station.database)
    rows = connection.execute("SELECT * FROM backfill_units ORDER BY key").fetchall()
    connection.close()
    return rows


@pytest.mark.parametrize("sample", [("--sample", "0"), ("--sample-of", "738000-738001")])
def test_a_day_is_known_though_nobody_flew_who_is_looked_for(
    tmp_path: Path, sample: tuple[str, ...]
) -> None:
    """Where those are few, their traces alone are opened; the first of the others tells the day."""
    station = Station(tmp_path)
    far = {"traces/01/trace_full_3c0001.json": trace(arrival(FIRST, icao24="3c0001"), FIRST)}
    tar = write_tar(tmp_path / "day.tar", far, FIRST)
    shard = write_files(tmp_path / "2024/03/05/traces/02", {
        "trace_full_3c0002.json": trace(arrival(FIRST + DAY, icao24="3c0002"), FIRST + DAY)
    }, FIRST)  # fmt: skip
    call(station, "backfill", "traces", *sample, "--jobs", "1", tar, shard)
    (week,) = listed(station, "weeks", "--from", "2024-W10", "--to", "2024-W10")
    assert week["archive"] == {"told": "could not have been heard", "days": 2, "of_days": 7}
