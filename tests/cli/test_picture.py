"""Does `explain --picture` draw the track, name the file, and fail in one line?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.runner import call
from tests.support.sky import Sky, Visit
from tests.support.station import Station, record

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
LANDING = "600865-2026-11-18-1"


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """A replayed landing, of whose approach eight minutes have no reply."""
    folder = tmp_path_factory.mktemp("station")
    silent = ((AT - timedelta(minutes=9), AT - timedelta(minutes=1)),)
    replies = Sky((Visit(lands_at=AT),), silent=silent).replies(
        AT - timedelta(minutes=14), AT + timedelta(minutes=10), timedelta(seconds=20)
    )
    station = Station(folder)
    call(
        station, "--log", "error", "replay",
        *(str(path) for path in record(folder / "recorded", list(replies))),
    )  # fmt: skip
    return station


@pytest.mark.parametrize(("name", "begin"), [("track.svg", b"<?xml"), ("TRACK.PNG", b"\x89PNG")])
def test_a_picture_is_written_to_the_named_file(
    station: Station, tmp_path: Path, name: str, begin: bytes
) -> None:
    path = tmp_path / name
    result = call(station, "explain", LANDING, "--picture", str(path))
    assert path.read_bytes().startswith(begin)
    assert result.stderr.strip() == str(path)
    assert "Landing 600865-2026-11-18-1" in result.stdout


def test_json_stays_json_and_has_the_gaps(station: Station, tmp_path: Path) -> None:
    result = call(station, "explain", LANDING, "--json", "--picture", str(tmp_path / "t.svg"))
    (row,) = json.loads(result.stdout)
    first, last = row["gaps"]
    assert first["minutes"] == pytest.approx(8, abs=0.5)
    assert first["silent"]
    assert last["ends_at"] is None
    assert [step["speaks"] for step in row["steps"]].count("gap") == 2
    text = " ".join(call(station, "explain", LANDING).stdout.split())
    assert "No report at all for 8 min: last at" in text


@pytest.mark.parametrize("name", ["track.pdf", "track", "png"])
def test_other_kinds_of_files_are_refused(station: Station, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    result = call(station, "explain", LANDING, "--picture", str(path), code=2)
    assert ".png or .svg" in result.stderr
    assert not path.exists()


def test_a_file_that_cannot_be_written_is_one_line(station: Station, tmp_path: Path) -> None:
    path = tmp_path / "no" / "such" / "track.svg"
    result = call(station, "explain", LANDING, "--picture", str(path), code=1)
    assert "cannot be written" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""
