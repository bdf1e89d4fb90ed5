"""Do real recordings, replayed by the command line, give the labelled landings and no others?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.model.reply import Reply
from tests.support.reshape import DAY_TRACE, opensky_replies, record, trace_reply, v2_replies
from tests.support.shared import needs_shared
from tests.support.station import Station

pytestmark = needs_shared

EVERYONE = """
data = "{data}"
[[watch]]
name = "everyone"
icao24 = ["000000-ffffff"]
places = {places}
"""

BLACK_ROCK_CITY = """
[[airfield]]
icao = "88NV"
name = "Black Rock City"
lat_deg = 40.7625
lon_deg = -119.2097
elevation_ft = 3910
zone = "America/Los_Angeles"
"""


@dataclass(frozen=True)
class Desk:
    """One configuration and its data, operated by the command line."""

    station: Station

    @classmethod
    def at(cls, folder: Path, places: list[str], more: str = "") -> Desk:
        station = Station(folder)
        text = EVERYONE.format(data=folder / "var", places=json.dumps(places))
        station.config.write_text(text + more)
        return cls(station)

    def run(self, *words: str | Path) -> str:
        return self.station.run(*words).stdout

    def landings(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.run("landings", "--all", "--json"))
        return found


def replayed(desk: Desk, replies: Iterable[Reply], folder: Path) -> list[dict[str, Any]]:
    """What is found in these replies, recorded as WARC and replayed."""
    folder.mkdir()
    record(replies, folder)
    desk.run("replay", folder)
    return desk.landings()


Tell = Callable[[str, Iterable[str], Iterable[str]], None]


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """The confusion counts of a recording, for the end of the run (tests/conftest.py)."""

    def tell(recording: str, found: Iterable[str], wanted: Iterable[str]) -> None:
        record_property("told", f"{recording}: {confusion(found, wanted)}")

    return tell


def confusion(found: Iterable[str], wanted: Iterable[str]) -> str:
    have, want = Counter(found), Counter(wanted)
    hits = sum((have & want).values())
    extra, missed = sum((have - want).values()), sum((want - have).values())
    return f"{hits} of {sum(want.values())} landings, {missed} missed, {extra} other"


def names(landings: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(f"{landing['icao24']} {landing['airfield']}" for landing in landings)


def test_a_morning_over_west_asia(tmp_path: Path, tell: Tell) -> None:
    """Six landings with a ground report, one by absence, and a third of all positions frozen."""
    heard = {"06a08e": "OTHH", "06a0bf": "OTHH", "4cac0c": "UGTB", "4cacf1": "UGTB"} | {
        "7380c9": "LLBG",
        "896559": "OMSJ",
    }
    by_absence = {"155c68": "UGTB"}
    wanted = sorted(f"{icao24} {field}" for icao24, field in (heard | by_absence).items())
    places = ["OTHH", "UGTB", "LLBG", "OMSJ", "LLOV", "LLER"]
    landings = replayed(Desk.at(tmp_path, places), opensky_replies(), tmp_path / "warc")
    counted = [landing for landing in landings if landing["counted"]]
    tell("West Asia", names(counted), wanted)
    assert names(counted) == wanted
    grades = {landing["icao24"]: landing["grade"] for landing in counted}
    assert grades["155c68"] == "probable"
    frozen = {"738073", "748025", "4080f1", "4243c4", "4ba8f4"}
    assert frozen.isdisjoint(landing["icao24"] for landing in landings)


def test_an_hour_at_a_desert_strip(tmp_path: Path, tell: Tell) -> None:
    """18 landings among taxiing, take-off runs, parked aircraft and ground bits in a climb."""
    minutes = {
        "a19702": ["10:39"], "a8d3e5": ["10:06"], "a6a713": ["10:11"], "aab1cf": ["10:20"],
        "a9ddb5": ["10:17", "10:49"], "ac88b6": ["10:25"], "a1deaa": ["10:21"],
        "c00bcf": ["10:23"], "c07bed": ["10:26", "10:53"], "a1b1c4": ["10:42"],
        "a97b47": ["10:34"], "a118b0": ["10:43"], "aa178d": ["10:47"], "a05bea": ["10:54"],
        "aa6748": ["10:56"], "aaa522": ["10:57"],
    }  # fmt: skip
    labelled = {
        (icao24, number): datetime.fromisoformat(f"2023-08-29T{at}:30Z")
        for icao24, times in minutes.items()
        for number, at in enumerate(times)
    }
    desk = Desk.at(tmp_path, ["88NV"], BLACK_ROCK_CITY)
    landings = replayed(desk, v2_replies(), tmp_path / "warc")
    counted = [one for one in landings if one["counted"]]
    found: dict[tuple[str, int], datetime] = {}
    for one in sorted(counted, key=lambda one: str(one["touchdown_at"])):
        number = sum(icao24 == one["icao24"] for icao24, _ in found)
        found[one["icao24"], number] = datetime.fromisoformat(one["touchdown_at"])
    tell("88NV", map(str, found), map(str, labelled))
    assert len(labelled) == 18
    assert found.keys() == labelled.keys()
    assert all(abs(found[key] - at) < timedelta(seconds=90) for key, at in labelled.items())
    # Without a ground bit from the aircraft no landing is confirmed; some here send none.
    grades = [landing["grade"] for landing in landings if landing["counted"]]
    assert set(grades) == {"confirmed", "probable"}
    assert grades.count("confirmed") >= 14


@pytest.mark.parametrize("way", ["replay", "backfill"])
def test_a_day_of_one_airliner(tmp_path: Path, tell: Tell, way: str) -> None:
    """Four landings, one of them unheard between Spokane and Fairchild; the cruise gaps none."""
    desk = Desk.at(tmp_path, ["KMSP", "KDEN", "KGEG", "KSKA"])
    if way == "replay":
        landings = replayed(desk, [trace_reply()], tmp_path / "warc")
    else:
        desk.run("backfill", "traces", DAY_TRACE)
        landings = desk.landings()
    heard = [one for one in landings if one["grade"] == "confirmed"]
    unheard = [one for one in landings if one["grade"] != "confirmed"]
    assert [one["airfield"] for one in heard] == ["KMSP", "KMSP", "KDEN"]
    labels = ["2025-02-05T01:12:26Z", "2025-02-05T17:00:18Z", "2025-02-05T19:54:30Z"]
    for one, label in zip(heard, labels, strict=True):
        off = datetime.fromisoformat(one["touchdown_at"]) - datetime.fromisoformat(label)
        assert abs(off.total_seconds()) < 60
    (spokane,) = unheard
    tell("one day", [*names(heard), "Spokane"], ["ac671b KMSP"] * 2 + ["ac671b KDEN", "Spokane"])
    assert spokane["airfield"] in (None, "KGEG", "KSKA")
    assert {"KGEG", "KSKA"} & set(spokane["candidates"])
    touchdown = datetime.fromisoformat(spokane["touchdown_at"])
    earliest, latest = "2025-02-05T06:24:00+00:00", "2025-02-05T06:36:00+00:00"
    assert datetime.fromisoformat(earliest) <= touchdown <= datetime.fromisoformat(latest)


def test_replayed_twice_or_in_another_order_it_is_the_same(tmp_path: Path) -> None:
    """Each reply in a file of its own; whatever the order of the files, identical listings.

    Every third reply will do, since each file is replayed three times.
    """
    folders = []
    for index, reply in enumerate(opensky_replies()[::3]):
        folder = tmp_path / f"part{index:02d}"
        folder.mkdir()
        record([reply], folder)
        folders.append(folder)
    places = ["OTHH", "UGTB", "LLBG", "OMSJ"]
    (tmp_path / "plain").mkdir()
    (tmp_path / "other").mkdir()
    plain = Desk.at(tmp_path / "plain", places)
    other = Desk.at(tmp_path / "other", places)
    plain.run("replay", *folders)
    landings, mails = plain.landings(), plain.run("outbox", "list", "--json")
    assert len(landings) > 0
    plain.run("replay", *folders)
    assert plain.run("outbox", "list", "--json") == mails
    assert plain.landings() == landings
    other.run("replay", *folders[::2][::-1], *folders[1::2])
    assert other.landings() == landings
