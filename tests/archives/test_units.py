"""Which units of work are found in files and folders, and is a unit recognised again?"""

from __future__ import annotations

import os
import pickle
from pathlib import Path

from collector.archives.traces import Skipped, Unit, read_unit, units
from tests.support.archive import day_tar, put, trace


def names(found: list[Unit]) -> list[list[str]]:
    return [[path.name for path in unit.paths] for unit in found]


def test_folders_are_walked_and_each_unit_comes_once(tmp_path: Path) -> None:
    for name in (
        *("traces/65/trace_full_600865.json", "traces/66/trace_recent_600866.json"),
        *("traces/31/trace_full_~2a0c31.json", "heatmap/00.bin.ttf", "README.txt"),
        *("traces/66/trace_full_601166.json", "loose/trace_full_600867.json"),
        *("loose/20/trace_full_600868.json", "traces/67/notes.txt"),
        *("day.tar.aa", "day.tar.ab", "other.tar", "third.tar.gz"),
    ):
        put(tmp_path, name, trace())
    told: list[Skipped] = []
    again = ("traces", "day.tar.ab", "traces/65", "traces/65/trace_full_600865.json")
    found = list(units([tmp_path, *(tmp_path / each for each in again)], report=told.append))
    assert names(found) == [
        ["day.tar.aa", "day.tar.ab"],
        ["trace_full_600868.json"],
        ["trace_full_600867.json"],
        ["other.tar"],
        ["third.tar.gz"],
        *(["31"], ["65"], ["66"]),
    ]
    assert found[-1].name.endswith("/traces/66")
    assert found[-1].size_bytes == 2 * len(trace())
    assert told == []


def test_what_is_no_trace_is_told(tmp_path: Path) -> None:
    told: list[Skipped] = []
    paths = [tmp_path / "absent", put(tmp_path, "notes.txt", b"")]
    assert list(units(paths, report=told.append)) == []
    assert [str(each) for each in told] == [
        f"{tmp_path}/absent: no such file or folder",
        f"{tmp_path}/notes.txt: its name is neither trace_full_<hex>.json nor that of a .tar",
    ]


def test_links_to_nowhere_and_in_circles_lose_nothing(tmp_path: Path) -> None:
    put(tmp_path, "b/trace_full_600865.json", trace())
    (tmp_path / "a.tar").symlink_to(tmp_path / "a.tar")
    (tmp_path / "b/again").symlink_to(tmp_path)
    (tmp_path / "c.tar").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "d.tar")
    told: list[Skipped] = []
    assert names(list(units([tmp_path], report=told.append))) == [["trace_full_600865.json"]]
    assert [each.path.name for each in told] == ["a.tar"]


def test_a_key_knows_a_copy_and_a_change(tmp_path: Path) -> None:
    def keys() -> list[str]:
        return [unit.key for unit in units([tmp_path / "here", tmp_path / "there"])]

    for place in ("here", "there"):
        for name in ("day.tar.aa", "day.tar.ab", "loose/trace_full_600865.json"):
            os.utime(put(tmp_path, f"{place}/{name}", b"1234"), ns=(0, 17))
        for name in ("600865", "601165"):
            path = put(tmp_path, f"{place}/2026/11/22/traces/65/trace_full_{name}.json", b"12")
            os.utime(path, ns=(0, 19))
    first = keys()
    assert first[:3] == first[3:], "the same in another place is the same"
    assert first[0] == "2026/11/22/traces/65 2 4 19"
    assert first[1] == "day.tar 8 17"
    assert first[2] == "trace_full_600865.json 4 17"
    os.utime(tmp_path / "here/2026/11/22/traces/65/trace_full_601165.json", ns=(0, 20))
    put(tmp_path, "here/day.tar.ac", b"1")
    put(tmp_path, "here/loose/trace_full_600865.json", b"12345")
    changed = keys()
    assert not set(changed[:3]) & set(first)
    assert changed[3:] == first[3:]


def test_a_unit_goes_to_another_process(tmp_path: Path) -> None:
    found = list(units([put(tmp_path, "traces/65/trace_full_600865.json", trace())] * 2))
    (unit,) = pickle.loads(pickle.dumps(found))
    assert [unit] == found
    (reply,) = read_unit(unit)
    assert pickle.loads(pickle.dumps(reply)) == reply


def test_a_name_with_glob_characters(tmp_path: Path) -> None:
    put(tmp_path, "[d]ay.tar.aa", day_tar({}))
    told: list[Skipped] = []
    assert names(list(units([tmp_path], report=told.append))) == [["[d]ay.tar.aa"]]
    assert told == []
