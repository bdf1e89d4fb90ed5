"""Is a feed heard whose first address leads nowhere, as IPv6 does on many a server?"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest

from collector.clock import SystemClock
from collector.http import Http
from tests.support.fake_feed import Answer, FakeFeed

Place = tuple[str, int]


@contextmanager
def silent_place() -> Iterator[Place]:
    """An address of this machine that answers no attempt to connect: its queue is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            with suppress(BlockingIOError):
                each.connect(listener.getsockname())
        yield listener.getsockname()
        for each in waiting:
            each.close()


def test_a_host_is_heard_whose_first_address_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeFeed() as feed, silent_place() as silent:
        feed.on("/*", Answer(b"{}"))
        places = [silent, ("127.0.0.1", int(feed.url.rpartition(":")[2]))]

        def both(*_: Any, **__: Any) -> list[tuple[int, int, int, str, Place]]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]

        monkeypatch.setattr(socket, "getaddrinfo", both)
        http = Http(contact=None, clock=SystemClock(), version="1", timeout=timedelta(seconds=7.5))
        try:
            assert http.get("http://feed.example.org/").status == 200
        finally:
            http.close()
        assert len(feed.requests) == 1, "the first attempt succeeds"
