"""How do signals end what runs for months, or not? Each is answered in a thread of its own."""

from __future__ import annotations

import _thread
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import structlog

log = structlog.get_logger(__name__)


def when_asked_to_end(stop: Callable[[signal.Signals], None]) -> None:
    """Call `stop` with the signal, in a thread of its own, whenever SIGTERM or SIGINT arrives.

    So does SIGHUP where there is a terminal, which was closed then, unless `nohup` began us.

    What is waited for may not be set by the handler itself: it interrupts the main thread, which
    may hold the lock that `threading.Event.set()` takes, and then waits for itself for ever. The
    handler takes no lock; nor does `_thread.start_new_thread`, as `threading.Thread` would.
    """

    for number in (signal.SIGTERM, signal.SIGINT):
        _answer(number, stop)
    if _has_terminal():
        _answer(signal.SIGHUP, stop)


def say_how_to_reload(asked: signal.Signals) -> None:
    """Log that a restart is needed for new settings."""
    log.warning("settings are read at the start alone: restart to change them", signal=asked.name)


def when_told_to_reload(say: Callable[[signal.Signals], None] = say_how_to_reload) -> None:
    """Call `say` with SIGHUP, in a thread of its own, and go on, where there is no terminal.

    Many daemons read their configuration again then. It would end this process, and systemd takes
    that for an end on request, after which it neither starts it again nor tells anybody
    (systemd.service(5), `Restart=`).
    """
    if not _has_terminal():
        _answer(signal.SIGHUP, say)


def _answer(number: signal.Signals, by: Callable[[signal.Signals], None]) -> None:
    def answer(_number: int, _frame: FrameType | None) -> None:
        _thread.start_new_thread(by, (number,))

    if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
        signal.signal(number, answer)


def _has_terminal() -> bool:
    with suppress(OSError):
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC))
        return True
    return False
