"""Does an evidence pack prove a landing to whoever has only the pack, and tell of nobody else?"""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import zipfile
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from collector import recording
from collector.audit import evidence_checks
from collector.cli import export_evidence, main
from collector.drawing import Drawer
from tests.cli.runner import call
from tests.support.evidence import AT, LANDING, OPERATORS, export, station_with_evidence
from tests.support.packs import PLAIN, altered, members_of, packed, records_of, resummed, split
from tests.support.station import Station

PERSONS = ["Jane Doe", "seen from my balcony", "ops@example.org", "Joe Source"]


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    return station_with_evidence(tmp_path_factory.mktemp("evidence"))


@pytest.fixture(autouse=True)
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packs are made two weeks after the landing, on a machine that draws no pictures."""
    monkeypatch.setattr(export_evidence, "now", lambda: AT + timedelta(weeks=2))
    monkeypatch.setattr(Drawer, "drawn", lambda *_: [None])


@pytest.fixture(scope="module")
def internal(station: Station, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("internal") / "pack.zip"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_evidence, "now", lambda: AT + timedelta(weeks=2))
        # Drawing takes seconds, and tests/drawing draws.
        patch.setattr(Drawer, "drawn", lambda *_: [b"\x89PNG"])
        export(station, path)
    return path


@pytest.fixture(scope="module")
def to_pass_on(station: Station, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("open") / "pack.zip"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_evidence, "now", lambda: AT + timedelta(weeks=2))
        patch.setattr(Drawer, "drawn", lambda *_: [None])
        export(station, path, "--edition", "to-pass-on")
    return path


def verified(path: Path, code: int = 0) -> dict[str, Any]:
    """What `verify` says where nobody ever configured a collector."""
    done = CliRunner().invoke(main, ["verify", str(path), "--json"])
    assert done.exit_code == code, done.output
    row: dict[str, Any] = json.loads(done.stdout)[0]
    assert row["holds"] == (code == 0)
    return row


def texts(path: Path) -> dict[str, str]:
    """Every member of a pack as text, the replies unpacked."""
    members = members_of(path)
    members["replies.warc.gz"] = gzip.decompress(members["replies.warc.gz"])
    return {name: content.decode("utf-8", "replace") for name, content in members.items()}


def test_a_pack_is_derived_again_where_there_is_nothing_but_the_pack(
    internal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(members_of(internal)) == PLAIN
    monkeypatch.chdir(tmp_path)
    row = verified(internal)
    assert (row["outcome"], row["files"]) == ("same", len(PLAIN) - 1)
    assert row["stored"] == row["derived"] == row["found"]
    assert row["found"]["grade"] == "confirmed"
    assert row["found"]["airfield"] == "LLOV"
    assert not list(tmp_path.iterdir()), "nothing is left behind"


def test_coreutils_check_the_sums(internal: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(internal) as pack:
        pack.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    done = subprocess.run(
        "sha256sum -c SHA256SUMS", shell=True, cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count(b": OK\n") == len(PLAIN) - 1


def test_the_same_content_gives_the_same_bytes(
    station: Station, to_pass_on: Path, tmp_path: Path
) -> None:
    path = tmp_path / "again.zip"
    told = export(station, path, "--edition", "to-pass-on")
    assert path.read_bytes() == to_pass_on.read_bytes()
    assert hashlib.sha256(path.read_bytes()).hexdigest() in told
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_changed_byte_is_found_in_every_member(internal: Path, tmp_path: Path) -> None:
    path = tmp_path / "changed.zip"
    for name in members_of(internal):
        altered(internal, path, name)
        row = verified(path, code=1)
        assert row["outcome"] == "altered"
        assert any(name in problem for problem in row["problems"]), (name, row["problems"])


def test_what_is_missing_or_added_is_found(internal: Path, tmp_path: Path) -> None:
    members, added = members_of(internal), "letter.txt was added: SHA256SUMS does not list it"
    path = packed(tmp_path / "1.zip", {**members, "letter.txt": b"Dear editor"})
    assert verified(path, code=1)["problems"] == [added]
    del members["licences.txt"]
    path = packed(tmp_path / "2.zip", members)
    assert verified(path, code=1)["problems"] == ["licences.txt is missing"]
    del members["inputs.json"]
    path = packed(tmp_path / "3.zip", resummed(members))
    assert verified(path, code=1)["problems"] == ["inputs.json is missing"]


def test_a_pack_unpacked_and_packed_by_another_tool_still_holds(
    to_pass_on: Path, tmp_path: Path
) -> None:
    path = tmp_path / "again.zip"
    packed(path, members_of(to_pass_on), zipfile.ZIP_DEFLATED)
    assert verified(path)["outcome"] == "same"


def test_who_changes_replies_and_sums_alike_is_found_by_deriving(
    to_pass_on: Path, tmp_path: Path
) -> None:
    members = members_of(to_pass_on)
    kept = [each for each in records_of(members) if b'"600865"' not in gzip.decompress(each)]
    members["replies.warc.gz"] = b"".join(kept)
    path = packed(tmp_path / "forged.zip", resummed(members))
    (told,) = verified(path, code=1)["problems"]
    assert told == f"the pack holds {len(kept)} replies, and pack.json states 27"
    members["pack.json"] = members["pack.json"].replace(b": 27", b": %d" % len(kept))
    row = verified(packed(path, resummed(members)), code=1)
    assert (row["outcome"], row["found"], row["different"]) == ("differs", None, ["landing"])


@pytest.mark.parametrize(
    ("name", "change", "why"),
    [
        ("inputs.json", (b'T13:01:44.600000Z"', b'T13:01:44.600000"'), "never writes"),
        ("inputs.json", (b'"lat_deg": 29', b'"lat_deg": "29"'), "not as the collector writes it"),
        ("pack.json", (b'"form": 1', b'"form": 2'), "a newer collector"),
        ("rules.json", (b"40.0", b"41.0"), "rules.json is not the one that pack.json names"),
    ],
)
def test_values_that_no_collector_writes_are_refused(
    to_pass_on: Path, tmp_path: Path, name: str, change: tuple[bytes, bytes], why: str
) -> None:
    members = members_of(to_pass_on)
    assert change[0] in members[name]
    members[name] = members[name].replace(*change)
    path = packed(tmp_path / "hostile.zip", resummed(members))
    done = CliRunner().invoke(main, ["verify", str(path)])
    assert done.exit_code == 1
    assert why in done.output


def test_other_rules_leave_the_sums_to_be_compared(
    to_pass_on: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_checks, "RULES_VERSION", "of another time")
    row = verified(to_pass_on)
    assert int(row["rules_version"]) >= 8
    assert (row["outcome"], row["found"]) == ("other-rules", None)
    said = CliRunner().invoke(main, ["verify", str(to_pass_on)]).stdout
    assert f"Only the sums were compared: the pack was made by rules {row['rules_version']}" in said


def test_what_no_terms_allow_stays_behind_and_the_grade_is_derived_without(
    to_pass_on: Path,
) -> None:
    row = verified(to_pass_on)
    assert row["stored"]["grade"] == "confirmed"
    assert row["found"] == row["derived"]
    assert row["derived"]["grade"] == "probable"
    held = texts(to_pass_on)
    assert "No: derived anew from the 27 replies" in " ".join(held["README.txt"].split())
    assert "12 records of airplanes.live" in held["README.txt"]
    assert "12 records of own receiver, which stay with the operator" in held["README.txt"]
    assert "very likely landed" in held["explanation.txt"]
    assert "Collector-Feed: airplaneslive" not in held["replies.warc.gz"]
    assert {row.split(",")[1] for row in held["coverage.csv"].splitlines()[1:]} == {"adsblol"}
    corrections = json.loads(held["landing.json"])["corrections"]
    assert corrections[-1]["change"] == "confirmed by a person"
    assert corrections[-1]["reason"] == ""


def test_nothing_that_leaves_says_who_helped(to_pass_on: Path, internal: Path) -> None:
    for name, text in texts(to_pass_on).items():
        for planted in OPERATORS:
            assert planted not in text, name
    for name, text in texts(internal).items():
        for planted in PERSONS:
            assert planted not in text, name
    replies = texts(to_pass_on)["replies.warc.gz"]
    assert "Collector-Redacted: HTTP headers other than dates and type" in replies
    assert "the address that was asked; other aircraft that were asked for" in replies
    assert "Collector-Redacted" not in texts(internal)["replies.warc.gz"]


@pytest.mark.parametrize(
    ("asked", "planted"),
    [
        (["contact"], ["ops@example.org"]),
        (["reviewers"], ["Jane Doe", "seen from my balcony"]),
        (
            ["recipients", "sightings"],
            ["ops@example.org", "Joe Source", "seen from my balcony"],
        ),
    ],
)
def test_each_goes_in_if_it_is_asked_for_by_name(
    station: Station, tmp_path: Path, asked: list[str], planted: list[str]
) -> None:
    path = tmp_path / "pack.zip"
    words = [word for name in asked for word in ("--with", name)]
    told = export(station, path, "--edition", "to-pass-on", *words)
    assert told.count("collector: in, as asked for:") == len(asked)
    held = texts(path)
    assert set(json.loads(held["asked-for.json"])) == set(asked)
    for secret in OPERATORS:
        found = [name for name, text in held.items() if secret in text]
        assert found == (["asked-for.json"] if secret in planted else []), secret
    altered(path, path, "asked-for.json")
    assert verified(path, code=1)["outcome"] == "altered"


def test_own_receivers_leave_without_what_shows_where_they_stand(
    station: Station, tmp_path: Path
) -> None:
    path = tmp_path / "pack.zip"
    export(station, path, "--edition", "to-pass-on", "--with", "receivers")
    held = texts(path)
    assert verified(path)["derived"]["grade"] == "confirmed"
    assert "Collector-Feed: own-receiver" in held["replies.warc.gz"]
    for name, text in held.items():
        for planted in (*OPERATORS, "rssi"):
            assert planted not in text, name


def test_a_young_landing_or_one_without_an_operator_does_not_leave(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pack.zip"
    other = Station(tmp_path, environ=station.environ)
    text = station.config.read_text()
    other.config.write_text(text.replace('callsigns = ["AZQ*"]', ""))
    words = ["export", "evidence", LANDING, "--edition", "to-pass-on", "--out", str(path)]
    told = call(other, *words, code=1).stderr
    assert "nobody is named as the aircraft's operator" in told
    monkeypatch.setattr(export_evidence, "now", lambda: AT + timedelta(hours=71))
    told = call(station, *words, code=1).stderr
    assert "too recent to be passed on: it may leave from 2026-11-21T09:59:57Z on" in told
    assert not path.exists()


def test_without_any_reply_a_pack_says_that_it_proves_nothing(
    station: Station, tmp_path: Path
) -> None:
    path = tmp_path / "pack.zip"
    call(station, "export", "evidence", LANDING, "--out", str(path))
    assert "replies.warc.gz" not in members_of(path)
    row = verified(path)
    assert (row["outcome"], row["derived"]) == ("no-replies", None)
    readme = " ".join(members_of(path)["README.txt"].decode().split())
    assert "No: no reply of a feed is in this pack" in readme
    assert "Every reply: none of that time is recorded" in readme


def test_the_replies_are_those_that_were_recorded_byte_for_byte(
    station: Station, internal: Path, tmp_path: Path
) -> None:
    replies = tmp_path / "replies.warc.gz"
    replies.write_bytes(members_of(internal)["replies.warc.gz"])
    read = partial(recording.read, recognise=partial(recording.recognise, hosts={}))
    assert list(read([replies])) == list(read([station.folder / "recorded"]))
    (recorded,) = (station.folder / "recorded").iterdir()
    about, *records = split(recorded.read_bytes())
    assert b"operator: ops@example.org" in gzip.decompress(about)
    assert sorted(records_of(members_of(internal))) == sorted(records)
