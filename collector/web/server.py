"""How is the status page served, and how does it stop? By uvicorn, until an event is set.

What clients may use of the process is bounded in `connections`.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import structlog
import uvicorn
from starlette.types import ASGIApp

from collector.clock import Clock, SystemClock
from collector.errors import CollectorError, os_words
from collector.model.job import Jobs
from collector.settings import Settings
from collector.signals import when_asked_to_end, when_told_to_reload
from collector.web.address import address_of
from collector.web.connections import ClientConnection, Limits, PagesAtOnce, accept_clients

log = structlog.get_logger(__name__)

STOP_CHECK_S = 0.1
"""How often the server checks whether it has to stop."""
LIMITS = Limits()


def serve(
    app: ASGIApp,
    host: str,
    port: int,
    stop: threading.Event,
    *,
    ready: Callable[[int], None] | None = None,
    limits: Limits = LIMITS,
) -> None:
    """Serve until `stop` is set, in any thread, within `limits`.

    Port 0 takes any free port; `ready` is called with the port. Raises CollectorError if the
    address cannot be listened on.
    """
    listener = _listen(host, port)
    with listener:
        if ready is not None:
            ready(listener.getsockname()[1])
        asyncio.run(_until(app, listener, stop, limits))


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the daemon, which has more to stop than this server."""
        yield


async def _until(
    app: ASGIApp, listener: socket.socket, stop: threading.Event, limits: Limits
) -> None:
    config = uvicorn.Config(
        PagesAtOnce(app, limits.pages_at_once),
        http="h11",
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        headers=[("Connection", "close")],
        h11_max_incomplete_event_size=limits.head_bytes,
        timeout_graceful_shutdown=limits.grace_s,  # type: ignore[arg-type]  # a timeout
    )
    server = _Server(config)
    state = server.server_state
    serving = asyncio.create_task(server.serve(sockets=[]))
    accepting = asyncio.create_task(
        accept_clients(listener, state, lambda: ClientConnection(config, state, limits), limits)
    )
    while not (stop.is_set() or serving.done() or accepting.done()):
        await asyncio.sleep(STOP_CHECK_S)
    accepting.cancel()
    server.should_exit = True
    await serving
    for connection in list(state.connections):  # clients that do not read
        connection.transport.abort()
    with suppress(asyncio.CancelledError):
        await accepting


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
            listener.setblocking(False)
        except OSError:
            listener.close()
            raise
    except (OSError, UnicodeError) as error:  # an impossible name fails before it is looked up
        why = getattr(error, "strerror", None) or "no such address"
        raise CollectorError(
            f"the status page cannot listen on {host}, port {port}: {why}; "
            "choose another `web.host` or `web.port`, or stop the program that uses this one"
        ) from error
    return listener


@contextmanager
def page_beside(settings: Settings, jobs: Jobs) -> Iterator[None]:
    """Serve the page from a thread during the context, if `web.enabled` is set.

    The daemon counts on without a page, so an address in use is logged and not raised. `jobs` says
    how the jobs of this process do.
    """
    if not settings.web.enabled:
        yield
        return
    stop = threading.Event()

    def serve_or_log() -> None:
        try:
            _serve(settings, settings.web.host, settings.web.port, stop, jobs=jobs)
        except (CollectorError, OSError) as error:
            log.error("no status page", error=os_words(error))

    thread = threading.Thread(target=serve_or_log, name="status page", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=2)


def free_port(host: str, wanted: int) -> int:
    """Return the port `wanted` if nobody listens there, else any that is free; 0 wants any.

    Raises CollectorError if there is none.
    """
    try:
        listener = _listen(host, wanted)
    except CollectorError:
        listener = _listen(host, 0)
    with listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def page_meanwhile(settings: Settings, host: str, port: int, clock: Clock) -> Iterator[str]:
    """Serve the page from a thread during the context, and yield its address.

    The page shows the present of `clock`. Raises CollectorError if it cannot listen.
    """
    from collector.web.app import create_app

    stop = threading.Event()
    app = create_app(settings.database, settings, clock, host=host)
    with _listen(host, port) as listener:
        thread = threading.Thread(
            target=lambda: asyncio.run(_until(app, listener, stop, LIMITS)), daemon=True
        )
        thread.start()
        try:
            yield f"{address_of(host, listener.getsockname()[1])}/"
        finally:
            stop.set()
            thread.join(timeout=2)


def serve_until_stopped(settings: Settings, host: str, port: int) -> None:
    """Serve the page until SIGTERM or SIGINT, or until its terminal is closed.

    Raises CollectorError if it cannot listen.
    """
    stop = threading.Event()
    when_asked_to_end(lambda _: stop.set())
    when_told_to_reload()
    _serve(settings, host, port, stop)


def _serve(
    settings: Settings,
    host: str,
    port: int,
    stop: threading.Event,
    *,
    jobs: Jobs | None = None,
) -> None:
    from collector.web.app import create_app

    def ready(listening_on: int) -> None:
        log.info("status page", url=f"{address_of(host, listening_on)}/")

    app = create_app(settings.database, settings, SystemClock(), host=host, jobs=jobs)
    serve(app, host, port, stop, ready=ready)
