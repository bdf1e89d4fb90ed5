"""Are the members of a tar those that the standard library finds, also beyond damage?"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.archives import tar
from collector.archives.tar import Member
from tests.support.archive import day_tar, put
from tests.support.examples import in_the_suite

LONG = "deep/" * 30 + "trace_full_600865.json"
CONTENTS = {
    "./traces/65/trace_full_600865.json": b"one" * 500,
    "empty": b"",
    "block": b"b" * 512,
    "übersicht.txt": b"two",
    LONG: b"long name",
    "last": b"three",
}
FORMS = {"gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT, "ustar": tarfile.USTAR_FORMAT}


def walk(
    *paths: Path, wanted: Callable[[bytes], bool] = lambda _: True, largest_bytes: int = 1 << 20
) -> tuple[dict[str, bytes | None], list[str]]:
    """The members with their content, and what is reported of the others."""
    members: dict[str, bytes | None] = {}
    told = []
    with closing(tar.opened(paths)) as source:
        for each in tar.members(source, wanted, largest_bytes=largest_bytes):
            if isinstance(each, Member):
                members[each.name] = each.body
            else:
                told.append(each.reason)
    return members, told


@pytest.mark.parametrize("form", FORMS)
def test_names_and_contents_in_every_form(tmp_path: Path, form: str) -> None:
    path = put(tmp_path, "day.tar", day_tar(CONTENTS, form=FORMS[form]))
    assert walk(path) == (CONTENTS, [])


def test_only_what_is_wanted_is_given(tmp_path: Path) -> None:
    path = put(tmp_path, "day.tar", day_tar(CONTENTS))
    assert walk(path, wanted=lambda name: name.endswith(b"600865.json")) == (
        {name: CONTENTS[name] for name in (next(iter(CONTENTS)), LONG)},
        [],
    )
    members, told = walk(path, largest_bytes=600)
    assert members == {**CONTENTS, next(iter(CONTENTS)): None}
    assert told == []


def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as out:
        for name, kind in (("folder", tarfile.DIRTYPE), ("link", tarfile.SYMTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "to/" * 50
            out.addfile(info)
        info = tarfile.TarInfo("file")
        info.size = 3
        out.addfile(info, io.BytesIO(b"abc"))
    assert walk(put(tmp_path, "day.tar", packed.getvalue())) == ({"file": b"abc"}, [])


def test_an_old_tar_without_a_magic_word(tmp_path: Path) -> None:
    header = bytearray(day_tar({"old": b"abc"})[:512])
    header[257:512] = bytes(255)
    header[156] = 0
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    path = put(tmp_path, "day.tar", bytes(header) + b"abc".ljust(512, b"\0") + bytes(1024))
    assert walk(path) == ({"old": b"abc"}, [])


def test_sizes_beyond_octal_digits(tmp_path: Path) -> None:
    """GNU writes them in binary, pax in a record of its own; nobody here holds 9 GB."""
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        info = tarfile.TarInfo("huge")
        info.size = 9 << 30
        path = put(tmp_path, "day.tar", info.tobuf(form) + bytes(5000))
        members, told = walk(path)
        assert members == {"huge": None}
        assert told == ["the tar ends early: its end mark is missing"]


WHOLE = day_tar(CONTENTS)


@in_the_suite(60)
@given(cuts=st.lists(st.integers(0, len(WHOLE)), min_size=1, max_size=3))
def test_a_tar_may_be_split_anywhere(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("split")
    ends = [0, *sorted(cuts), len(WHOLE)]
    parts = [
        put(folder, f"day.tar.a{'abcde'[number]}", WHOLE[begin:end])
        for number, (begin, end) in enumerate(pairwise(ends))
    ]
    assert walk(*parts) == (CONTENTS, [])


@in_the_suite(60)
@given(end=st.integers(0, len(day_tar({"a": b"x" * 700, "b": b"y" * 700})) - 10_240 + 512))
def test_a_cut_tar_gives_what_is_whole_and_tells(
    tmp_path_factory: pytest.TempPathFactory, end: int
) -> None:
    contents = {"a": b"x" * 700, "b": b"y" * 700}
    path = put(tmp_path_factory.mktemp("cut"), "day.tar", day_tar(contents)[:end])
    members, told = walk(path)
    whole = {name: body for name, body in members.items() if body == contents[name]}
    assert set(whole) >= {name for name, by in (("a", 1536), ("b", 3072)) if end >= by}
    assert all(body == contents[name][: len(body or b"")] for name, body in members.items())
    assert len(told) == (0 if end >= 3072 + 512 else 1)


@pytest.mark.parametrize("damage", [b"\xff" * 512, b"\xff" * 1500, b"x" * 5000])
def test_behind_damage_the_next_header_is_found(tmp_path: Path, damage: bytes) -> None:
    contents = {name: name.encode() * 1000 for name in ("first", "second", "third", "fourth")}
    whole = bytearray(day_tar(contents))
    at = whole.index(b"second")
    whole[at : at + len(damage)] = damage
    members, told = walk(put(tmp_path, "day.tar", bytes(whole)))
    assert list(members) == ["first", "third", "fourth"]
    assert told == ["6656 bytes before third are no part of a tar"]


@pytest.mark.parametrize(
    "body", [b"", b"no tar at all", b"x" * 512, b"<html>" * 5000, bytes(100)], ids=len
)
def test_what_is_no_tar_is_told_once(tmp_path: Path, body: bytes) -> None:
    members, told = walk(put(tmp_path, "day.tar", body))
    assert members == {}
    assert len(told) == 1


@in_the_suite(200)
@given(at=st.integers(0, len(WHOLE) - 1), patch=st.binary(min_size=1, max_size=40))
def test_no_damage_does_worse_than_lose_members(
    tmp_path_factory: pytest.TempPathFactory, at: int, patch: bytes
) -> None:
    path = put(
        tmp_path_factory.mktemp("bad"), "day.tar", WHOLE[:at] + patch + WHOLE[at + len(patch) :]
    )
    members, told = walk(path)
    assert len(members) <= len(CONTENTS)
    assert len(members) >= 1 or told


def test_a_negative_size_ends_no_walk(tmp_path: Path) -> None:
    header = bytearray(day_tar({"file": b"abc"})[:512])
    header[124:136] = b"-0000001000\0"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    members, told = walk(put(tmp_path, "day.tar", bytes(header) * 3))
    assert members == {}
    assert told == ["the last 1536 bytes are no part of a tar"]
