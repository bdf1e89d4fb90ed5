"""Is a day's tar that is cut, damaged or incomplete distinguished from a whole one?"""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from collector.archives.tar_survey import BLOCK, survey
from tests.support.adsblol_days import day_tar
from tests.support.sky import IL76

TAR = day_tar([(IL76, b"x" * 2000)])


def parts(folder: Path, tar: bytes, *cuts: int) -> list[Path]:
    edges = [0, *cuts, len(tar)]
    paths = []
    for number in range(len(edges) - 1):
        path = folder / f"day.tar.a{number}"
        path.write_bytes(tar[edges[number] : edges[number + 1]])
        paths.append(path)
    return paths


@pytest.mark.parametrize("cuts", [(), (100_000,), (700, 1111, 1_000)], ids=len)
def test_a_whole_day_has_its_256_folders(tmp_path: Path, cuts: tuple[int, ...]) -> None:
    found = survey(parts(tmp_path, TAR, *sorted(cuts)))
    assert (found.traces, found.folders, found.problem) == (257, 256, None)


def test_folders_without_a_trace_are_missing(tmp_path: Path) -> None:
    found = survey(parts(tmp_path, day_tar([], folders=122)))
    assert found.broken is None
    assert "122 of 256" in (found.problem or "")


@pytest.mark.parametrize("keep", [0, 100, 3 * BLOCK, 100_000])
def test_one_that_was_cut_off_is_broken(tmp_path: Path, keep: int) -> None:
    assert "cut off" in (survey(parts(tmp_path, TAR[:keep])).broken or "")


def test_one_without_its_end_mark_is_broken(tmp_path: Path) -> None:
    bare = TAR.rstrip(b"\0")
    bare += bytes(-len(bare) % BLOCK)
    assert "cut off" in (survey(parts(tmp_path, bare)).broken or "")


@pytest.mark.parametrize("at", [0, 20 * BLOCK])
def test_one_with_a_hole_is_broken(tmp_path: Path, at: int) -> None:
    torn = TAR[:at] + b"\x17" * 300 + TAR[at + 300 :]
    assert f"byte {at}" in (survey(parts(tmp_path, torn)).broken or "")


def test_parts_in_the_wrong_order_are_broken(tmp_path: Path) -> None:
    one, two = parts(tmp_path, TAR, 100_123)
    assert survey([two, one]).broken is not None


@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_every_kind_of_tar_is_walked(tmp_path: Path, format: int) -> None:  # noqa: A002
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=format) as tar:
        for name in (f"traces/aa/{'x' * 90}.json", "./traces/0f/trace_full_~aaaa0f.json"):
            info = tarfile.TarInfo(name)
            info.size = 700
            tar.addfile(info, io.BytesIO(b"\1" * 700))
    found = survey(parts(tmp_path, packed.getvalue()))
    assert (found.traces, found.folders, found.broken) == (1, 1, None)
