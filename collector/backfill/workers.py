"""Who reads: this process, others on this machine, or a Dask cluster? One interface for all.

Whatever it is, it is a `concurrent.futures.Executor`. How many units may be under way at once
comes with it: what was read and not yet stored waits in memory.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from collector.errors import BackfillError

P = ParamSpec("P")
T = TypeVar("T")
Given = TypeVar("Given")

SPARE = 1
"""Units read ahead of the writer, besides one for each worker."""

CONNECT_S = 20


@dataclass(frozen=True, slots=True)
class Workers:
    """An executor, and how many tasks it does at once."""

    executor: Executor
    count: int

    def map(
        self,
        work: Callable[[Given], T],
        tasks: Iterable[Given],
        rest: Callable[[Given, T], Given | None] = lambda *_: None,
    ) -> Iterator[tuple[Given, T]]:
        """Each task with its result, in order; never more under way than are needed.

        `rest` says what a result leaves to be done of its task: that comes next. Raises
        BackfillError if a worker is lost.
        """
        ahead = self.count + SPARE if self.count > 1 else 0
        waiting: deque[tuple[Given, Future[T]]] = deque()
        tasks = iter(tasks)
        try:
            while True:
                while len(waiting) <= ahead and (task := next(tasks, None)) is not None:
                    waiting.append((task, self.executor.submit(work, task)))
                if not waiting:
                    return
                given, future = waiting.popleft()
                result = future.result()
                left = rest(given, result)
                if left is not None:
                    waiting.appendleft((left, self.executor.submit(work, left)))
                yield given, result
        except BrokenProcessPool as error:
            raise BackfillError(
                "a reading process was killed, perhaps for want of memory: run the same command "
                "again, with fewer --jobs; what was stored stays"
            ) from error
        finally:
            for _, future in waiting:
                future.cancel()


class InProcess(Executor):
    """Does each task when it is given, in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The finished task."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def workers(jobs: int | None, dask: str | None) -> Iterator[Workers]:
    """`jobs` processes (None: one a core; 1: none but this), or the cluster at `dask`.

    Raises BackfillError if the cluster cannot be used.
    """
    if dask is not None:
        with _cluster(dask) as found:
            yield found
        return
    count = jobs or cores()
    if count == 1:
        yield Workers(InProcess(), 1)
        return
    # Spawned, not forked: a fork would share the database's open file and its locks.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin_worker)
    try:
        yield Workers(pool, count)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def _begin_worker() -> None:
    """A worker ends at once with its parent, however that ends, and without a word at ctrl-C."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(1))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _cluster(address: str) -> Iterator[Workers]:
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise BackfillError(
            "--dask needs the package distributed: install the collector's extra `dask`, here and "
            "on every worker"
        ) from error
    try:
        client = distributed.Client(address, timeout=CONNECT_S)
    except (OSError, ValueError) as error:
        raise BackfillError(
            f"no Dask scheduler answers at {address} ({error}): start one, or name another"
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_S)
        except TimeoutError as error:
            raise BackfillError(
                f"the Dask cluster at {address} has no workers: start some first"
            ) from error
        threads = sum(client.nthreads().values())
        executor = client.get_executor(pure=False)
        try:
            yield Workers(executor, max(2, threads))
        except ImportError as error:
            raise BackfillError(
                f"the workers at {address} cannot do it ({error}): install this version of the "
                "collector on each"
            ) from error
        except (distributed.KilledWorker, CancelledError) as error:
            raise BackfillError(
                f"the Dask cluster at {address} lost what it was reading ({error}): run the same "
                "command again; what was stored stays"
            ) from error
        finally:
            executor.shutdown(wait=False)
