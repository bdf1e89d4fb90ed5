"""Does everything go on while nobody reads the log, and are the lines that were lost counted?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO, cast

import pytest

from collector.cli.context import Invocation
from collector.cli.unread_lines import UnreadLines
from tests.support.fake_feed import Answer, FakeFeed
from tests.support.sky import AREA, Sky
from tests.support.station import Station, end, wait_for


@pytest.fixture
def log(tmp_path: Path) -> Iterator[int]:
    """Make the daemon's log a pipe that takes no more, and return the end that could be read."""
    path = tmp_path / "daemon.log"
    os.mkfifo(path)
    reads = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    writes = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        while True:
            os.write(writes, b"\n" * 4096)
    yield reads
    os.close(reads)
    os.close(writes)


def read_until(log: int, ending: str) -> str:
    """Read the log until it holds these words."""
    text = ""

    def read() -> bool:
        nonlocal text
        with suppress(BlockingIOError):
            text += os.read(log, 1 << 16).decode()
        return ending in text

    wait_for(read, ending)
    return text


def test_lines_wait_and_those_without_room_are_counted(log: int, tmp_path: Path) -> None:
    with (tmp_path / "daemon.log").open("a") as file:
        lines = UnreadLines(file.fileno(), room=10)
        for number in range(50):
            lines.write(f"line {number}\n")
        text = read_until(log, "lines were lost")
        lines.write("after\n")
        lines.close()
        text += read_until(log, "after")
    kept = [line for line in text.splitlines() if line.startswith("line ")]
    assert kept == [f"line {number}" for number in range(len(kept))]
    assert f'event="log was not read, lines were lost" lines={50 - len(kept)}' in text


def test_a_pipe_that_is_full_and_set_not_to_wait_loses_no_line() -> None:
    reads, writes = os.pipe()
    os.set_blocking(writes, False)  # as a program may that shares a terminal or a pipe
    lines = UnreadLines(writes, room=100)
    for number in range(40):
        lines.write(f"line {number} {'x' * 4096}\n")
    lines.write("end\n")
    text = ""
    while not text.endswith("end\n"):
        text += os.read(reads, 1 << 16).decode()
    lines.close()
    os.close(reads)
    os.close(writes)
    assert text.count("line ") == 40


def test_lines_that_a_full_disk_did_not_take_are_counted() -> None:
    log_file = os.open("/dev/full", os.O_WRONLY)
    lines = UnreadLines(log_file)
    lines.write("one\n")
    lines.write("two\n")
    lines.close()
    reads, writes = os.pipe()
    os.dup2(writes, log_file)  # there is room again
    lines.write("three\n")
    lines.write("four\n")
    lines.close()
    three, told, four = os.read(reads, 1 << 16).decode().splitlines()
    assert [three, four] == ["three", "four"]
    assert told.endswith("lines=2")
    for each in (log_file, reads, writes):
        os.close(each)


def test_a_defect_is_told_without_waiting_for_a_reader(log: int, tmp_path: Path) -> None:
    with (tmp_path / "daemon.log").open("a") as file:
        lines = UnreadLines(file.fileno())
        Invocation(None, unread=cast("TextIO", lines)).tell_defect(ValueError("odd\x1b"))
        read_until(log, "ValueError: odd\\x1b\n")
        lines.close()


@pytest.mark.usefixtures("log")
def test_the_daemon_polls_and_ends_while_nobody_reads_its_log(tmp_path: Path) -> None:
    with FakeFeed() as feed:
        feed.on("/*", lambda _: Answer(Sky(()).body(datetime.now(UTC), AREA)))
        with Station(tmp_path, feed_url=feed.url).daemon() as process:
            wait_for(lambda: len(feed.requests) > 1, "polls")
            end(process)
