"""How does a signal end what waits? It is answered in a thread of its own."""

from __future__ import annotations

import _thread
import signal
from collections.abc import Callable
from types import FrameType


def when_asked_to_end(stop: Callable[[signal.Signals], None]) -> None:
    """Call `stop` with the signal, in a thread of its own, whenever SIGTERM or SIGINT arrives.

    What is waited for may not be set by the handler itself: it interrupts the main thread, which
    may hold the lock that `threading.Event.set()` takes, and then waits for itself for ever. The
    handler takes no lock; nor does `_thread.start_new_thread`, as `threading.Thread` would.
    """

    def answer(number: int, _frame: FrameType | None) -> None:
        _thread.start_new_thread(stop, (signal.Signals(number),))

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, answer)
