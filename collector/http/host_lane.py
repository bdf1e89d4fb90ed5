"""How does one host get one request at a time, a pause after each, and an end to each?"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime


def knock(path: str, seconds: float) -> None:
    """Try whether anybody listens on a unix socket; raises OSError if not.

    httpcore 1.0 leaks its socket when such a connection fails, so a failure must come earlier.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(seconds)
        probe.connect(path)


@dataclass(slots=True)
class Lane:
    """One host. Whoever holds `lock` has the only request in flight."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    ended_at: datetime | None = None
    """When the last request ended; pauses count from there."""
    wire: socket.socket | None = None
    cut: bool = False
    """Whether the present request was severed."""

    def sever(self) -> None:
        """Break the connection, so that whoever reads from it wakes up with an error."""
        self.cut = True
        if self.wire is not None:
            with suppress(OSError):
                # Not SSLSocket.shutdown: that would race with the thread that is reading.
                socket.socket.shutdown(self.wire, socket.SHUT_RDWR)

    def watch(self, event: str, info: Mapping[str, object]) -> None:
        """A hook for httpcore's `trace`: remember the socket, however it was opened."""
        if event.endswith(("_tcp.complete", "_socket.complete", "_tls.complete")):
            extra = getattr(info.get("return_value"), "get_extra_info", lambda _: None)
            self.wire = extra("socket")
            if self.cut:
                self.sever()

    @contextmanager
    def alarm(self, seconds: float) -> Iterator[None]:
        """Sever after so long (real time): a drip of single bytes trips no read time-out."""
        self.cut = False
        timer = threading.Timer(seconds, self.sever)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
