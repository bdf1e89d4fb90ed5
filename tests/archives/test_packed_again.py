"""Are traces that somebody renamed or packed again read, or is it said what to do?"""

from __future__ import annotations

import gzip
import lzma
import zipfile
from pathlib import Path

from collector.archives.traces import read_unit
from collector.archives.units import Skipped, units
from collector.model.reply import Fleet
from tests.support.archive import day_tar, put, trace


def found(folder: Path) -> tuple[list[Fleet], list[Skipped]]:
    """Whose traces are read from a folder, and what is told."""
    told: list[Skipped] = []
    asked = [
        reply.ask
        for unit in units([folder], report=told.append)
        for reply in read_unit(unit, report=told.append)
    ]
    return [ask for ask in asked if isinstance(ask, Fleet)], told


def test_traces_named_after_the_address_alone_are_read(tmp_path: Path) -> None:
    put(tmp_path, "600865.json", trace("600865"))
    put(tmp_path, "more/600866.json.gz", gzip.compress(trace("600866")))
    put(tmp_path, "decade.json", b'{"note": "a word of six hexadecimal letters"}')
    put(tmp_path, "600867.json", trace("600868"))
    asked, told = found(tmp_path)
    assert asked == [Fleet(("600865",)), Fleet(("600866",))]
    assert ["although its name says 600867" in each.reason for each in told] == [True]


def test_a_tgz_is_read_and_other_packings_are_told_how_to_unpack(tmp_path: Path) -> None:
    member = {"./traces/65/trace_full_600865.json": trace("600865")}
    put(tmp_path, "day.tgz", day_tar(member, "w:gz"))
    put(tmp_path, "other.tar.xz", lzma.compress(day_tar(member)))
    with zipfile.ZipFile(tmp_path / "traces.zip", "w") as archive:
        archive.writestr("trace_full_600865.json", trace("600865"))
    put(tmp_path, "notes.txt", b"not told of")
    asked, told = found(tmp_path)
    assert asked == [Fleet(("600865",))]
    assert [(each.path.name, each.reason.partition("(`")[2].split()[0]) for each in told] == [
        ("other.tar.xz", "xz"),
        ("traces.zip", "unzip"),
    ]
    told = []
    assert list(units([tmp_path / "traces.zip"], report=told.append)) == []
    assert ["it is packed: unpack it first (`unzip" in each.reason for each in told] == [True]
