"""Does a conversation with a mail server end in time, whatever the server does?"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from collector.errors import MailTemporary
from collector.mail import Security, SmtpSender
from collector.mail.conversation import MOST_HEARD, ConversationLimit
from tests.mail.test_smtp import OWED, kind_of_failure, settings
from tests.support.smtp import Inbox, certificate, dripping_banner, smtp_server, talkative

TLS_RECORD = b"\x16\x03\x03\x3f\xff"
"""The head of a long record of a TLS handshake."""


def test_a_banner_that_drips_ends_at_the_deadline() -> None:
    with dripping_banner() as port:
        began = time.monotonic()
        kind, words = kind_of_failure(settings(port, conversation=timedelta(seconds=0.2)))
        assert time.monotonic() - began < 20
    assert kind is MailTemporary
    assert "too slow" in words
    assert "set `timeout_s` in [mail]" in words


@pytest.mark.parametrize("beginning", [b"", b"220 mail.test\r\n"], ids=["banner", "EHLO"])
def test_an_answer_without_end_ends_before_it_fills_the_memory(beginning: bytes) -> None:
    code = b"250-" if beginning else b"220-"
    with talkative(beginning, (code + b"A" * 500 + b"\r\n") * 200) as port:
        began = time.monotonic()
        kind, words = kind_of_failure(settings(port))
        assert time.monotonic() - began < 20
    assert kind is MailTemporary
    assert f"answered with more than {MOST_HEARD:,} bytes" in words


def test_a_tls_handshake_that_drips_ends_at_the_deadline(tmp_path: Path) -> None:
    ca_file, _ = certificate(tmp_path)
    with dripping_banner(TLS_RECORD) as port:
        slow = settings(port, Security.TLS, ca_file=ca_file, conversation=timedelta(seconds=0.4))
        began = time.monotonic()
        kind, words = kind_of_failure(slow)
        assert time.monotonic() - began < 20
    assert kind is MailTemporary
    assert "too slow" in words


@pytest.mark.parametrize("security", Security)
def test_a_reply_to_data_that_drips_ends_at_the_deadline_and_the_mail_waits(
    tmp_path: Path, security: Security
) -> None:
    ca_file, context = (None, None) if security is Security.NONE else certificate(tmp_path)
    late, at_once = (context, None) if security is Security.STARTTLS else (None, context)
    inbox = Inbox(data_answers=["drip"])
    with smtp_server(inbox, starttls=late, tls=at_once) as port:
        slow = settings(port, security, ca_file=ca_file, conversation=timedelta(seconds=0.4))
        began = time.monotonic()
        kind, words = kind_of_failure(slow)
        assert time.monotonic() - began < 20
        assert kind is MailTemporary
        assert "too slow" in words
        assert inbox.taken == []
        SmtpSender(settings(port, security, ca_file=ca_file)).send(OWED)
    assert len(inbox.taken) == 1


def test_the_deadline_of_a_finished_conversation_leaves_nothing_behind() -> None:
    inbox = Inbox()
    with smtp_server(inbox) as port:
        before = threading.active_count()
        SmtpSender(settings(port, conversation=timedelta(seconds=0.2))).send(OWED)
        with closing(socket.create_connection(("127.0.0.1", port))):
            time.sleep(0.25)
        assert threading.active_count() <= before


def test_the_addresses_of_a_host_share_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    stream = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [stream] * 3)
    with ConversationLimit(timedelta(seconds=5)) as limit, pytest.raises(ConnectionRefusedError):
        limit.connect("mail.example.org", port, 1)
    with ConversationLimit(timedelta()) as limit, pytest.raises(TimeoutError):
        limit.connect("mail.example.org", port, 1)
