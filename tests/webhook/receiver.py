"""A real receiver of webhooks on loopback, which fails on demand."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Taken:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the body."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Receiver:
    """What came, and how it is answered: the list is used up from the front, then 204."""

    taken: list[Taken] = field(default_factory=list)
    answers: list[int | str] = field(default_factory=list)
    """A status; `reset` takes the request and breaks the connection; `hang` never answers."""
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def documents(self) -> list[dict[str, Any]]:
        """The JSON of everything that came."""
        return [each.document for each in self.taken]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Serve on loopback."""
    here = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            here.taken.append(Taken(self.path, headers, self.rfile.read(length)))
            answer = here.answers.pop(0) if here.answers else 204
            if answer == "hang":
                here.over.wait(20)
            if isinstance(answer, str):
                linger = struct.pack("ii", 1, 0)  # close with RST
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(answer)
            self.send_header("Location", f"http://127.0.0.1:{here.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def finish(self) -> None:
            if not self.wfile.closed and self.connection.fileno() >= 0:
                super().finish()

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def shutdown_request(self, request: Any) -> None:
            if request.fileno() >= 0:
                super().shutdown_request(request)

    with Server(("127.0.0.1", 0), Handler) as server:
        here.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield here
        finally:
            here.over.set()
            server.shutdown()
            thread.join()
