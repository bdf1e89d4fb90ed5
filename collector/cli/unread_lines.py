"""What if nobody takes the lines of the log? They wait apart, and what finds no room is counted.

A write to a pipe whose reader stands still, to a terminal that was paused or to a journal that
hangs does not fail, but lasts until somebody reads again. A thread that logs would wait as long,
and every other one that logs after it: nothing would be polled, nobody told, and SIGTERM would not
end the process.
"""

from __future__ import annotations

import io
import os
import queue
import select
import sys
import threading
from typing import TextIO, cast

LINES_KEPT = 1000
"""Lines that wait to be read. Events are written once a minute each, so these are hours."""
CLOSE_WAIT_S = 1.0
"""How long the last lines may take at the end, which SIGTERM must bring within five seconds."""


class UnreadLines(io.TextIOBase):
    """Text that a thread of its own writes to a file descriptor; writing to this never waits."""

    def __init__(self, descriptor: int, encoding: str = "utf-8", room: int = LINES_KEPT) -> None:
        self._descriptor, self._encoding = descriptor, encoding
        self._lines: queue.Queue[str] = queue.Queue(room)
        self._lost = 0
        threading.Thread(target=self._pass_on, name="log", daemon=True).start()

    def write(self, text: str) -> int:
        """Let a line wait to be written, or count it as lost if there is no room."""
        try:
            self._lines.put_nowait(text)
        except queue.Full:
            self._lost += 1
        return len(text)

    def close(self) -> None:
        """Wait a moment until everything is written."""
        with self._lines.all_tasks_done:
            self._lines.all_tasks_done.wait_for(self._all_written, CLOSE_WAIT_S)

    def _all_written(self) -> bool:
        return not self._lines.unfinished_tasks

    def _pass_on(self) -> None:
        failed = told = 0
        while True:
            text = self._lines.get()
            if lost := self._lost + failed - told:
                text += f'level=warning event="log was not read, lines were lost" lines={lost}\n'
            try:
                self._write(text.encode(self._encoding, "backslashreplace"))
                told += lost
            except OSError:  # a full disk, a reader that is gone: there is no other log
                failed += 1
            self._lines.task_done()

    def _write(self, data: bytes) -> None:
        # Not to sys.stderr: a thread that waits in there would abort the interpreter at its end.
        while data:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:  # another program that has it open asked not to wait there
                select.select((), (self._descriptor,), ())


def unread_stderr() -> TextIO | None:
    """Return such a stream to stderr; None if there is none with a file descriptor."""
    try:
        return cast("TextIO", UnreadLines(sys.stderr.fileno(), sys.stderr.encoding))
    except (AttributeError, OSError, ValueError):
        return None
