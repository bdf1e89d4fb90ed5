"""Does the next request go out, and every failure become a FeedError, whatever a header holds?"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.errors import FeedError
from collector.http import Http
from collector.http.download import download
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, FakeFeed

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

ODD = {
    "0xff": b"\xff",
    "utf-8": "22 Août 2026".encode(),
    "latin-1": b'"\xe9t\xe9"',
    "control": b'"a\x01b"',
    "delete": b'"a\x7fb"',
    "escape": b"\x1b[2J",
    "tab": b'"a\tb"',
    "long": b'"' + b"x" * 20_000 + b'"',
    "surrogate": b"\xed\xa0\x80",
    "far": b"Fri, 31 Dec 9999 23:59:59 -2359",
    "digits": b"9" * 5_000,
    "url": b"http://\xff\x01:99999999/[",
    "idna": "http://xn--\xff.☃/".encode(),
}
UNSENDABLE = {key: value for key, value in ODD.items() if key != "far"}


@contextmanager
def odd_server(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Answer the first request with these bytes and every later one with a plain 200."""
    seen: list[bytes] = []
    answers = iter([answer])

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(5)
                request = b""
                while b"\r\n\r\n" not in request and (piece := caller.recv(65536)):
                    request += piece
                seen.append(request)
                plain = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
                caller.sendall(next(answers, plain))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", seen
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.fixture
def http() -> Iterator[Http]:
    client = Http(contact=None, clock=ManualClock(NOW), version="1", timeout=timedelta(seconds=5))
    yield client
    client.close()


@pytest.mark.parametrize("value", UNSENDABLE.values(), ids=UNSENDABLE)
@pytest.mark.parametrize("name", ["ETag", "Last-Modified"])
def test_a_validator_that_cannot_be_sent_is_not_remembered(
    http: Http, name: str, value: bytes
) -> None:
    first = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n%s: %s\r\n\r\n{}"
    with odd_server(first % (name.encode(), value)) as (url, seen):
        assert http.get(url, conditional=True).status == 200
        assert http.get(url, conditional=True).status == 200
        assert len(seen) == 2
        assert b"if-none-match" not in seen[1].lower()
        assert b"if-modified-since" not in seen[1].lower()


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
@pytest.mark.parametrize(
    ("status", "name"),
    [
        (200, "Date"),
        (429, "Retry-After"),
        (503, "Retry-After"),
        (403, "X-Rate-Limit-Retry-After-Seconds"),
        (302, "Location"),
        (301, "Location"),
        (200, "Set-Cookie"),
        (200, "Content-Encoding"),
        (200, "Content-Type"),
        (404, "Content-Length"),
    ],
)
def test_an_odd_header_is_a_reply_or_a_feed_error(
    http: Http, status: int, name: str, value: bytes
) -> None:
    head = b"HTTP/1.1 %d Odd \xff\r\nConnection: close\r\n%s: %s\r\n\r\n{}"
    with odd_server(head % (status, name.encode(), value)) as (url, _):
        with suppress(FeedError):
            http.get(url, conditional=True)
        assert http.get(url, conditional=True).status == 200


def test_a_validator_that_the_server_refuses_is_sent_once(http: Http) -> None:
    with FakeFeed() as server:
        server.on("/*", Answer(b"{}", headers={"ETag": '"a"'}), Answer(b"", 400), Answer(b"{}"))
        http.get(server.url, conditional=True)
        with pytest.raises(FeedError):
            http.get(server.url, conditional=True)
        http.get(server.url, conditional=True)
        sent = [seen.headers.get("if-none-match") for seen in server.requests]
        assert sent == [None, '"a"', None]


def test_a_download_does_not_resume_by_a_validator_that_cannot_be_sent(
    http: Http, tmp_path: Path
) -> None:
    head = (
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\nLast-Modified: \xff\r\n\r\n"
    )
    with odd_server(head + b"{") as (url, seen):
        assert download(http, url, tmp_path / "file").size_bytes == 2
        assert b"if-range" not in seen[-1].lower()
