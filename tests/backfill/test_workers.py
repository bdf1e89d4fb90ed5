"""Do the same tasks come back in order from this process, from others, and from a Dask cluster?"""

from __future__ import annotations

import importlib
import importlib.util
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from collector.backfill.workers import InProcess, Workers, workers
from collector.errors import BackfillError
from tests.support.dump import dump
from tests.support.past import archive
from tests.support.station import DEADLINE_S, ROOT, Station

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="the extra `dask` (package distributed) is not installed",
)


def test_results_come_in_order_and_never_far_ahead() -> None:
    begun: list[int] = []

    def work(task: int) -> int:
        begun.append(task)
        return task * task

    results = Workers(InProcess(), 3).map(work, range(100))
    assert next(results) == (0, 0)
    assert len(begun) == 5, "one for each worker and one to spare, besides the one given"
    assert [result for _, result in results] == [task * task for task in range(1, 100)]


def test_in_one_process_nothing_is_read_ahead() -> None:
    begun: list[int] = []
    results = Workers(InProcess(), 1).map(begun.append, range(10))
    next(results)
    assert begun == [0]


def test_what_a_task_raises_is_raised_where_its_result_is_asked_for() -> None:
    def fail(task: int) -> int:
        raise ValueError(f"{task}")

    with pytest.raises(ValueError, match="0"):
        list(Workers(InProcess(), 1).map(fail, range(3)))


def test_processes_of_this_machine() -> None:
    with workers(2, None) as found:
        assert found.count == 2
        assert list(found.map(abs, (-1, -2, 3))) == [(-1, 1), (-2, 2), (3, 3)]


def test_one_job_needs_no_process() -> None:
    with workers(1, None) as found:
        assert isinstance(found.executor, InProcess)


@needs_dask
def test_a_cluster_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.backfill.workers.CONNECT_S", 1)
    with (
        pytest.raises(BackfillError, match=r"no Dask scheduler answers at tcp://127.0.0.1:9"),
        workers(None, "tcp://127.0.0.1:9"),
    ):
        pass


def test_without_the_extra_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(BackfillError, match="install the collector's extra `dask`"),
        workers(1, "x"),
    ):
        pass


@contextmanager
def cluster(folder: Path, size: int = 2) -> Iterator[str]:
    """A scheduler and workers on loopback, each a process; the scheduler's address."""
    log = folder / "scheduler.log"
    quiet = ["--no-dashboard", "--host", "127.0.0.1"]
    started = [_start("scheduler", [*quiet, "--port", "0"], log)]
    try:
        until = time.monotonic() + DEADLINE_S
        while (
            found := re.search(r"Scheduler at:\s*(tcp://127\.0\.0\.1:\d+)", log.read_text())
        ) is None:
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        address = found[1]
        for number in range(size):
            words = [address, *quiet, "--nthreads", "1", "--no-nanny"]
            words += ["--local-directory", str(folder / f"worker{number}")]
            started.append(_start("worker", words, folder / f"worker{number}.log"))
        yield address
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait()


def _start(what: str, words: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", *words],
            cwd=ROOT,
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def has_read() -> bool:
    """Whether the process it runs in has read traces."""
    return "collector.backfill.reader" in sys.modules


@needs_dask
def test_a_cluster_without_workers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.backfill.workers.CONNECT_S", 2)
    with (
        cluster(tmp_path, size=0) as address,
        pytest.raises(BackfillError, match="has no workers"),
        workers(None, address),
    ):
        pass


@needs_dask
def test_a_dask_cluster_reads_the_same(tmp_path: Path) -> None:
    past = tmp_path / "past"
    archive(past, (True, False, True), airliners=2)
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    Station(here).run("backfill", "traces", "--sample", "1", "--jobs", "1", past)
    with cluster(tmp_path) as address:
        Station(there).run("backfill", "traces", "--sample", "1", "--dask", address, past)
        distributed: Any = importlib.import_module("distributed")
        with distributed.Client(address, timeout=DEADLINE_S) as client:
            assert any(client.run(has_read).values()), "the workers read, not the command"
    assert dump(Station(there).database) == dump(Station(here).database)


def test_what_a_result_leaves_to_be_done_comes_next() -> None:
    def rest(given: int, result: int) -> int | None:
        return given - 1 if result and result % 10 else None

    found = Workers(InProcess(), 3).map(abs, (12, 30, 21), rest)
    assert [given for given, _ in found] == [12, 11, 10, 30, 21, 20]
