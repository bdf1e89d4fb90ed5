"""How is a program of ours killed at a certain statement? In a process of its own, by SIGKILL.

Everything that it writes into a database passes through SQLite's trace, statement by statement.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from collector.cli import main
from collector.store import database

QUIET = "--log=error"


@dataclass
class Counter:
    """The statements of this process so far, and the one at which it is killed (0: at none)."""

    dies_at: int = 0
    seen: int = 0

    def look(self, _: str) -> None:
        """Count a statement that is about to run, or die before it."""
        self.seen += 1
        if self.seen == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def traced(counter: Counter) -> Iterator[None]:
    """Let every database that is opened in the block tell its statements."""
    connect = database._connect

    def tell(path: Path, *, read_only: bool) -> Any:
        opened = connect(path, read_only=read_only)
        opened.conn.set_trace_callback(counter.look)
        return opened

    with mock.patch.object(database, "_connect", tell):
        yield


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """Do `work` in a process that is killed at its statement of that number; return whether it was.

    It was not if it has fewer statements.
    """
    pid = os.fork()
    if pid == 0:
        with suppress(BaseException):
            _be_quiet()
            with traced(Counter(number)):
                work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def exit_code_of(work: Callable[[], object]) -> int:
    """Do `work` in a process of its own; return its exit code."""
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            _be_quiet()
            work()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:  # nothing of the parent's may go on in the child
            code = 70
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def command(config: Path, *words: str) -> Callable[[], object]:
    """Return a command of the collector as something that a process can do."""
    return lambda: main(["--config", str(config), QUIET, *words])


def _be_quiet() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
