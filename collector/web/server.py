"""How is the status page served, and how does it stop at once when told to?"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from collector.errors import CollectorError

LOOK_EVERY_S = 0.1
"""How often the server looks whether it shall stop."""
PATIENCE_S = 2
"""How long answers under way may take after that: SIGTERM has 5 s in all."""
AT_ONCE = 32
"""Requests answered at the same time; a person and a few probes need less."""


def serve(
    app: ASGIApp,
    host: str,
    port: int,
    stop: threading.Event,
    *,
    ready: Callable[[int], None] | None = None,
) -> None:
    """Serve until `stop` is set; in any thread. Port 0 takes any; `ready` is told which.

    Raises CollectorError if the address cannot be listened on.
    """
    listener = _listen(host, port)
    with listener:
        if ready is not None:
            ready(listener.getsockname()[1])
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=AT_ONCE,
            timeout_graceful_shutdown=PATIENCE_S,
        )
        asyncio.run(_until(_Server(config), listener, stop))


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the daemon, which ends more than this."""
        yield


async def _until(server: _Server, listener: socket.socket, stop: threading.Event) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not stop.is_set() and not serving.done():
        await asyncio.sleep(LOOK_EVERY_S)
    server.should_exit = True
    await serving


def _listen(host: str, port: int) -> socket.socket:
    try:
        (family, kind, protocol, _, address), *_ = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
        except OSError:
            listener.close()
            raise
    except (OSError, UnicodeError) as error:  # names that are none fail before they are looked up
        why = getattr(error, "strerror", None) or "no such address"
        raise CollectorError(
            f"the status page cannot listen on {host}, port {port}: {why}: "
            "choose another `web.host` or `web.port`, or end what uses this one"
        ) from error
    return listener
