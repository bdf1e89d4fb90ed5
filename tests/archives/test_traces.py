"""Are traces found in files, folders and day tars, whole and split, and bad ones reported?"""

from __future__ import annotations

import gzip
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest

from collector.archives.traces import Skipped, Unit, Wanted, read_unit, units
from collector.coverage.region import Region
from collector.errors import DecodeError
from collector.model import WatchMatch
from collector.model.reply import Fleet, Format, Reply
from collector.pipeline.sift import sift
from tests.support.archive import BEGIN_S, day_tar, put, trace
from tests.support.reshape import DESERT_TRACES
from tests.support.shared import needs_shared


def everything(
    found: list[Unit], wanted: Wanted = lambda _: True
) -> tuple[list[Reply], list[Skipped]]:
    told: list[Skipped] = []
    replies = [r for unit in found for r in read_unit(unit, wanted=wanted, report=told.append)]
    return replies, told


def test_a_file_becomes_a_reply_of_its_aircraft(tmp_path: Path) -> None:
    path = put(tmp_path, "trace_full_600865.json", gzip.compress(trace()))
    ((reply,), told) = everything(list(units([path])))
    assert (reply.format, reply.ask, reply.feed) == (Format.TRACE, Fleet(("600865",)), "traces")
    assert reply.received_at == datetime.fromtimestamp(BEGIN_S, UTC)
    assert reply.body == trace()
    assert reply.url == path.as_uri()
    assert told == []


MEMBERS = {
    "./traces/65/trace_full_600865.json": gzip.compress(trace("600865")),
    "./traces/66/trace_full_600866.json": gzip.compress(trace("600866", pad=300_000), 0),
    "./traces/31/trace_full_~2a0c31.json": gzip.compress(trace("~2a0c31")),
    "./traces/67/trace_full_600867.json": gzip.compress(trace("600867"))[:-20],
    "./traces/68/trace_full_600868.json": b"",
    "./heatmap/00.bin.ttf": b"\x00" * 100,
    "./README.txt": b"about",
    "./traces/69/trace_full_600869.json": gzip.compress(trace("600869")),
}


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_day_tar_is_streamed_and_its_bad_members_are_told(
    tmp_path: Path, mode: Literal["w", "w:gz"]
) -> None:
    path = put(tmp_path, "day.tar" + (".gz" if "gz" in mode else ""), day_tar(MEMBERS, mode))
    replies, told = everything(list(units([path])))
    assert [reply.ask for reply in replies] == [
        Fleet((icao24,)) for icao24 in ("600865", "600866", "600869")
    ]
    assert replies[0].url == f"{path.as_uri()}#./traces/65/trace_full_600865.json"
    assert [(each.path, each.member) for each in told] == [
        (path, "./traces/67/trace_full_600867.json"),
        (path, "./traces/68/trace_full_600868.json"),
    ]


def test_a_split_tar_is_one_unit_from_any_of_its_parts(tmp_path: Path) -> None:
    whole = day_tar(MEMBERS)
    step = len(whole) // 3 + 1
    for number in range(3):
        put(tmp_path, f"day.tar.a{'abc'[number]}", whole[number * step : (number + 1) * step])
    (unit,) = units([tmp_path / "day.tar.ab", tmp_path / "day.tar.aa"])
    assert unit.size_bytes == len(whole)
    assert unit.name == "day.tar.aa"
    replies, told = everything([unit])
    assert (len(replies), len(told)) == (3, 2)


def test_a_missing_part_is_told_and_what_is_there_is_read(tmp_path: Path) -> None:
    whole = day_tar(MEMBERS)
    put(tmp_path, "day.tar.aa", whole[:100_000])
    put(tmp_path, "day.tar.ac", whole[200_000:])
    told: list[Skipped] = []
    (unit,) = units([tmp_path], report=told.append)
    assert [each.reason for each in told] == [
        "day.tar.ab is missing: the parts after it cannot be read"
    ]
    replies, told = everything([unit])
    assert [reply.ask for reply in replies] == [Fleet(("600865",))]
    assert "ends early" in told[-1].reason
    (tmp_path / "day.tar.aa").unlink()
    assert list(units([tmp_path], report=told.append)) == []
    assert "day.tar.aa is missing" in told[-1].reason


@pytest.mark.parametrize("body", [b"", b"no tar at all", gzip.compress(b"x" * 2000, mtime=0)[:-3]])
def test_a_broken_tar_is_told(tmp_path: Path, body: bytes) -> None:
    (unit,) = units([put(tmp_path, "day.tar", body)])
    replies, told = everything([unit])
    assert replies == []
    assert len(told) == 1
    assert told[0].path == unit.paths[0]


@pytest.mark.parametrize("wanted", [frozenset({"600869"}), lambda icao24: icao24 == "600869"])
def test_unwanted_members_are_not_unpacked(tmp_path: Path, wanted: Wanted) -> None:
    (unit,) = units([put(tmp_path, "day.tar", day_tar(MEMBERS))])
    told: list[Skipped] = []
    replies = list(read_unit(unit, wanted=wanted, report=told.append))
    assert [reply.ask for reply in replies] == [Fleet(("600869",))]
    assert told == [], "the broken member was not wanted"


def read_bytes() -> int:
    """How much this process has read, as the kernel counts it."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["rchar"])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts what a process reads")
def test_of_a_tar_only_headers_and_wanted_members_are_read(tmp_path: Path) -> None:
    members = {f"traces/xx/trace_full_{hex_:06x}.json": bytes(100_000) for hex_ in range(100)}
    members["traces/65/trace_full_600865.json"] = trace(pad=50_000)
    (unit,) = units([put(tmp_path, "day.tar", day_tar(members))])
    before = read_bytes()
    ((reply,), told) = everything([unit], wanted=frozenset({"600865"}))
    assert read_bytes() - before < 50_000 + 120 * 512 + 10_000
    assert (reply.body, told) == (trace(pad=50_000), [])


def test_a_shard_opens_the_wanted_names_and_no_other(tmp_path: Path) -> None:
    for name in ("full_600865.json", "recent_600865.json", "full_601165.json.gz"):
        put(tmp_path, f"traces/65/trace_{name}", trace(name.partition("_")[2][:6]))
    unreadable = put(tmp_path, "traces/65/trace_full_aaaa65.json", b"")
    unreadable.unlink()
    unreadable.mkdir()
    put(tmp_path, "traces/66/trace_full_600866.json", trace("600866"))
    put(tmp_path, "traces/66/trace_full_700865.json", trace("700865"))
    found = list(units([tmp_path]))
    wanted = frozenset({"600865", "601165", "600866", "700865", "600867"})
    replies, told = everything(found, wanted=wanted)
    assert [Path(reply.url).name for reply in replies] == [
        *("trace_full_600865.json", "trace_recent_600865.json"),
        *("trace_full_601165.json.gz", "trace_full_600866.json"),
    ]
    assert told == []
    replies, told = everything(found)
    assert len(replies) == 5, "where all are wanted the folder is listed, whatever lies in it"
    assert [each.path for each in told] == [unreadable], "all were wanted"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (trace("600866"), "it is a trace of 600866"),
        (trace("~600865"), "it is a trace of ~600865"),
        (trace(timestamp=0.0), "`timestamp` 0.0 is not between 2010 and 2099"),
        (trace(timestamp=4_102_444_800.0), "is not between 2010 and 2099"),
        (trace(timestamp=-1e20), "is not between 2010 and 2099"),
        (trace(timestamp="yesterday"), "has no `timestamp`"),
        (b"not json at all", "has no `timestamp`"),
        (gzip.compress(trace())[:-9], "the gzip is cut short"),
        (gzip.compress(trace())[:40] + b"\xff" * 40 + gzip.compress(trace())[80:], "the gzip is"),
    ],
)
@pytest.mark.parametrize("packed", [True, False], ids=["tar", "folder"])
def test_bad_traces_are_told_with_their_place_and_the_rest_is_kept(
    tmp_path: Path, body: bytes, reason: str, packed: bool
) -> None:
    members = {
        "traces/65/trace_full_600865.json": body,
        "traces/69/trace_full_600869.json": trace("600869"),
    }
    for name, each in ({"day.tar": day_tar(members)} if packed else members).items():
        put(tmp_path, name, each)
    replies, (told,) = everything(list(units([tmp_path])))
    assert [reply.ask for reply in replies] == [Fleet(("600869",))]
    bad = next(iter(members))
    assert (told.path, told.member) == (
        (tmp_path / "day.tar", bad) if packed else (tmp_path / bad, None)
    )
    assert reason in told.reason


def test_a_file_that_vanished_is_told(tmp_path: Path) -> None:
    path = put(tmp_path, "trace_full_600865.json", trace())
    (unit,) = units([path])
    path.unlink()
    replies, told = everything([unit])
    assert (replies, len(told)) == ([], 1)


@needs_shared
def test_the_genuine_folder() -> None:
    """16 traces clipped to a region, gzip without a suffix, as tar1090 keeps them."""
    replies, told = everything(list(units([DESERT_TRACES])))
    assert (len(replies), told) == (16, [])
    match = (WatchMatch("all", "all", True),)
    sifted = [sift(reply, lambda *_: match, Region(())) for reply in replies]
    assert {observation.icao24 for each in sifted for observation, _ in each.observations} == {
        icao24 for reply in replies if isinstance(reply.ask, Fleet) for icao24 in reply.ask.icao24
    }
    days = {f"{each.now_at:%Y-%m-%d}" for each in sifted}
    assert days <= {"2023-08-30", "2023-08-31"}, "the folder says 20 August, the contents do not"


@needs_shared
def test_genuine_traces_say_the_same_out_of_a_split_tar(tmp_path: Path) -> None:
    bodies = {each.name: each.read_bytes() for each in sorted(DESERT_TRACES.rglob("trace_*"))}
    whole = day_tar({f"./traces/{name[-7:-5]}/{name}": body for name, body in bodies.items()})
    for number in range(3):
        step = len(whole) // 3 + 1
        put(tmp_path, f"day.tar.a{'abc'[number]}", whole[number * step : (number + 1) * step])
    replies, told = everything(list(units([tmp_path])))
    assert told == []
    loose, _ = everything(list(units([DESERT_TRACES])))
    assert [(each.ask, each.body) for each in replies] == [(each.ask, each.body) for each in loose]


def test_a_page_named_like_a_trace_is_told_or_refused(tmp_path: Path) -> None:
    put(tmp_path, "trace_full_600865.json", b"<html>404</html>")
    put(tmp_path, "trace_full_600866.json", b'{"timestamp": 1795305600}')
    replies, told = everything(list(units([tmp_path])))
    assert len(told) == 1
    with pytest.raises(DecodeError):
        sift(replies[0], lambda *_: (), Region(()))
