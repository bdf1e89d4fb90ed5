"""Does one bad record cost that record alone? Is what was packed again refused with its cure?"""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import shutil
import subprocess
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from collector.errors import RecordingError
from collector.recording import read
from tests.recording.replies import AT, by_public_host, replies_of, reply
from tests.support.reshape import record

LONG = b"X-Long: " + b"x" * 40_000_000 + b"\r\n"
MARK = b"WARC-Type: response\r\n"


def members(path: Path) -> list[bytes]:
    """The records of a recording, unpacked: the warcinfo and four replies."""
    data = path.read_bytes()
    starts = [at for at in range(len(data)) if data.startswith(b"\x1f\x8b\x08\x00", at)]
    pairs = zip(starts, [*starts[1:], len(data)], strict=True)
    return [gzip.decompress(data[begin:end]) for begin, end in pairs]


def long_line(plain: bytes) -> bytes:
    return plain.replace(MARK, MARK + LONG)


def long_http_line(plain: bytes) -> bytes:
    """A line too long in the header of the reply itself."""
    head, _, rest = plain.partition(b"HTTP/1.1 200 OK\r\n")
    http = b"HTTP/1.1 200 OK\r\n" + LONG + rest.rstrip()
    length = re.sub(rb"(?<=Content-Length: )\d+", b"%d" % len(http), head)
    return length + http + b"\r\n\r\n"


def dated(date: bytes) -> Callable[[bytes], bytes]:
    return lambda plain: plain.replace(f"{AT:%Y-%m-%d}".encode(), date)


def cut(plain: bytes) -> bytes:
    return plain[: len(plain) // 2]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(
    ("harm", "told_of"),
    [
        (long_line, "more than 65536 bytes"),
        (dated(b"9999-12-31"), "9999-12-31 is not between 2010 and now"),
        (dated(b"2150-01-01"), "2150-01-01 is not between 2010 and now"),
        (dated(b"0001-01-01"), "0001-01-01 is not between 2010 and now"),
        (cut, ""),
        (long_http_line, ""),
    ],
)
def test_one_bad_record_is_told_and_the_others_are_read(
    harm: Callable[[bytes], bytes], told_of: str, tmp_path: Path, *, packed: bool
) -> None:
    (path,) = record([reply(second) for second in range(4)], tmp_path)
    records = members(path)
    records[2] = harm(records[2])
    path.unlink()
    name = "made.warc.gz" if packed else "made.warc"
    whole = [gzip.compress(each, 1) if packed else each for each in records]
    (tmp_path / name).write_bytes(b"".join(whole))
    told: list[str] = []
    tracemalloc.start()
    found = replies_of([tmp_path], report=told.append, latest=AT + timedelta(days=1))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    seconds = [(each.received_at - AT).total_seconds() for each in found]
    # A plain record that is cut short runs into the next one.
    assert seconds == ([0, 3] if harm is cut and not packed else [0, 2, 3])
    assert peak < 20_000_000
    if told_of:
        (line,) = told
        assert "passed over" in line
        assert told_of in line


def test_a_changed_byte_in_the_middle_costs_one_packed_record(tmp_path: Path) -> None:
    (path,) = record([reply(second) for second in range(4)], tmp_path)
    data = bytearray(path.read_bytes())
    starts = [at for at in range(len(data)) if data.startswith(b"\x1f\x8b\x08\x00", at)]
    data[starts[2] + 40 : starts[2] + 60] = b"\0" * 20
    path.write_bytes(data)
    told: list[str] = []
    found = replies_of([tmp_path], report=told.append)
    assert [(each.received_at - AT).total_seconds() for each in found] == [0, 2, 3]
    assert told


def test_a_time_that_no_clock_can_hold_is_no_time(tmp_path: Path) -> None:
    (path,) = record([reply(0), reply(1)], tmp_path)
    records = members(path)
    records[1] = records[1].replace(
        f"{AT:%Y-%m-%dT%H:%M:%S.%f}Z".encode(), b"9999-12-31T23:59-23:00"
    )
    path.write_bytes(b"".join(map(gzip.compress, records)))
    assert [each.received_at for each in replies_of([path])] == [AT + timedelta(seconds=1)]


def packed_as(kind: str, source: Path, folder: Path) -> Path:
    """The recording as somebody packed it again."""
    path = folder / f"again.{kind}"
    plain = gzip.decompress(source.read_bytes())
    match kind:
        case "warc.gz":
            path.write_bytes(gzip.compress(plain))
        case "warc.xz":
            path.write_bytes(lzma.compress(plain))
        case "warc.bz2":
            path.write_bytes(bz2.compress(plain))
        case "zip":
            with zipfile.ZipFile(path, "w") as archive:
                archive.write(source, "a.warc.gz")
        case "tgz" | "tar":
            with tarfile.open(path, "w:gz" if kind == "tgz" else "w") as tar:
                tar.add(source, "a.warc.gz")
    return path


@pytest.mark.parametrize("kind", ["warc.gz", "warc.xz", "warc.bz2", "zip", "tgz", "tar"])
def test_what_was_packed_again_is_refused_with_the_command_that_cures_it(
    kind: str, tmp_path: Path
) -> None:
    (source,) = record([reply(second) for second in range(200)], tmp_path / "own")
    path = packed_as(kind, source, tmp_path)
    with pytest.raises(RecordingError, match="nothing of it was read") as refusal:
        read([path, source], recognise=by_public_host)
    command = str(refusal.value).partition("`")[2].partition("`")[0].split()
    told: list[str] = []
    if ".warc." not in path.name:  # in a folder it is told, and the recordings are read
        assert len(replies_of([tmp_path], report=told.append)) == 200
        assert [str(path) in line for line in told] == [True]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    subprocess.run(command, check=True, cwd=tmp_path, capture_output=True)
    path.unlink()
    shutil.rmtree(tmp_path / "own")
    assert len(replies_of([tmp_path])) == 200


def test_the_smallest_file_gzipped_as_a_whole_is_refused_too(tmp_path: Path) -> None:
    """warcio reads it in one block, and would take the second record for the rest of the first."""
    (source,) = record([reply(0), reply(1)], tmp_path / "own")
    path = packed_as("warc.gz", source, tmp_path)
    with pytest.raises(RecordingError, match="gunzip --keep"):
        read([path], recognise=by_public_host)


def test_times_are_bounded_only_where_the_present_is_known(tmp_path: Path) -> None:
    late = AT + timedelta(days=400)
    record([reply((late - AT).total_seconds())], tmp_path)
    assert [each.received_at for each in replies_of([tmp_path])] == [late]
    told: list[str] = []
    assert replies_of([tmp_path], report=told.append, latest=datetime.now(late.tzinfo)) == []
    assert len(told) == 1
