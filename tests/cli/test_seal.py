"""Does a root stand for the replies of every landing, and does a pack show that it held them?"""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from collector.cli import export_evidence, main, seal
from collector.drawing import Drawer
from collector.merkle import leaf_hash, root_of
from collector.store import Store, sealed
from tests.cli.runner import call, listed
from tests.support.evidence import AT, LANDING, OPERATORS, export, station_with_evidence
from tests.support.packs import members_of, packed, resummed
from tests.support.station import Station

BEFORE = "before.sqlite"
LATER = AT + timedelta(weeks=2)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """A station whose landing is sealed by the first test that runs, and as it was before."""
    station = station_with_evidence(tmp_path_factory.mktemp("sealed"))
    shutil.copy(station.database, station.folder / BEFORE)
    shutil.copytree(station.folder / "recorded", station.recordings)
    return station


@pytest.fixture(autouse=True)
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (export_evidence, seal):
        monkeypatch.setattr(module, "now", lambda: LATER)
    monkeypatch.setattr(Drawer, "drawn", lambda *_: [None])


def verified(path: Path, code: int = 0) -> dict[str, Any]:
    done = CliRunner().invoke(main, ["verify", str(path), "--json"])
    assert done.exit_code == code, done.output
    (row,) = json.loads(done.stdout)
    return dict(row)


def test_a_pack_shows_that_its_replies_were_sealed_and_a_changed_one_is_found(
    station: Station, tmp_path: Path
) -> None:
    call(station, "seal")
    (root,) = listed(station, "seal", "--list")
    assert "nothing is new since the last root" in call(station, "seal").stderr
    with Store.open(station.database, read_only=True) as store:
        (leaf,) = sealed.leaves_of(store, sealed.roots(store)[0])
    tree = [leaf_hash(b"the first root"), leaf_hash(leaf.content)]
    assert root_of(tree).hex() == root["sha256"]

    path = tmp_path / "pack.zip"
    export(station, path)
    row = verified(path)
    assert row["outcome"] == "same"
    count = len(leaf.records)
    at = f"{LATER:%Y-%m-%d %H:%M} UTC"
    assert row["sealed"] == (
        f"{count} of its {count} records are as they were sealed on {at}, under the root "
        f"{root['sha256']}."
    )

    members = members_of(path)
    proof = json.loads(members["seal.json"])
    first = next(iter(proof["salts"]))
    for key, change in (
        ("root", proof["root"] | {"sha256": "0" * 64}),
        ("records", proof["records"][1:]),
        ("salts", proof["salts"] | {first: "00" * 32}),
        ("landing", "600866-2026-11-18-1"),
        ("path", ["zz"]),
    ):
        forged = json.dumps(proof | {key: change}).encode()
        other = packed(tmp_path / "forged.zip", resummed({**members, "seal.json": forged}))
        row = verified(other, code=1)
        assert row["outcome"] == "altered", key
        assert len(row["problems"]) == 1


def test_the_last_line_follows_from_the_check_and_not_from_what_the_pack_says(
    station: Station, tmp_path: Path
) -> None:
    path = tmp_path / "pack.zip"
    export(station, path)
    said = CliRunner().invoke(main, ["verify", str(path)]).stdout.splitlines()[-1]
    assert said.startswith("Does the landing follow from this pack? Yes: derived anew")
    members = members_of(path)
    for name, content, told in (
        (
            "replies.warc.gz",
            (half := members["replies.warc.gz"])[: len(half) // 2],
            "damaged after",
        ),
        ("landing.json", members["landing.json"].replace(b'"LLOV"', b'"LLBG"'), "landing.json"),
        (
            "landing.json",
            members["landing.json"].replace(b"2026-11-18T", b"2026-11-19T"),
            "landing",
        ),
    ):
        other = packed(tmp_path / "other.zip", resummed({**members, name: content}))
        done = CliRunner().invoke(main, ["verify", str(other)])
        assert done.exit_code == 1
        assert told in done.stdout
        assert "Not known: nothing was derived, since it was altered" in done.stdout
        assert "Yes:" not in done.stdout
    # Both files alike: only what is derived here tells.
    both = {
        name: members[name].replace(b'"confirmed"', b'"possible"')
        for name in ("landing.json", "pack.json")
    }
    other = packed(tmp_path / "both.zip", resummed({**members, **both}))
    done = CliRunner().invoke(main, ["verify", str(other)])
    assert done.exit_code == 1
    assert "They differ in the grade." in done.stdout
    assert "follow from this pack? It is refuted: what the pack says" in done.stdout


def test_what_persons_rejected_begins_with_that(station: Station, tmp_path: Path) -> None:
    before = shutil.copy(station.database, tmp_path / BEFORE)
    try:
        words = ("--reject", "--note", "not it", "--by", "Jane Doe")
        said = call(station, "review", LANDING, *words).stderr
        assert said.startswith(f"{LANDING}: rejected by Jane Doe; "), "a sentence, and no log lines"
        path = tmp_path / "pack.zip"
        export(station, path, "--edition", "to-pass-on")
    finally:
        shutil.copy(before, station.database)
    readme = " ".join(members_of(path)["README.txt"].decode().split())
    begins = readme.index("by a person, and not counted. As derived: ")
    assert begins < readme.index("Does it follow from this pack?")
    assert "Rejected by a person, and not counted. As derived: " in readme
    assert "something was taken out" in readme
    assert "Nothing is known to be missing" not in readme


def test_what_was_taken_out_cannot_be_shown_and_is_not_guessed_from_the_rest(
    station: Station, tmp_path: Path
) -> None:
    call(station, "seal")
    path = tmp_path / "pack.zip"
    export(station, path, "--edition", "to-pass-on")
    row = verified(path)
    assert row["sealed"].startswith(
        "27 of its 27 records cannot be compared, since something was taken out of them."
    )
    members = members_of(path)
    with Store.open(station.database, read_only=True) as store:
        (leaf,) = sealed.leaves_of(store, sealed.roots(store)[0])
    for content in members.values():
        assert leaf.salt.hex().encode() not in content
        for planted in OPERATORS:
            assert planted.encode() not in content


def test_a_later_root_rests_on_the_one_before(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = ["--recording", str(station.folder / "recorded")]
    before, station = station.folder / BEFORE, Station(tmp_path)
    station.database.parent.mkdir()
    shutil.copy(before, station.database)
    monkeypatch.setattr(seal, "now", lambda: AT + timedelta(hours=1))
    assert "no root was made yet" in call(station, "seal", *recorded).stderr
    monkeypatch.setattr(seal, "now", lambda: LATER)
    (first,) = listed(station, "seal", *recorded)
    later = LATER.isoformat().replace("+00:00", ".000001Z")
    with Store.open(station.database) as store:
        store.execute("UPDATE landings SET revised_at = ? WHERE id = ?", (later, LANDING))
    (second,) = listed(station, "seal", *recorded)
    assert second["number"] == 2
    with Store.open(station.database, read_only=True) as store:
        (leaf,) = sealed.leaves_of(store, sealed.roots(store)[1])
    tree = [leaf_hash(bytes.fromhex(first["sha256"])), leaf_hash(leaf.content)]
    assert root_of(tree).hex() == second["sha256"]
    assert [row["number"] for row in listed(station, "seal", "--list")] == [1, 2]
