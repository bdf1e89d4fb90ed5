"""Which processes read an archive? This one, others on this machine, or a Dask cluster.

All three are a `concurrent.futures.Executor`. `Workers` adds how many tasks may be under way at
once, because results that are not yet stored wait in memory.
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

from collector.errors import BackfillError, os_words

P = ParamSpec("P")
T = TypeVar("T")
TaskT = TypeVar("TaskT")

UNITS_READ_AHEAD = 1
"""Tasks ahead of the writer, in addition to one for each worker."""

CONNECT_S = 20


@dataclass(frozen=True, slots=True)
class Workers:
    """An executor, and the number of tasks that it does at once."""

    executor: Executor
    count: int

    def map(
        self,
        work: Callable[[TaskT], T],
        tasks: Iterable[TaskT],
        rest: Callable[[TaskT, T], TaskT | None] = lambda *_: None,
    ) -> Iterator[tuple[TaskT, T]]:
        """Yield each task with its result, in order, with a bounded number of tasks under way.

        `rest` returns the part of a task that its result leaves undone, which comes next; None if
        the task is done. Raises BackfillError if a worker is lost.
        """
        ahead = self.count + UNITS_READ_AHEAD if self.count > 1 else 0
        waiting: deque[tuple[TaskT, Future[T]]] = deque()
        tasks = iter(tasks)
        try:
            while True:
                while len(waiting) <= ahead and (task := next(tasks, None)) is not None:
                    waiting.append((task, self.executor.submit(work, task)))
                if not waiting:
                    return
                task, future = waiting.popleft()
                result = future.result()
                left = rest(task, result)
                if left is not None:
                    waiting.appendleft((left, self.executor.submit(work, left)))
                yield task, result
        except BrokenProcessPool as error:
            raise BackfillError(
                "a reading process was killed, perhaps because memory ran out: run the command "
                "again with fewer --jobs; everything stored so far is kept"
            ) from error
        finally:
            for _, future in waiting:
                future.cancel()


class InProcess(Executor):
    """An executor that does each task at once, in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do the task, and return it finished."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def workers(jobs: int | None, dask: str | None) -> Iterator[Workers]:
    """Start `jobs` reading processes, or connect to the Dask cluster at the address `dask`.

    `jobs` None means one for each core, 1 means this process alone. Raises BackfillError if the
    cluster cannot be used.
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
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def _begin_worker() -> None:
    """Let a worker end with its parent, however that ends, and without output at ctrl-C."""
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
            "--dask needs the package `distributed`: install the collector's extra `dask` on this "
            "machine and on every worker"
        ) from error
    try:
        client = distributed.Client(address, timeout=CONNECT_S)
    except (OSError, ValueError) as error:
        raise BackfillError(
            f"no Dask scheduler answers at {address} ({os_words(error)}): start one, or name "
            "another address"
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_S)
        except TimeoutError as error:
            raise BackfillError(
                f"the Dask cluster at {address} has no workers: start some, then run this again"
            ) from error
        threads = sum(client.nthreads().values())
        executor = client.get_executor(pure=False)
        try:
            yield Workers(executor, max(2, threads))
        except ImportError as error:
            raise BackfillError(
                f"the workers at {address} cannot run the task ({error}): install this version of "
                "the collector on each of them"
            ) from error
        except (distributed.KilledWorker, CancelledError) as error:
            raise BackfillError(
                f"the Dask cluster at {address} lost a task ({error}): run the same command again; "
                "everything stored so far is kept"
            ) from error
        finally:
            executor.shutdown(wait=False)
