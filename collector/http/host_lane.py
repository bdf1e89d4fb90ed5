"""How does a host get only one request at a time? Each host has a lane with a lock.

The lane also remembers when the last request ended, and breaks a request that takes too long.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta


def probe_socket(path: str, seconds: float) -> None:
    """Connect to a unix socket and close it. Raises OSError if no program listens there.

    httpcore 1.0 leaks its socket when such a connection fails, so the failure must come earlier.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(seconds)
        probe.connect(path)


@dataclass(slots=True)
class HostLane:
    """The lane of one host. The holder of `lock` has the only request in flight."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    ended_at: datetime | None = None
    """When the last request ended. Pauses count from then."""
    wire: socket.socket | None = None
    cut: bool = False
    """Whether the present request was cut off."""

    def pause_left(self, spacing: timedelta, now: datetime) -> timedelta:
        """Return how much of the pause after the last request is left; zero or less: none."""
        if self.ended_at is None:
            return timedelta()
        # After the clock was set back, the pause must not exceed the spacing.
        return min(spacing, spacing - (now - self.ended_at))

    def sever(self) -> None:
        """Break the connection, so that the thread reading from it gets an error."""
        self.cut = True
        if self.wire is not None:
            with suppress(OSError):
                # SSLSocket.shutdown would race with the thread that is reading.
                socket.socket.shutdown(self.wire, socket.SHUT_RDWR)

    def watch(self, event: str, info: Mapping[str, object]) -> None:
        """Remember the socket, however it was opened. A hook for httpcore's `trace`."""
        if event.endswith(("_tcp.complete", "_socket.complete", "_tls.complete")):
            extra = getattr(info.get("return_value"), "get_extra_info", lambda _: None)
            self.wire = extra("socket")
            if self.cut:
                self.sever()

    @contextmanager
    def alarm(self, seconds: float) -> Iterator[None]:
        """Cut the request off after this real time: slow single bytes cause no read time-out."""
        self.cut = False
        timer = threading.Timer(seconds, self.sever)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
