"""Do the replies that a landing rests on outlive the pruning, whatever interrupts it?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from collector.errors import RecordingError
from collector.model.coverage import PollCoverage
from collector.model.reply import Format, Outcome
from collector.recording import Recorder, files_of, prune, read
from collector.recording.keeping import KeptSpans
from tests.recording.replies import AT, by_public_host, replies_of, reply

HOUR = timedelta(hours=1)
LANDED = AT + 12 * HOUR
SPAN = (LANDED - 3 * HOUR, LANDED + 2 * HOUR)
LATER = AT + timedelta(days=100)
TRACK = b'{"icao":"600865","timestamp":1,"trace":[]}'


def recorded(folder: Path) -> Path:
    """A recording of 24 hours: a reply without any aircraft every half hour, a failed poll after
    each, and a full track fetched long after the landing."""
    recorder = Recorder(folder, started_at=AT, software="tests", contact=None)
    for number in range(24 * 2):
        recorder.keep(reply(1800 * number, ac=[]))
        at = AT + timedelta(seconds=1800 * number + 60)
        failed = PollCoverage(feed="other", at=at, outcome=Outcome.REFUSED, area=True)
        recorder.heartbeat(failed, "urn:collector:poll:other")
    late = reply(23.5 * 3600)
    recorder.keep(
        type(late)(
            feed="adsblol",
            format=Format.TRACE,
            ask=late.ask,
            url="https://globe.example/trace_full_600865.json",
            received_at=late.received_at,
            body=TRACK,
        )
    )
    recorder.close()
    for path in folder.glob("*.warc.gz"):
        old(path)
    return folder


def old(path: Path) -> None:
    os.utime(path, (LANDED.timestamp(), LANDED.timestamp()))


def spans(begin: datetime, end: datetime) -> Sequence[tuple[datetime, datetime]]:
    return [SPAN] if SPAN[0] <= end and begin <= SPAN[1] else []


def nothing(begin: datetime, end: datetime) -> Sequence[tuple[datetime, datetime]]:
    return []


def held(folder: Path) -> list[tuple[datetime, bytes | None]]:
    """Everything recorded in the span of the landing, and every full track."""
    return [
        (each.at, each.reply.body if each.reply else None)
        for each in read([folder], recognise=by_public_host)
        if SPAN[0] <= each.at <= SPAN[1] or (each.reply and each.reply.format is Format.TRACE)
    ]


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_a_landing_rests_on_is_kept_and_the_rest_is_deleted(tmp_path: Path) -> None:
    wanted = held(recorded(tmp_path))
    assert len(wanted) == 5 * 2 + 1 + 5 * 2 + 1  # both ends of the span have a reply
    done = prune(tmp_path, older_than=LATER, kept=spans)
    assert (done.files, done.records) == (2, len(wanted))
    assert names(tmp_path) == ["kept/kept-2026-11-22.warc.gz", "kept/kept-2026-11-23.warc.gz"]
    assert held(tmp_path) == wanted
    assert len(list(read([tmp_path], recognise=by_public_host))) == len(wanted)
    assert [path.name for path in files_of(tmp_path, *SPAN)] == [
        "kept-2026-11-22.warc.gz",
        "kept-2026-11-23.warc.gz",
    ]
    assert files_of(tmp_path, LATER, LATER) == []


def test_a_copy_made_later_is_named_for_the_day_of_its_name_only(tmp_path: Path) -> None:
    for path in recorded(tmp_path).iterdir():
        os.utime(path, (LATER.timestamp(), LATER.timestamp()))
    assert len(files_of(tmp_path, AT, AT + 24 * HOUR)) == 2
    assert files_of(tmp_path, AT + 48 * HOUR, LATER) == []


def test_without_a_landing_nothing_is_kept_but_tracks(tmp_path: Path) -> None:
    recorded(tmp_path)
    assert prune(tmp_path, older_than=LATER, kept=nothing).records == 1
    assert [each.body for each in replies_of([tmp_path])] == [TRACK]


def test_pruning_again_what_came_back_adds_nothing(tmp_path: Path) -> None:
    live, copy = tmp_path / "live", tmp_path / "copy"
    shutil.copytree(recorded(live), copy)
    prune(live, older_than=LATER, kept=spans)
    before = {path: path.read_bytes() for path in (live / "kept").iterdir()}
    for path in copy.iterdir():
        old(Path(shutil.copy(path, live)))
    assert prune(live, older_than=LATER, kept=spans).records == 0
    assert {path: path.read_bytes() for path in (live / "kept").iterdir()} == before


@pytest.mark.parametrize("call", ["fsync", "rename", "unlink"])
@pytest.mark.parametrize("number", range(3))
def test_whatever_is_interrupted_nothing_is_lost_and_the_next_run_ends_it(
    call: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = held(recorded(tmp_path))
    calls = iter(range(100))
    owner = os if call == "fsync" else Path
    really = getattr(owner, call)

    def interrupted(*args: object, **kwargs: object) -> object:
        if next(calls) == number:
            raise KeyboardInterrupt
        return really(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(owner, call, interrupted)
        try:
            prune(tmp_path, older_than=LATER, kept=spans)
        except KeyboardInterrupt:
            assert held(tmp_path) == wanted
    prune(tmp_path, older_than=LATER, kept=spans)
    assert held(tmp_path) == wanted
    assert names(tmp_path) == ["kept/kept-2026-11-22.warc.gz", "kept/kept-2026-11-23.warc.gz"]


def test_what_cannot_be_kept_is_not_deleted_and_hinders_no_other_file(tmp_path: Path) -> None:
    recorded(tmp_path)
    (tmp_path / "kept").write_text("a file where the folder should be")
    quiet = tmp_path / "collector-20260101T000000Z-00.warc.gz"
    Recorder(tmp_path, started_at=AT, software="t", contact=None).close()
    quiet.write_bytes(b"")
    os.utime(quiet, (0, 0))
    wanted = held(tmp_path)
    with pytest.raises(RecordingError, match="cannot prune the recording"):
        prune(tmp_path, older_than=LATER - timedelta(days=99), kept=spans)
    assert held(tmp_path) == wanted
    assert not quiet.exists()


@pytest.mark.parametrize(("kept", "left"), [(spans, 1), (nothing, 0)])
def test_a_damaged_recording_is_moved_whole_if_a_landing_may_need_it(
    kept: KeptSpans, left: int, tmp_path: Path
) -> None:
    first, _ = sorted(recorded(tmp_path).glob("*.warc.gz"))
    content = first.read_bytes()
    first.write_bytes(content[: len(content) // 2] + b"damage" + content[len(content) // 2 :])
    old(first)
    prune(tmp_path, older_than=LATER, kept=kept)
    moved = list((tmp_path / "kept").glob("collector-*"))
    assert [path.name for path in moved] == [first.name] * left


def test_pruning_deletes_old_recordings_and_nothing_else(tmp_path: Path) -> None:
    for days, name in [(40, "collector-old.warc.gz"), (1, "collector-new.warc.gz")]:
        (tmp_path / name).write_bytes(b"")
        written = (AT - timedelta(days=days)).timestamp()
        os.utime(tmp_path / name, (written, written))
    for name in ("notes.txt", "other.warc.gz"):
        (tmp_path / name).write_text("keep me")
        os.utime(tmp_path / name, (0, 0))
    pruning = partial(prune, older_than=AT - timedelta(days=30), kept=nothing)
    assert pruning(tmp_path).files == 1
    assert names(tmp_path) == ["collector-new.warc.gz", "notes.txt", "other.warc.gz"]
    assert pruning(tmp_path / "absent").files == 0
