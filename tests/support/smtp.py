"""A real mail server on loopback that fails on demand, and a certificate of its own making."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

OK = "250 OK"


def _hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()


async def _drip(server: SMTP) -> None:
    """Send the beginning of an answer, byte by byte, until the client has gone."""
    assert isinstance(server.transport, asyncio.WriteTransport)
    while not server.transport.is_closing():
        server.transport.write(b"2")
        await asyncio.sleep(0.02)


@dataclass
class Inbox:
    """What the server took, and how it answers: each answer list is used up from the front."""

    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    data_answers: list[str] = field(default_factory=list)
    """Answers to the end of DATA; `drop` hangs up instead, `take and drop` after taking it, and
    `drip` sends an answer that never ends."""
    recipient_answers: list[str] = field(default_factory=list)
    refused_recipients: dict[str, str] = field(default_factory=dict)
    """Answers to RCPT that are given again and again, by address."""
    refused_subjects: dict[str, str] = field(default_factory=dict)
    """Answers to the end of DATA that are given again and again, by subject."""
    client_names: list[str] = field(default_factory=list)
    """How the client of each taken mail greeted."""
    sender_answers: list[str] = field(default_factory=list)
    login_answer: str | None = None
    """The answer to a login that is refused; {given} stands for what the client sent."""
    protected: list[bool] = field(default_factory=list)
    """For each mail taken, whether it came over TLS."""

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.sender_answers.pop(0) if self.sender_answers else OK
        if answer == OK:
            envelope.mail_from = address
        return answer

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused_recipients:
            return self.refused_recipients[address]
        answer = self.recipient_answers.pop(0) if self.recipient_answers else OK
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.data_answers.pop(0) if self.data_answers else OK
        if answer == "drop":
            _hang_up(server)
            return OK
        if answer == "drip":
            await _drip(server)
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        if mail["Subject"] in self.refused_subjects:
            return self.refused_subjects[mail["Subject"]]
        if answer in (OK, "take and drop"):
            self.taken.append(mail)
            assert session.host_name is not None
            self.client_names.append(session.host_name)
            self.recipients += envelope.rcpt_tos
            self.protected.append(session.ssl is not None)
        if answer == "take and drop":
            _hang_up(server)
            return OK
        return answer


class _AnyPort(Controller):
    """A controller that takes a free port and then knows which."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def smtp_server(
    inbox: Inbox,
    *,
    starttls: SSLContext | None = None,
    tls: SSLContext | None = None,
    login: tuple[str, str] | None = None,
    require_login: bool = False,
    smtputf8: bool = True,
    without_mechanisms: Sequence[str] = (),
) -> Iterator[int]:
    """A server for `inbox` on 127.0.0.1; gives its port."""

    def check(
        _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
    ) -> AuthResult:
        given = (
            (data.login.decode(), data.password.decode())
            if isinstance(data, LoginPassword)
            else None
        )
        if given == login:
            return AuthResult(success=True)
        message = inbox.login_answer
        return AuthResult(
            success=False, handled=False, message=message and message.format(given=given)
        )

    controller = _AnyPort(
        inbox,
        hostname="127.0.0.1",
        port=0,
        tls_context=starttls,
        ssl_context=tls,
        require_starttls=starttls is not None,
        authenticator=check if login else None,
        auth_required=require_login,
        auth_require_tls=starttls is not None,
        server_hostname="mail.test",
        enable_SMTPUTF8=smtputf8,
        auth_exclude_mechanism=without_mechanisms,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def dripping_banner(beginning: bytes = b"") -> Iterator[int]:
    """A server on 127.0.0.1 whose first words never end; gives its port."""
    over = threading.Event()

    def drip() -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.sendall(beginning)
                while not over.wait(0.02):
                    connection.sendall(b"2")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        server = threading.Thread(target=drip)
        server.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            server.join()


@contextmanager
def talkative(beginning: bytes, repeated: bytes) -> Iterator[int]:
    """A server on 127.0.0.1 that says `repeated` until its client goes; gives its port."""

    def talk() -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.sendall(beginning)
                while True:
                    connection.sendall(repeated)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        server = threading.Thread(target=talk)
        server.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.join()


def certificate(folder: Path, names: str = "IP:127.0.0.1,DNS:localhost") -> tuple[Path, SSLContext]:
    """A new self-made certificate for `names` (the file to trust), and a server's use of it."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt"),
            *("ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=mail.test"),
            *("-addext", f"subjectAltName={names}", "-keyout", str(key), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
    )
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context
