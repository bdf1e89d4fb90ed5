"""Is a pack that must not be unpacked refused, with the reason, before anything is written?"""

from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import Path

import pytest

from collector import pack
from collector.errors import PackError
from collector.pack import Unpacked, unpack, write_pack


def made(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members:
            file.writestr(name, content)
    return path


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("evidence/link")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


SUMS = ("evidence/SHA256SUMS", b"")

HOSTILE: dict[str, tuple[tuple[tuple[str | zipfile.ZipInfo, bytes], ...], str]] = {
    "above": ((SUMS, ("evidence/../../x", b"")), "leads elsewhere"),
    "absolute": ((SUMS, ("/etc/x", b"")), "leads elsewhere"),
    "of Windows": ((SUMS, ("evidence/..\\x", b"")), "leads elsewhere"),
    "deep": ((SUMS, ("evidence/a/b", b"")), "leads elsewhere"),
    "an option": ((SUMS, ("evidence/-rf", b"")), "leads elsewhere"),
    "of a terminal": ((SUMS, ("evidence/\x1b[2J", b"")), r"evidence/\\x1b\[2J"),
    "beside": ((SUMS, ("other/x", b"")), "no folder with SHA256SUMS"),
    "a link": ((SUMS, (link(), b"/etc/passwd")), "a link or a device"),
    "twice": ((SUMS, ("evidence/x", b"1"), ("evidence/x", b"2")), "two members"),
    "many": ((SUMS, *((f"evidence/{n}", b"") for n in range(64))), "65 members"),
    "without sums": ((("evidence/x", b""),), "no folder with SHA256SUMS"),
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_hostile_pack_is_refused_and_nothing_is_written(what: str, tmp_path: Path) -> None:
    members, why = HOSTILE[what]
    path, folder = made(tmp_path / "pack.zip", *members), tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(PackError, match=why):
        unpack(path, folder)
    assert list(folder.iterdir()) == []
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder", "pack.zip"]


def test_a_member_without_a_name_is_refused(tmp_path: Path) -> None:
    """zipfile writes none, and fails over one when it is asked whether it is a folder."""
    nameless = struct.pack("<4s42x", b"PK\x01\x02")
    end = struct.pack("<4s4xHHIIH", b"PK\x05\x06", 1, 1, len(nameless), 0, 0)
    path = tmp_path / "pack.zip"
    path.write_bytes(nameless + end)
    with pytest.raises(PackError, match="leads elsewhere"):
        unpack(path, tmp_path)


def bomb(path: Path, *, stated: int | None = None) -> Path:
    """A member of 4 MiB of zeros, which states another size if told to."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(SUMS[0], b"")
        file.writestr("evidence/zeros", bytes(4 << 20))
    if stated is not None:
        content = path.read_bytes()
        path.write_bytes(content.replace(struct.pack("<I", 4 << 20), struct.pack("<I", stated)))
    return path


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack, "MOST_BYTES", 1 << 20)
    with pytest.raises(PackError, match="unpacked it would have 4,194,304 bytes"):
        unpack(bomb(tmp_path / "pack.zip"), tmp_path)
    (tmp_path / "folder").mkdir()
    lying = unpack(bomb(tmp_path / "lies.zip", stated=100), tmp_path / "folder")
    assert "zeros is damaged in the zip file" in lying.problems
    assert (tmp_path / "folder" / "zeros").stat().st_size <= 100


def test_what_is_no_pack_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(b"PK no")
    with pytest.raises(PackError, match="no pack that can be read"):
        unpack(path, tmp_path)


def written(path: Path) -> Unpacked:
    write_pack(path, "evidence", {"a.txt": b"1", "b.txt": b"2"})
    folder = path.parent / "unpacked"
    folder.mkdir()
    return unpack(path, folder)


def test_a_pack_holds_and_each_sum_that_is_no_sum_is_told(tmp_path: Path) -> None:
    found = written(tmp_path / "pack.zip")
    assert (found.names, found.problems) == (("a.txt", "b.txt"), ())
    sums = (found.folder / "SHA256SUMS").read_bytes()
    for more in (b"no sum\n", sums[:72], b"\n", b"0" * 64 + b"  ../x\n"):
        path = made(
            tmp_path / "more.zip",
            ("evidence/SHA256SUMS", sums + more),
            ("evidence/a.txt", b"1"),
            ("evidence/b.txt", b"2"),
        )
        other = tmp_path / f"{len(more)}"
        other.mkdir()
        assert unpack(path, other).problems == ("line 3 of SHA256SUMS is no sum of a member",)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PackError, match="name another place"):
        write_pack(tmp_path / "file" / "pack.zip", "evidence", {})
