"""Is a receiver with a certificate of a private authority trusted, by its file and for it alone?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from ssl import SSLContext

import pytest

from collector.errors import ConfigError, Unreachable
from collector.http import Http, Trust
from collector.settings import check, load
from tests.support.clock import ManualClock
from tests.support.smtp import certificate


class Receiver(BaseHTTPRequestHandler):
    """Answers every request alike."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@contextmanager
def receiver(context: SSLContext) -> Iterator[str]:
    """A web server behind TLS on loopback; gives its address."""
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def client(trust: Trust) -> Http:
    clock = ManualClock(datetime(2026, 11, 22, tzinfo=UTC))
    return Http(contact=None, clock=clock, version="1", trust=trust)


def test_only_the_named_certificates_are_trusted(tmp_path: Path) -> None:
    ca_file, context = certificate(tmp_path)
    (tmp_path / "other").mkdir()
    other, _ = certificate(tmp_path / "other")
    with receiver(context) as url:
        http = client(Trust({"127.0.0.1": ca_file}))
        assert http.get(url).body == b"{}"
        http.close()
        for trust in (Trust(), Trust({"localhost": ca_file}), Trust({"127.0.0.1": other})):
            http = client(trust)
            with pytest.raises(Unreachable, match=r"(?i)certificate"):
                http.get(url)
            http.close()


def configured(folder: Path, lines: str) -> Path:
    path = folder / "collector.toml"
    path.write_text(f'[feeds.roof]\nkind = "readsb"\n{lines}\n')
    return path


def test_a_feed_names_its_certificates(tmp_path: Path) -> None:
    ca_file, _ = certificate(tmp_path)
    path = configured(tmp_path, f'url = "https://roof.example/tar1090/"\nca_file = "{ca_file}"')
    settings = load(path, environ={})
    assert settings.ca_files == {"roof.example": ca_file}


def test_certificates_for_a_connection_without_tls_are_a_mistake(tmp_path: Path) -> None:
    path = configured(tmp_path, 'url = "http://roof.example/"\nca_file = "ca.pem"')
    (mistake,) = check(path, {})
    assert mistake.where.endswith("feeds.roof.ca_file")
    assert "https://" in mistake.what


def test_files_that_cannot_be_used_are_told_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "text.pem").write_text("no certificate")
    with pytest.raises(ConfigError) as raised:
        Trust(
            {"a": tmp_path / "text.pem", "b": tmp_path / "nowhere.pem", "c": tmp_path / "text.pem"}
        )
    assert len(raised.value.mistakes) == 2
    assert "nowhere.pem: cannot be used: No such file" in str(raised.value)
