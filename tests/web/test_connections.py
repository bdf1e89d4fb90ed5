"""Can clients of the page use up what the daemon needs? They misbehave on real sockets."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import threading
import time
from collections.abc import Iterable, Iterator

import httpx
import pytest
from starlette.responses import Response
from starlette.routing import request_response
from starlette.types import ASGIApp
from structlog.testing import capture_logs

from collector.web import serve
from collector.web.connections import Limits
from tests.support.station import wait_for
from tests.web.browser import Site

OK = Response("ok")
HUGE = Response(b"x" * 20_000_000)
"""More than the buffers of two sockets hold."""


class Server:
    """The server on loopback, around any application."""

    def __init__(self, app: ASGIApp, **limits: float) -> None:
        self.stop = threading.Event()
        up = threading.Event()

        def ready(port: int) -> None:
            self.port = port
            up.set()

        self.thread = threading.Thread(
            target=serve,
            args=(app, "127.0.0.1", 0, self.stop),
            kwargs={"ready": ready, "limits": Limits(**limits)},  # type: ignore[arg-type]
        )
        self.thread.start()
        assert up.wait(20)

    def client(self, sent: bytes = b"") -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        client.sendall(sent)
        return client

    def status(self) -> int:
        return httpx.get(f"http://127.0.0.1:{self.port}/", trust_env=False).status_code


@contextlib.contextmanager
def serving(app: ASGIApp, **limits: float) -> Iterator[Server]:
    server = Server(app, **limits)
    try:
        yield server
    finally:
        server.stop.set()
        server.thread.join(20)
        assert not server.thread.is_alive()


@pytest.mark.parametrize(("files", "connections"), [(32, 4), (1024, 64), (-1, 64)])
def test_the_page_takes_no_more_than_its_share_of_few_descriptors(
    monkeypatch: pytest.MonkeyPatch, files: int, connections: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    assert Limits().connections == connections


def send_all(client: socket.socket, parts: Iterable[bytes], every_s: float = 0) -> None:
    for part in parts:
        client.sendall(part)
        time.sleep(every_s)


def read(client: socket.socket) -> bytes:
    """Everything until the server ends the connection."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while part := client.recv(65536):
            received += part
    return received


def ended(client: socket.socket) -> bool:
    """Whether the server has ended the connection."""
    client.setblocking(False)
    try:
        return client.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    """A server that answers every request alike."""
    with serving(OK) as server:
        yield server


BAD_BODY = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nzz\r\n"
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize("sent", [b"", REQUEST[:-2]], ids=["silent", "half a request"])
def test_clients_that_send_nothing_keep_nobody_out(site: Site, sent: bytes) -> None:
    with contextlib.ExitStack() as held:
        address = ("127.0.0.1", site.port)
        clients = [
            held.enter_context(socket.create_connection(address, timeout=10)) for _ in range(200)
        ]
        for client in clients:
            with contextlib.suppress(ConnectionError):
                client.sendall(sent)
        begun = time.monotonic()
        assert site.get("/status.json").status_code == 200
        assert time.monotonic() - begun < 9
        wait_for(lambda: sum(not ended(client) for client in clients) <= 64, "the limit")
        assert sum(not ended(client) for client in clients) >= 60, "closed without need"


@pytest.mark.parametrize("limit", ["request_within_s", "whole_within_s"])
def test_a_client_that_drips_its_headers_is_cut_off(limit: str) -> None:
    with serving(OK, **{limit: 0.2}) as server, server.client(b"GET / HTTP/1.1\r\n") as client:
        with pytest.raises(ConnectionError):
            send_all(client, [b"X"] * 200, every_s=0.02)
        assert server.status() == 200


def test_a_client_that_does_not_read_is_cut_off() -> None:
    with serving(HUGE, whole_within_s=0.3) as server, server.client(REQUEST) as client:
        time.sleep(0.5)
        assert 0 < len(read(client)) < 20_000_000


def test_clients_that_do_not_read_make_room_for_one_who_does() -> None:
    with serving(HUGE, connections=3) as server, contextlib.ExitStack() as held:
        for _ in range(6):
            held.enter_context(server.client(REQUEST))
        assert server.status() == 200


@pytest.mark.parametrize(
    ("sent", "begins", "answers"),
    [
        (REQUEST + b"\x00\xff garbage\r\n\r\n" * 9, b"HTTP/1.1 200", 1),
        (REQUEST * 50, b"HTTP/1.1 200", 1),
        (b"GET / HTTP/1.0\r\n\r\n", b"HTTP/1.1 200", 1),
        (b"GET / HTTP/1.0\n\n", b"HTTP/1.1 200", 1),
        (BAD_BODY, b"HTTP/1.1 200", 1),
        (b"\x16\x03\x01\x02\x00\x01\x00\n\n", b"HTTP/1.1 400", 1),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 20_000, b"HTTP/1.1 400", 1),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 200_000, b"", 0),
        (REQUEST[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", b"HTTP/1.1 200", 1),
    ],
    ids=[
        *("garbage after it", "pipelined", "HTTP/1.0", "bare line feeds", "bad body"),
        *("TLS", "large headers", "endless headers", "web socket"),
    ],
)
def test_each_connection_gets_one_answer_and_ends(
    plain: Server, sent: bytes, begins: bytes, answers: int
) -> None:
    with plain.client() as client:
        with contextlib.suppress(ConnectionError):
            client.sendall(sent)
        received = read(client)
        # What a server closes before it has read everything is reset, also at the client.
        if answers and received:
            assert received.startswith(begins)
            assert received.count(b"HTTP/1.1 ") == answers
            assert b"connection: close\r\n" in received.lower()
        if len(sent) < 10_000:
            assert received
    assert plain.status() == 200


@pytest.fixture
def slow_page() -> Iterator[tuple[Server, threading.Event]]:
    """A server whose page takes until the event is set."""
    go = threading.Event()

    def page(_request: object) -> Response:
        go.wait(10)
        return OK

    with serving(request_response(page)) as server:
        yield server, go
        go.set()


def test_a_body_without_end_is_cut_off(slow_page: tuple[Server, threading.Event]) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n"
    with slow_page[0].client() as client, pytest.raises(ConnectionError):
        send_all(client, [head, *([b"x" * 65536] * 1000)])


def test_what_comes_while_the_page_is_made_is_not_read(
    slow_page: tuple[Server, threading.Event],
) -> None:
    server, go = slow_page
    with server.client(REQUEST) as client:
        send_all(client, [b"\x00 garbage\r\n\r\n", REQUEST, REQUEST], every_s=0.02)
        go.set()
        received = read(client)
    assert received.startswith(b"HTTP/1.1 200")
    assert received.count(b"HTTP/1.1 ") == 1


def test_clients_that_leave_have_no_pages_made() -> None:
    """One page is made at a time here; those who left while they waited are passed over."""
    made = 0
    go = threading.Event()

    def page(_request: object) -> Response:
        nonlocal made
        made += 1
        go.wait(10)
        return OK

    with serving(request_response(page), pages_at_once=1) as server:
        with server.client(REQUEST):
            wait_for(lambda: made == 1, "the first page")
            for _ in range(20):
                server.client(REQUEST).close()
            with server.client(REQUEST) as patient:
                time.sleep(0.1)
                go.set()
                assert read(patient).startswith(b"HTTP/1.1 200")
        assert made <= 3


def test_no_descriptors_left_makes_the_page_pause_and_not_spin() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with serving(OK, accept_pause_s=0.1) as server, socket.socket() as client:
        client.settimeout(10)
        assert server.status() == 200  # its event loop has what it needs
        lowest_free = os.dup(0)
        os.close(lowest_free)
        with capture_logs() as logged:
            resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
            try:
                client.connect(("127.0.0.1", server.port))
                client.sendall(REQUEST)
                wait_for(lambda: len(logged) >= 2, "the second attempt")
                time.sleep(0.2)
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            assert read(client).startswith(b"HTTP/1.1 200"), "it waits until there are some again"
    assert 2 <= len(logged) <= 10
    assert {entry["event"] for entry in logged} == {"status page cannot accept connections"}
    assert {entry["error"] for entry in logged} == {"Too many open files"}


def test_it_stops_at_once_whatever_clients_do() -> None:
    server = Server(HUGE, grace_s=0.1)
    with server.client(), server.client(REQUEST[:9]), server.client(REQUEST) as reader:
        reader.recv(100)
        server.stop.set()
        begun = time.monotonic()
        server.thread.join(20)
        assert not server.thread.is_alive()
        assert time.monotonic() - begun < 9
