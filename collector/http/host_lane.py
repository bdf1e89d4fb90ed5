"""How does a host get only one request at a time? Each host has a lane with a lock.

The lane also remembers when the last request ended and which pace the host allows, and it breaks a
request that takes too long.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collector.http.fair_lock import FairLock
from collector.model.host_pace import HostPace


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

    lock: FairLock = field(default_factory=FairLock)
    pace: HostPace = field(default_factory=HostPace)
    ended_at: datetime | None = None
    """When the last request ended. Pauses count from then."""
    wire: socket.socket | None = None
    cut: bool = False
    """Whether the present request was cut off."""

    def pause_left(self, spacing: timedelta, now: datetime) -> timedelta:
        """Return how much of the pause after the last request is left; zero or less: none.

        The pause is the spacing, or the host's learned pause if that is longer.
        """
        if self.ended_at is None:
            return timedelta()
        pause = max(spacing, self.pace.pause)
        # After the clock was set back, the wait must not exceed the pause.
        return min(pause, pause - (now - self.ended_at))

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


class HostLanes:
    """The lanes of all hosts, by name and port or by the path of a socket. Thread-safe."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._lanes: dict[str, HostLane] = {}

    def lane(self, host: str) -> HostLane:
        """Return the lane of a host."""
        with self._guard:
            return self._lanes.setdefault(host, HostLane())

    def paces(self) -> dict[str, HostPace]:
        """Return the pace of every host, except those that never limited us."""
        with self._guard:
            paces = {host: lane.pace for host, lane in self._lanes.items()}
        return {host: pace for host, pace in paces.items() if pace != HostPace()}

    def resume(self, paces: Mapping[str, HostPace]) -> None:
        """Keep to the paces that an earlier run learned."""
        for host, pace in paces.items():
            self.lane(host).pace = pace

    def sever(self) -> None:
        """Break the connections of all hosts."""
        with self._guard:
            lanes = list(self._lanes.values())
        for lane in lanes:
            lane.sever()
