"""What may readers of the page take from the daemon? Few connections, for a short time.

The page runs in the daemon's process, so whatever a client could use up without bound (file
descriptors, memory, threads, lines of the log) the poller would lack. Each connection therefore
serves one request and ends after a fixed time, whatever the client does; when all places are
taken, the connection that has waited longest for its client is closed for the next one; and when
the process has no descriptors left, the page pauses and the rest of the daemon goes on.
"""

from __future__ import annotations

import asyncio
import re
import resource
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

log = structlog.get_logger(__name__)

_END_OF_HEAD = re.compile(rb"\n\r?\n")
_ROOM_CHECK_S = 0.05


def _share_of_descriptors() -> int:
    """Return an eighth of the files that this process may open, but 64 at most, as of 1,024.

    The database, the feeds, mails and the pages being made need the others.
    """
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return 64 if files == resource.RLIM_INFINITY else max(2, min(64, files // 8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of the daemon's process the page may use at most."""

    connections: int = field(default_factory=_share_of_descriptors)
    """Connections held at once. A browser opens six."""
    pages_at_once: int = 4
    """Pages made at once, each in a thread; the unit's TasksMax is shared with every job."""
    request_within_s: float = 10
    """A client has this long to send its request line and headers."""
    whole_within_s: float = 60
    """A connection ends after this time, even if its client still reads the answer."""
    head_bytes: int = 16 * 1024
    """Largest request line and headers; larger ones are answered with 400."""
    received_bytes: int = 64 * 1024
    """Most bytes of a client; no page reads a body, so a client that sends more is cut off."""
    grace_s: float = 2
    """How long answers under way may take once the page stops; SIGTERM allows 5 s in all."""
    accept_pause_s: float = 1
    """Pause after the system refused a connection, as there are no descriptors left."""


class ClientConnection(H11Protocol):
    """One connection, which serves one request; nothing that follows its headers is read."""

    def __init__(self, config: uvicorn.Config, state: ServerState, limits: Limits) -> None:
        super().__init__(config, state, {})
        self._limits = limits
        self._head = bytearray()
        self._received_bytes = 0
        self._timers: list[asyncio.TimerHandle] = []
        self.began_s = self.loop.time()
        self.asked = False
        """Whether the client has sent its request."""

    @property
    def waits_for_client(self) -> bool:
        """Whether the client is to send its request, or to read the rest of the answer."""
        # Without a cycle, uvicorn has answered 400 by itself.
        return not self.asked or getattr(self.cycle, "response_complete", True)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._timers = [
            self.loop.call_later(self._limits.request_within_s, self._end_unless_asked),
            self.loop.call_later(self._limits.whole_within_s, transport.abort),
        ]

    def data_received(self, data: bytes) -> None:
        """Pass the request on once its headers are complete, or longer than they may be."""
        self._received_bytes += len(data)
        if self._received_bytes > self._limits.received_bytes:
            self.transport.abort()
        if self.asked or self.transport.is_closing():
            return
        searched = max(0, len(self._head) - 2)
        self._head += data
        end = _END_OF_HEAD.search(self._head, searched)
        if end is not None or len(self._head) > self._limits.head_bytes:
            self.asked = True
            super().data_received(bytes(self._head[: end.end() if end else None]))

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in self._timers:
            timer.cancel()
        super().connection_lost(exc)

    def _end_unless_asked(self) -> None:
        if not self.asked:
            self.transport.abort()


class PagesAtOnce:
    """An ASGI wrapper that makes few pages at once, and none for a client that has left."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._places = asyncio.Semaphore(limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._places:
            if not await Request(scope, receive).is_disconnected():
                await self._app(scope, receive, send)


async def accept_clients(
    listener: socket.socket,
    state: ServerState,
    build: Callable[[], ClientConnection],
    limits: Limits,
) -> None:
    """Accept connections until cancelled; at most one more than `limits.connections` is open.

    An error of the system (no descriptors left, no memory) is logged, and the next attempt comes
    after a pause: asyncio's own server would log it up to as often as its backlog is long.
    """
    loop = asyncio.get_running_loop()
    while True:
        try:
            client, _ = await loop.sock_accept(listener)
        except OSError as error:
            log.warning("status page cannot accept connections", error=error.strerror)
            await asyncio.sleep(limits.accept_pause_s)
            continue
        try:
            await _make_room(state, limits)
            await loop.connect_accepted_socket(build, client)
        except OSError:  # this client has gone already
            client.close()
        except BaseException:
            client.close()
            raise


async def _make_room(state: ServerState, limits: Limits) -> None:
    """Wait until a place is free; end the connection that has waited longest for its client."""
    while len(state.connections) >= limits.connections:
        waiting = [
            connection
            for connection in state.connections
            if isinstance(connection, ClientConnection) and connection.waits_for_client
        ]
        if not waiting:
            await asyncio.sleep(_ROOM_CHECK_S)
            continue
        log.warning("status page full: closed the connection that waited longest")
        min(waiting, key=lambda connection: connection.began_s).transport.abort()
        await asyncio.sleep(0)  # the loop takes it off the list
