"""Does an outside clock sign roots, and can anybody check that offline? A real authority does."""

from __future__ import annotations

import builtins
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from collector.audit.stamping import checked_stamps
from collector.cli import export_evidence, main, seal
from collector.drawing import Drawer
from collector.store import Store, sealed
from tests.cli.runner import call, listed
from tests.support.evidence import AT, LANDING, OPERATORS, export, station_with_evidence
from tests.support.packs import PLAIN, altered, members_of, packed, resummed
from tests.support.station import Station
from tests.support.tsa import OPENSSL, Tsa, tsa_at

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="no openssl: apt-get install openssl")

LATER = AT + timedelta(weeks=2)
DEAD = "http://127.0.0.1:9/tsr"


@pytest.fixture(autouse=True)
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (export_evidence, seal):
        monkeypatch.setattr(module, "now", lambda: LATER)
    monkeypatch.setattr(Drawer, "drawn", lambda *_: [None])


@pytest.fixture(scope="module")
def tsas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tsa, Tsa]]:
    folder = tmp_path_factory.mktemp("authorities")
    with tsa_at(folder, "first") as first, tsa_at(folder, "second") as second:
        yield first, second


def configure(station: Station, **urls: tuple[str, Path]) -> None:
    """Name authorities in a station's configuration."""
    kept = station.config.read_text().partition("\n[stamps.")[0]
    tables = (
        f'\n[stamps.{name}]\nurl = "{url}"\ncertificates = "{certificates}"\n'
        for name, (url, certificates) in urls.items()
    )
    station.config.write_text(kept + "".join(tables))


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory, tsas: tuple[Tsa, Tsa]) -> Station:
    station = station_with_evidence(tmp_path_factory.mktemp("stamped"))
    shutil.copytree(station.folder / "recorded", station.recordings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seal, "now", lambda: LATER)
        call(station, "seal")
    return station


def verified(path: Path, code: int = 0) -> dict[str, Any]:
    done = CliRunner().invoke(main, ["verify", str(path), "--json"])
    assert done.exit_code == code, done.output
    (row,) = json.loads(done.stdout)
    return dict(row)


def test_a_pack_carries_stamps_that_anybody_can_check_offline(
    station: Station, tsas: tuple[Tsa, Tsa], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tsas
    before = datetime.now(UTC) - timedelta(seconds=2)
    # One authority is down: the other one's stamp is had, and the next run asks again.
    configure(station, one=(first.url, first.certificates), two=(DEAD, second.certificates))
    told = call(station, "seal", code=1).stderr
    assert "one stamped root 1" in told
    assert "two gave no stamp" in told
    configure(station, one=(first.url, first.certificates), two=(second.url, second.certificates))
    call(station, "seal")
    call(station, "seal")
    assert (len(first.queries), len(second.queries)) == (1, 1), "a stamp is asked for once"
    (root,) = listed(station, "seal", "--list")
    assert [each["authority"] for each in root["stamps"]] == ["one", "two"]
    for query in first.queries:  # the hash alone
        assert root["sha256"].encode() not in query
        for planted in (LANDING, "LLOV", "600865", *OPERATORS):
            assert planted.encode() not in query

    path = tmp_path / "pack.zip"
    export(station, path)
    members = members_of(path)
    proof = json.loads(members["seal.json"])
    message = proof["root"]["sha256"].encode()
    assert first.agrees(message, members["stamp-1.tsr"])
    assert second.agrees(message, members["stamp-2.tsr"])
    assert not second.agrees(message, members["stamp-1.tsr"])
    readme = members["README.txt"].decode()
    assert "stamp-2.pem" in readme
    first.url = second.url = "gone"
    row = verified(path)
    assert row["outcome"] == "same"
    stamped = row["stamped"]
    assert [each.partition(" stamped")[0] for each in stamped] == [
        "CN=first clock,O=first",
        "CN=second clock,O=second",
    ]
    at = datetime.fromisoformat(row["stamped"][0].partition(" root on ")[2][:19]).replace(
        tzinfo=UTC
    )
    assert before <= at <= datetime.now(UTC) + timedelta(seconds=2)

    changed = tmp_path / "changed.zip"
    kinds = members.keys() - PLAIN - {"SHA256SUMS"}
    assert kinds == {"seal.json", *(f"stamp-{n}.{kind}" for n in (1, 2) for kind in ("pem", "tsr"))}
    for name in kinds:
        altered(path, changed, name)
        assert any(name in problem for problem in verified(changed, code=1)["problems"]), name

    loose = tmp_path / "loose"
    loose.mkdir()
    for name, content in (
        ("stamp-1.tsr", members["stamp-2.tsr"]),
        ("stamp-1.tsr", b"\x30\x03\x02\x01\x00"),
        ("stamp-1.tsr", _flipped(members["stamp-1.tsr"])),
        ("stamp-1.pem", members["stamp-2.pem"]),
        ("stamp-1.pem", b"none"),
        ("stamp-2.pem", None),
    ):
        forged = {key: part for key, part in members.items() if key != name}
        if content is not None:
            forged[name] = content
        for key, part in forged.items():
            (loose / key).write_bytes(part)
        fine, (problem,) = checked_stamps(loose, forged, proof["root"]["sha256"])
        assert len(fine) == 1
        assert problem.startswith(f"{name[:7]}.tsr: ")
    row = verified(packed(tmp_path / "forged.zip", resummed(forged)), code=1)
    assert (row["outcome"], row["problems"]) == ("altered", [problem])
    assert checked_stamps(loose, members, "0" * 64)[0] == [], "a stamp of another root"

    # Whoever forges a pack may add the certificate of an authority that did not sign.
    (loose / "stamp-1.pem").write_bytes(members["stamp-2.pem"] + members["stamp-1.pem"])
    (loose / "stamp-1.tsr").write_bytes(members["stamp-1.tsr"])
    (loose / "stamp-2.pem").write_bytes(members["stamp-2.pem"])
    (one, two), problems = checked_stamps(loose, members, proof["root"]["sha256"])
    assert not problems
    assert [each.rpartition(" ")[2] for each in (one, two)] == [
        each.rpartition(" ")[2] for each in stamped
    ], "the root that is named is the one that the signature leads to"

    with monkeypatch.context() as patch:
        _without_the_extra(patch)
        row = verified(path)
        assert (row["outcome"], row["stamped"]) == (
            "same",
            ["Its time stamps were not checked here: that needs the extra `stamps`."],
        )
        told = call(station, "check", code=78).stderr
        assert "pip install 'landing-collector[stamps]'" in told


def _without_the_extra(patch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "rfc3161_client":
            raise ImportError(name)
        return real(name, *rest, **more)

    patch.setattr(builtins, "__import__", without)


def _flipped(response: bytes) -> bytes:
    changed = bytearray(response)
    changed[-1] ^= 1  # the end of the signature
    return bytes(changed)


def test_an_answer_to_another_question_is_no_stamp(
    station: Station, tsas: tuple[Tsa, Tsa], tmp_path: Path
) -> None:
    first, before = tsas[0], shutil.copy(station.database, tmp_path / "before.sqlite")
    with Store.open(station.database, read_only=True) as store:
        (root,) = sealed.roots(store)
    with tsa_at(tmp_path, "third") as third:
        configure(station, three=(third.url, third.certificates))
        call(station, "seal")
        old = third.queries[0]
        third.stale = third.answer(old[old.rindex(b"\n\n") + 2 :])
        assert third.agrees(root.sha256.encode(), third.stale), "a good stamp, of an old question"
        configure(station, again=(third.url, third.certificates))
        assert "Nonce mismatch" in call(station, "seal", code=1).stderr
        third.stale = b"<html>"
        assert (
            "again gave no stamp: the stamp does not hold" in call(station, "seal", code=1).stderr
        )
        configure(station, other=(third.url, first.certificates))
        third.stale = None
        assert "other gave no stamp" in call(station, "seal", code=1).stderr
    (row,) = listed(station, "seal", "--list")
    assert "three" in {each["authority"] for each in row["stamps"]}
    assert not {"again", "other"} & {each["authority"] for each in row["stamps"]}
    shutil.copy(before, station.database)
