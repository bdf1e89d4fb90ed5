"""Does a backfill give what polls give, and change nothing that polls have given?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.backfill.reader import MatchedReport
from collector.backfill.sample import Sample
from collector.backfill.trace_coverage import slots_of_spots, trace_spots
from collector.coverage.region import Region
from collector.decode import decode
from collector.model import Observation
from collector.model.reply import Fleet, Format, Reply
from collector.pipeline.sift import sift
from collector.store import coverage_slots, landings
from collector.watches.matcher import Matcher
from tests.backfill.rig import Rig, rig
from tests.support.dump import dump
from tests.support.flights import LLER, LLOV, hear, overflight, polls, visit
from tests.support.past import (
    DAY,
    FIRST,
    HOUR,
    IL76,
    arrival,
    day_of,
    passing,
    trace,
    write_files,
    write_tar,
)

END = FIRST + 24 * DAY
PORTION = 4
"""Reports that a live poll brings together; one by one it takes minutes."""
SAME = ("observations", "slots", "landings", "matches", "wakes")


def flown() -> list[Observation]:
    """24 days of one aircraft: stays heard and unheard, over midnight and over days, a neighbour,
    overflights, and silence for a week."""
    heard: list[Observation] = []
    for day, field, stay, floor_ft in (
        (1, LLOV, 3 * HOUR, 0.0),
        (3, LLOV, 16 * HOUR, 4_000.0),
        (8, LLOV, 60 * HOUR, 3_000.0),
        (12, LLER, 2 * HOUR, 1_500.0),
        (20, LLOV, 3 * HOUR, 6_000.0),
        (22, LLOV, 30 * HOUR, 0.0),
    ):
        at = FIRST + day * DAY + 19 * HOUR
        times = [
            *polls(at - HOUR, at + HOUR / 6, 90.0),
            *polls(at + HOUR / 4, at + stay - HOUR / 4, 1_200.0),
            *polls(at + stay - HOUR / 6, at + stay + HOUR, 90.0),
        ]
        heard += hear(visit(field, at, stay), times, icao24=IL76, floor_ft=floor_ft)
    for day in (2, 7, 11):
        over = FIRST + day * DAY + 2 * HOUR
        times = polls(over - HOUR, over + HOUR, 150.0)
        heard += hear(overflight(LLOV, over), times, icao24=IL76)
    heard.sort(key=lambda one: one.heard_at)
    return [one for one in heard if one.heard_at < END]


def days(heard: Sequence[Observation]) -> dict[datetime, list[Observation]]:
    found: dict[datetime, list[Observation]] = {}
    for one in heard:
        begin = one.heard_at.replace(hour=0, minute=0, second=0, microsecond=0)
        found.setdefault(begin, []).append(one)
    return found


def write_past(folder: Path) -> None:
    """The aircraft's traces, a file a day, and those of one that passes every other hour."""
    for number in range((END - FIRST) // DAY):
        day = FIRST + number * DAY
        members = {"trace_full_738000.json": trace(passing(day, 0, every=2 * HOUR), day)}
        mine = days(flown()).get(day)
        if mine:
            members[f"trace_full_{IL76}.json"] = trace(mine, day)
        write_files(folder / f"{number:02d}", members, day)


def replies(folder: Path) -> Iterator[Reply]:
    for path in sorted(folder.rglob("*.json")):
        body = path.read_bytes()
        icao24 = path.stem.rpartition("_")[2]
        yield Reply(
            feed="traces",
            format=Format.TRACE,
            ask=Fleet((icao24,)),
            url=path.as_uri(),
            received_at=END,
            body=body,
        )


def live(one: Rig, folder: Path) -> None:
    """What the traces hold, report by report as it was heard, as polls would bring it."""
    search = one.search
    matcher, region = Matcher(search.watches), Region(search.circles)
    seen: list[MatchedReport] = []
    for reply in replies(folder):
        seen += sift(reply, matcher, region).observations
        rows = decode(reply.format, reply.body, received_at=END).rows
        coverage_slots.merge_slots(
            one.services.store, slots_of_spots(trace_spots(rows, region), "traces")
        )
    seen.sort(key=lambda each: each[0].at)
    for begin in range(0, len(seen), PORTION):
        now = seen[min(begin + PORTION, len(seen)) - 1][0].at + timedelta(seconds=30)
        one.services.pipeline.store_reports(seen[begin : begin + PORTION], (), now)
        one.services.pipeline.derivation.settle(now)
    one.services.pipeline.derivation.settle(one.clock.now())


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("past") / "archive"
    write_past(folder)
    return folder


@pytest.fixture(scope="module")
def filled(past: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is stored if all is read at once."""
    with rig(tmp_path_factory.mktemp("filled"), END) as one:
        done = one.fill([past])
        kept = landings.find(one.services.store)
        found = dump(one.services.settings.database)
    assert len([landing for landing in kept if landing.stands]) >= 5
    assert done.traces > 10
    return found


def test_a_backfill_gives_what_the_live_line_gives(
    tmp_path: Path, past: Path, filled: dict[str, Any]
) -> None:
    with rig(tmp_path, END) as one:
        live(one, past)
        expected = dump(one.services.settings.database)
    for table in SAME:
        assert filled[table] == expected[table], table
    assert filled["due"] == filled["touched"] == []


def test_in_small_pieces(
    tmp_path: Path, past: Path, filled: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few reports are derived at once, stays are whole."""
    monkeypatch.setattr("collector.backfill.derive.REPORTS_AT_ONCE", 40)
    monkeypatch.setattr("collector.backfill.writer.REPORTS_PER_TRANSACTION", 50)
    with rig(tmp_path, END) as one:
        one.fill([past])
        found = dump(one.services.settings.database)
    for table in (*SAME, "units", "days", "due"):
        assert found[table] == filled[table], table


@pytest.mark.parametrize("kind", ["tar", "shard"])
def test_a_unit_that_holds_much_is_read_by_the_portion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """However few reports a worker may hold: what cannot be read is told once, nothing twice."""
    members = day_of(FIRST, lands=True, airliners=2)
    for icao24 in ("738004", "600804", "60087f"):
        members[f"traces/x4/trace_full_{icao24}.json"] = trace(arrival(FIRST, icao24=icao24), FIRST)
    members["traces/x4/trace_full_600801.json"] = b"{broken"
    if kind == "tar":
        path = write_tar(tmp_path / "day.tar", members, FIRST)
        whole = bytearray(path.read_bytes())
        header = whole.index(b"./traces/01")
        whole[header : header + 512] = b"?" * 512
        path.write_bytes(whole)
    else:
        path = write_files(tmp_path / "2024" / "traces" / "04", members, FIRST)
    extra = '[[watch]]\nname = "all"\nplaces = ["LLOV"]\nicao24 = ["600000-738fff"]\n'
    told = {}
    for at_once in (1_000_000, 1, 900):
        monkeypatch.setattr("collector.backfill.reader.REPORTS_PER_PORTION", at_once)
        monkeypatch.setattr("collector.backfill.reader.SLOTS_BEFORE_JOINING", at_once)
        with rig(tmp_path / f"{at_once}", END, extra) as one:
            done = one.read([path])
            found = dump(one.services.settings.database)
        told[at_once] = (found, done, [each.reason for each in one.told])
    expected, done, reasons = told.pop(1_000_000)
    assert done.units == 1
    assert done.skipped == len(reasons) == (2 if kind == "tar" else 1)
    for at_once, (found, again, repeated) in told.items():
        assert (again, repeated) == (done, reasons), at_once
        for table in ("observations", "matches", "slots", "units", "days"):
            assert found[table] == expected[table], (at_once, table)


@pytest.mark.parametrize("begins", [(16, 8, 0), (8, 16, 0)])
def test_in_portions_of_days_in_any_order_it_comes_to_the_same(
    tmp_path: Path, past: Path, filled: dict[str, Any], begins: tuple[int, ...]
) -> None:
    """What is usually heard is learned from the days before, whenever they come."""
    assert filled["learned"]
    with rig(tmp_path, END) as one:
        folders = sorted(past.iterdir())
        for begin in begins:
            one.fill(folders[begin : begin + 8])
        found = dump(one.services.settings.database)
    for table in (*SAME, "learned", "units", "days", "due"):
        assert found[table] == filled[table], table


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_trace_of_a_time_that_is_yet_to_come_is_told_and_left_out(
    tmp_path: Path, share: float
) -> None:
    """Of a watched aircraft, and of one of the sample."""
    tomorrow = FIRST + DAY
    members = day_of(FIRST, lands=True, airliners=1)
    later = day_of(tomorrow, lands=True, airliners=1)
    members |= {f"later/{name}": body for name, body in later.items()}
    path = write_tar(tmp_path / "day.tar", members, FIRST)
    with rig(tmp_path, tomorrow) as one:
        one.sample = Sample(share)
        done = one.fill([path])
        (kept,) = landings.find(one.services.store)
        found = dump(one.services.settings.database)
    names = ["./later/traces/00/trace_full_738000.json"] if share else []
    assert sorted(each.member or "" for each in one.told) == [
        *names,
        f"./later/traces/65/trace_full_{IL76}.json",
    ]
    assert all(
        "2024-03-05" in each.reason and "lies in the future" in each.reason for each in one.told
    )
    assert done.skipped == len(one.told)
    assert {day for day, _ in found["days"]} == {"2024-03-04"}
    assert kept.detection.touchdown_at < tomorrow
