"""What if the same event is logged again and again? It is written once a minute, with a count.

A fault that repeats without end (a client that sends garbage, a disk that is full) must not fill
the disk with its own log, in which nobody would find anything else.
"""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TextIO

from collector.cli.unread_lines import UnreadLines

PERIOD_S = 60.0
"""How long an event that was written is only counted."""
MAX_REMEMBERED = 1000
"""Events that are remembered at once; an event beyond that may be written once more."""


@dataclass(slots=True)
class _Event:
    ends_s: float
    last: logging.LogRecord
    count: int = 0


class RateLimitedHandler(logging.StreamHandler[TextIO]):
    """Writes an event at once and counts its repetitions for a period.

    Repetitions are written as the last of them, with their number in the record's attribute
    `repeated`, along with the next line of any kind, or when the handler is closed.
    """

    def __init__(
        self, stream: TextIO, clock_s: Callable[[], float] = time.monotonic, *, period_s: float
    ) -> None:
        super().__init__(stream)
        self._clock_s = clock_s
        self._period_s = period_s
        self._events: dict[Hashable, _Event] = {}

    def emit(self, record: logging.LogRecord) -> None:
        now_s = self._clock_s()
        self._end_periods(now_s)
        event = self._events.get(_key(record))
        if event is not None:
            event.count += 1
            event.last = record
            return
        while len(self._events) >= MAX_REMEMBERED:
            self._write_count(self._events.pop(next(iter(self._events))))
        self._events[_key(record)] = _Event(now_s + self._period_s, record)
        super().emit(record)

    def close(self) -> None:
        """Write the counts that are left, and let go of a stream that is written apart."""
        self.acquire()
        try:
            self._end_periods(float("inf"))
            stream: object = self.stream
        finally:
            self.release()
        if isinstance(stream, UnreadLines):
            stream.close()
        super().close()

    def _end_periods(self, now_s: float) -> None:
        """Write the counts whose period is over; such an event stays counted for another one."""
        for key, event in list(self._events.items()):
            if event.ends_s > now_s:
                break  # they are in the order of their ends
            del self._events[key]
            if event.count:
                self._write_count(event)
                self._events[key] = _Event(now_s + self._period_s, event.last)

    def _write_count(self, event: _Event) -> None:
        if event.count:
            record = copy.copy(event.last)
            record.repeated = event.count
            super().emit(record)


def _key(record: logging.LogRecord) -> Hashable:
    """Return what makes two records the same event.

    Our own differ if any of their fields but the time does. A library's differ by the first line
    of their template, since the rest often quotes addresses and numbers.
    """
    if isinstance(record.msg, dict):
        fields = {name: str(value) for name, value in record.msg.items() if name != "at"}
        return tuple(sorted(fields.items()))
    return record.name, record.levelno, str(record.msg).partition("\n")[0]
