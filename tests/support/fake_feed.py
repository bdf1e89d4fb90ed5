"""A feed that really listens on loopback, or on a unix socket, and fails on command.

    with FakeFeed() as feed:
        feed.on("/v2/point/*", Answer(v2_body(now, [row])), Answer(fault=Fault.RESET))
        ... ask feed.url ...
        assert feed.requests[0].headers["user-agent"].startswith("collector/")

A route's answers are given in order, the last one for ever. An answer with an `ETag` is given as
304 to whoever sends it back. Unknown paths are 404.
"""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import TCPServer, ThreadingMixIn, UnixStreamServer
from types import TracebackType
from typing import Any, Self

DRIP_EVERY_S = 0.02
CHUNK = 50


class Fault(StrEnum):
    """What goes wrong below HTTP."""

    HANG = "hang"
    """Takes the request and never answers, until the feed is closed."""
    RESET = "reset"
    """Breaks the connection with a TCP reset instead of an answer."""
    CLOSE = "close"
    """Closes the connection without an answer."""
    CUT = "cut"
    """Promises the whole body, sends half of it, closes."""
    DRIP = "drip"
    """Sends its headers, then a blank every 20 ms without end."""
    DRIP_HEADERS = "drip-headers"
    """Sends a header byte every 20 ms without end."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `compress` sends the body as gzip, `chunked` in chunks without a length."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: Fault | None = None
    compress: bool = False
    chunked: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived; header names are lower case, times are `time.monotonic`."""

    method: str
    path: str
    """With its query."""
    headers: Mapping[str, str]
    body: bytes
    at: float


Script = Answer | Callable[[Seen], Answer]


class _Tcp(ThreadingMixIn, TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    feed: FakeFeed

    def get_request(self) -> tuple[socket.socket, Any]:
        """Send headers and body at once: together with delayed acknowledgements they cost 40 ms."""
        request, address = super().get_request()
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return request, address

    def shutdown_request(self, request: Any) -> None:
        """Only close: a FIN before it would turn a reset into an orderly end."""
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what these tests are about."""


class _Unix(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True
    block_on_close = False
    feed: FakeFeed

    def handle_error(self, request: Any, client_address: Any) -> None:
        """As above."""


class FakeFeed:
    """The server. `url` is its address, `requests` what it was asked, in order."""

    def __init__(self, unix: Path | None = None) -> None:
        self.requests: list[Seen] = []
        self.most_in_flight = 0
        self._in_flight = 0
        self._routes: dict[str, list[Script]] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server: _Tcp | _Unix
        if unix is None:
            self._server = _Tcp(("127.0.0.1", 0), _Handler)
            self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        else:
            self._server = _Unix(str(unix), _Handler)
            self.url = f"unix:{unix}"
        self._server.feed = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    def on(self, path: str, *script: Script) -> None:
        """Answer `path` (without query; a final `*` matches any rest) from now on like this."""
        with self._lock:
            self._routes[path] = list(script)

    def close(self) -> None:
        """Stop listening and let hanging requests go."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def answer(self, seen: Seen) -> Answer:
        """The next answer to that request; the longest matching route wins."""
        path = seen.path.partition("?")[0]
        with self._lock:
            self.requests.append(seen)
            fitting = [
                route
                for route in self._routes
                if route == path or (route.endswith("*") and path.startswith(route[:-1]))
            ]
            if not fitting:
                return Answer(b"not found", 404)
            script = self._routes[max(fitting, key=len)]
            one = script.pop(0) if len(script) > 1 else script[0]
        given = one(seen) if callable(one) else one
        tag = given.headers.get("ETag")
        if tag is not None and seen.headers.get("if-none-match") == tag:
            return Answer(status=304, headers={"ETag": tag})
        return given

    def enter(self) -> None:
        """A request begins."""
        with self._lock:
            self._in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self._in_flight)

    def leave(self) -> None:
        """A request ends."""
        with self._lock:
            self._in_flight -= 1

    def closing(self, seconds: float) -> bool:
        """Wait; True once the feed is being closed."""
        return self._closing.wait(seconds)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Tcp | _Unix

    def do_GET(self) -> None:
        feed = self.server.feed
        length = int(self.headers.get("Content-Length", "0"))
        seen = Seen(
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
            at=time.monotonic(),
        )
        feed.enter()
        try:
            self._give(feed.answer(seen))
        except OSError:
            self.close_connection = True
        finally:
            feed.leave()

    def do_POST(self) -> None:
        self.do_GET()

    def _give(self, answer: Answer) -> None:
        if answer.fault is None:
            self._send(answer, answer.body)
            return
        self.close_connection = True
        feed = self.server.feed
        if answer.fault is Fault.HANG:
            feed.closing(60)
        elif answer.fault is Fault.RESET:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        elif answer.fault is Fault.CUT:
            self._send(answer, answer.body, sent=len(answer.body) // 2)
        elif answer.fault is Fault.DRIP:
            self._send(answer, answer.body + b" " * 1_000_000, sent=len(answer.body))
            self._drip()
        elif answer.fault is Fault.DRIP_HEADERS:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            self._drip()

    def _drip(self) -> None:
        while not self.server.feed.closing(DRIP_EVERY_S):
            self.wfile.write(b" ")

    def _send(self, answer: Answer, body: bytes, sent: int | None = None) -> None:
        if answer.compress:
            body = gzip.compress(body)
        self.send_response_only(answer.status)
        for name, value in ({"Date": self.date_time_string()} | dict(answer.headers)).items():
            self.send_header(name, value)
        if answer.compress:
            self.send_header("Content-Encoding", "gzip")
        if answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif answer.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if answer.chunked:
            for begin in range(0, len(body), CHUNK):
                piece = body[begin : begin + CHUNK]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        elif answer.status != 304:
            self.wfile.write(body[:sent])

    def address_string(self) -> str:
        """A unix socket's clients have no address."""
        return "test"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - inherited
        """Silent: what was asked stands in `requests`."""


def v2_body(now: datetime, rows: Sequence[Mapping[str, object]] = (), key: str = "ac") -> bytes:
    """A reply in the v2 family's envelope."""
    now_ms = int(now.timestamp() * 1000)
    envelope = {"msg": "No error", "now": now_ms, "total": len(rows), "ctime": now_ms, "ptime": 1}
    return json.dumps({key: list(rows)} | envelope).encode()


def aircraft_json(now: datetime, rows: Sequence[Mapping[str, object]] = ()) -> bytes:
    """A receiver's `aircraft.json`."""
    return json.dumps({"now": now.timestamp(), "messages": 1, "aircraft": list(rows)}).encode()


def states_body(now: datetime, rows: Sequence[Sequence[object]] = ()) -> bytes:
    """OpenSky's reply; its list is null where there is nobody."""
    return json.dumps({"time": int(now.timestamp()), "states": list(rows) or None}).encode()
