"""Who serves the status page: a thread of the daemon, or `collector serve` alone?"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from collector.clock import SystemClock
from collector.errors import CollectorError
from collector.settings import Settings

log = structlog.get_logger(__name__)


@contextmanager
def page_beside(settings: Settings) -> Iterator[None]:
    """Serve the page from a thread meanwhile, if it is wanted.

    Counting goes on without a page: an address that is taken is logged, not raised.
    """
    if not settings.web.enabled:
        yield
        return
    stop = threading.Event()

    def work() -> None:
        try:
            _serve(settings, settings.web.host, settings.web.port, stop)
        except CollectorError as error:
            log.error("no status page", error=str(error))

    thread = threading.Thread(target=work, name="status page", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=2)


def serve_until_stopped(settings: Settings, host: str, port: int) -> None:
    """Serve the page until SIGTERM or SIGINT. Raises CollectorError if it cannot listen."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    _serve(settings, host, port, stop)


def _serve(settings: Settings, host: str, port: int, stop: threading.Event) -> None:
    from collector.web import create_app, serve

    def ready(taken: int) -> None:
        log.info("status page", url=f"http://{host}:{taken}/")

    app = create_app(settings.database, settings, SystemClock(), host=host)
    serve(app, host, port, stop, ready=ready)
