"""A time-stamping authority on loopback: `openssl ts` behind HTTP.

with Authority.serving(folder) as tsa: ... tsa.url, tsa.certificates ...
"""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

OPENSSL = shutil.which("openssl")

_CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[stamper]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


@dataclass
class Tsa:
    """One authority, with a root certificate of its own and a certificate that signs."""

    folder: Path
    name: str
    url: str = ""
    queries: list[bytes] = field(default_factory=list)
    """What it was sent, headers and all."""
    stale: bytes | None = None
    """A response that it gives to every later query."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        (self.folder / "serial").write_text("01\n")
        (self.folder / "tsa.cnf").write_text(_CONFIG.format(folder=self.folder))
        root = f"/O={self.name}/CN={self.name} root"
        new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self._openssl(
            *("req", "-x509", *new, "-keyout", "root.key", "-out", "root.pem", "-days", "3650"),
            *("-subj", root, "-config", "tsa.cnf", "-extensions", "root"),
        )
        self._openssl(
            *("req", *new, "-keyout", "tsa.key", "-out", "tsa.csr", "-config", "tsa.cnf"),
            *("-subj", f"/O={self.name}/CN={self.name} clock"),
        )
        self._openssl(
            *("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key"),
            *("-set_serial", "2", "-days", "3650", "-out", "tsa.pem"),
            *("-extfile", "tsa.cnf", "-extensions", "stamper"),
        )

    @property
    def certificates(self) -> Path:
        """The file of its root certificate."""
        return self.folder / "root.pem"

    def answer(self, query: bytes) -> bytes:
        """Return its response to a query."""
        if self.stale is not None:
            return self.stale
        (self.folder / "query.tsq").write_bytes(query)
        self._openssl(
            *("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq"),
            *("-inkey", "tsa.key", "-signer", "tsa.pem", "-out", "response.tsr"),
        )
        return (self.folder / "response.tsr").read_bytes()

    def agrees(self, message: bytes, response: bytes) -> bool:
        """Whether openssl finds that the response is a stamp of the message by this authority."""
        (self.folder / "message").write_bytes(message)
        (self.folder / "asked.tsr").write_bytes(response)
        words = ["ts", "-verify", "-data", "message", "-in", "asked.tsr", "-CAfile", "root.pem"]
        return self._run(*words).returncode == 0

    def _openssl(self, *words: str) -> None:
        done = self._run(*words)
        assert done.returncode == 0, done.stderr

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(OPENSSL), *words], cwd=self.folder, capture_output=True, text=True, check=False
        )


@contextmanager
def tsa_at(folder: Path, name: str) -> Iterator[Tsa]:
    """An authority that answers on loopback."""
    tsa = Tsa(folder / name, name)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            tsa.queries.append(bytes(self.headers) + query)
            right = self.headers["Content-Type"] == "application/timestamp-query"
            body = tsa.answer(query) if right else b""
            self.send_response(200 if right else 415)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Be silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    tsa.url = f"http://127.0.0.1:{server.server_port}/tsr"
    try:
        yield tsa
    finally:
        server.shutdown()
        server.server_close()
        thread.join(20)
