"""Are files put in place whole, and is nobody else's file touched?"""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.errors import CollectorError
from collector.publishing import folder as folders
from collector.publishing.folder import MANIFEST, StrangersFilesError, plan, put_in_place

FILES = {"index.html": b"first", "landings/a.html": b"a", "landings/b.html": b"b"}


def written(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its content and inode, which tells whether it was written anew."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_ino)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_only_what_differs_is_written_and_only_our_own_is_deleted(tmp_path: Path) -> None:
    put_in_place(plan(tmp_path, FILES, {}))
    (tmp_path / "landings" / "notes.txt").write_text("of the newsroom")
    before = written(tmp_path)
    put_in_place(plan(tmp_path, FILES, {}))
    assert written(tmp_path) == before
    less = {"index.html": b"second", "landings/a.html": b"a"}
    put_in_place(plan(tmp_path, less, {}))
    after = written(tmp_path)
    assert set(before) - set(after) == {"landings/b.html"}
    assert after["index.html"][0] == b"second"
    assert after["landings/a.html"] == before["landings/a.html"]
    assert after["landings/notes.txt"] == before["landings/notes.txt"]
    put_in_place(plan(tmp_path, {}, {}))
    assert set(written(tmp_path)) == {MANIFEST, "landings/notes.txt"}


@pytest.mark.parametrize("ours_before", [False, True])
def test_a_strangers_file_is_never_replaced(tmp_path: Path, ours_before: bool) -> None:
    if ours_before:
        put_in_place(plan(tmp_path, FILES, {}))
    (tmp_path / "index.html").write_text("the newsroom's own")
    for wanted in ({"index.html": b"new"}, {"other.html": b"x"} if ours_before else FILES):
        with pytest.raises(StrangersFilesError, match=r"index\.html"):
            plan(tmp_path, wanted, {})
    assert (tmp_path / "index.html").read_text() == "the newsroom's own"


def test_a_link_to_another_place_is_not_followed(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "site"
    elsewhere.mkdir()
    folder.mkdir()
    (folder / "landings").symlink_to(elsewhere)
    with pytest.raises(StrangersFilesError, match="link to another place"):
        plan(folder, FILES, {})
    assert not list(elsewhere.iterdir())


def test_a_run_that_died_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(plan(tmp_path, FILES, {}))
    newer = {path: content * 2 for path, content in FILES.items()} | {"c.html": b"c"}
    replace, written_files = folders._replace, list[Path]()

    def dies(path: Path, content: bytes) -> None:
        if len(written_files) == 3:
            raise OSError(28, "No space left on device")
        written_files.append(path)
        replace(path, content)

    monkeypatch.setattr(folders, "_replace", dies)
    with pytest.raises(CollectorError, match="No space left"):
        put_in_place(plan(tmp_path, newer, {}))
    monkeypatch.undo()
    assert (tmp_path / "index.html").read_bytes() == b"first", "the first page comes last"
    put_in_place(plan(tmp_path, newer, {}))
    assert {path: each[0] for path, each in written(tmp_path).items()} | {
        MANIFEST: b""
    } == newer | {MANIFEST: b""}


def test_a_manifest_cannot_lead_outside(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"files": {"../x": ["0"]}, "made_from": {}}')
    with pytest.raises(CollectorError, match="lies outside"):
        plan(tmp_path, FILES, {})
