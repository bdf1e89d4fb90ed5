"""How does a test begin the collector's commands without importing the collector for each?

A process of its own has imported every command, and is forked for each that a test asks for: what
takes a second of processor time to begin otherwise takes some milliseconds. The fork has its own
environment, folder, output and signals; it ends as `python -m collector` ends, and can be killed.

    pytest ── words, environment, folder, output ──► this module ── fork ──► collector.cli.main()
           ◄── number of the process, then how it ended ──┘

That a Python of its own can begin each command is tested where `Station` is told `afresh=True`, by
tests/e2e/test_decoder.py and by tests/daemon/test_start_faults.py.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import FrameType
from typing import IO

_ROOT = Path(__file__).resolve().parents[2]
_TOLD = struct.Struct("i")
_LONGEST = 200_000
_BESIDE = (
    "collector.backfill.globe_history",
    "collector.backfill.run",
    "collector.daemon.start",
    "collector.services",
    "collector.web.server",
)
"""What commands import only once they need it, besides the commands themselves."""


class Forked:
    """A command in a process of its own, asked and told like a `subprocess.Popen`."""

    def __init__(
        self,
        words: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        stdout: IO[str] | int,
        stderr: IO[str] | int,
    ) -> None:
        self.args = words
        self.returncode: int | None = None
        self._told, told = os.pipe()
        asked = json.dumps([list(words), dict(env), str(cwd)]).encode()
        assert len(asked) < _LONGEST
        with Path(os.devnull).open("r+b", buffering=0) as nowhere:
            files = [nowhere.fileno(), _descriptor(stdout, nowhere), _descriptor(stderr, nowhere)]
            socket.send_fds(_server(), [asked], [*files, told])
        os.close(told)
        self.pid = self._next()

    def poll(self) -> int | None:
        """Return how it ended as `subprocess` does, None while it runs."""
        if self.returncode is None and select.select([self._told], [], [], 0)[0]:
            self.returncode = self._next()
            os.close(self._told)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return how it ended, or raise subprocess.TimeoutExpired after so many seconds."""
        if self.returncode is None and not select.select([self._told], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
        ended = self.poll()
        assert ended is not None
        return ended

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _next(self) -> int:
        told = os.read(self._told, _TOLD.size)
        assert told, "the process that forks ended"
        number: int = _TOLD.unpack(told)[0]
        return number


def _descriptor(file: IO[str] | int, nowhere: IO[bytes]) -> int:
    if file == subprocess.DEVNULL:
        return nowhere.fileno()
    return file if isinstance(file, int) else file.fileno()


@cache
def _server() -> socket.socket:
    """The process that forks, begun by the first test of this process that needs it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-m", "tests.support.forked", str(theirs.fileno())]
    server = subprocess.Popen(command, cwd=_ROOT, pass_fds=[theirs.fileno()])
    theirs.close()

    def leave() -> None:
        ours.close()
        server.wait()

    atexit.register(leave)
    return ours


def serve(asking: socket.socket) -> list[str] | None:
    """Fork for each command asked for. Return its words in the fork, None once nobody asks."""
    running: dict[int, int] = {}

    def tell_ends(_number: int, _frame: FrameType | None) -> None:
        while running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            told = running.pop(pid)
            os.write(told, _TOLD.pack(os.waitstatus_to_exitcode(status)))
            os.close(told)

    signal.signal(signal.SIGCHLD, tell_ends)
    while True:
        asked, files, _, _ = socket.recv_fds(asking, _LONGEST, 4)
        if not asked:
            return None
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            asking.close()
            words, environ, folder = json.loads(asked)
            _become(environ, folder, files, running)
            return list(words)
        running[pid] = files.pop()
        os.write(running[pid], _TOLD.pack(pid))
        for each in files:
            os.close(each)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _become(
    environ: dict[str, str], folder: str, files: list[int], others: Mapping[int, int]
) -> None:
    """Take on what `subprocess` would have given a process of its own, and be like a service:
    without the terminal and the `nohup` under which the tests may run."""
    os.setsid()
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    for number, each in enumerate(files[:3]):
        os.dup2(each, number)
    for each in (*files, *others.values()):
        os.close(each)
    os.environ.clear()
    os.environ.update(environ)
    time.tzset()
    os.chdir(folder)


def _prepare() -> None:
    """Import what any command does, and leave it alone in every fork."""
    for command in importlib.import_module("collector.cli").COMMANDS:
        importlib.import_module(f"collector.cli.{command}")
    for name in _BESIDE:
        importlib.import_module(name)
    gc.freeze()


def main() -> None:
    """Serve the test that began this process, and run its commands in forks of it."""
    _prepare()
    words = serve(socket.socket(fileno=int(sys.argv[1])))
    if words is None:
        return
    collector = importlib.import_module("collector.__main__")
    sys.modules["__main__"] = collector  # what readers of a backfill begin with, in its processes
    sys.argv = [str(collector.__file__), *words]
    collector.main()


if __name__ == "__main__":
    main()
