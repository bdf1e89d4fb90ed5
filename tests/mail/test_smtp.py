"""Does a mail leave through a real server, and does each failure raise the right error?"""

from __future__ import annotations

import socket
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.errors import MailError, MailMisconfigured, MailPermanent, MailTemporary
from collector.mail import MailSettings, Security, SmtpSender
from collector.mail.smtp import own_name
from collector.model import Recipient
from collector.model.notice import Message, Owed
from collector.secret import Secret
from tests.support.smtp import Inbox, certificate, smtp_server

OWED = Owed(
    key="digest:2026-W47:ops",
    recipient=Recipient("ops", "ops@example.org"),
    message=Message("Week 2026-W47", "Nothing – at all.\n", "<p>Nothing – at all.</p>"),
    created_at=datetime(2026, 11, 23, 5, tzinfo=UTC),
)


def settings(
    port: int,
    security: Security = Security.NONE,
    *,
    login: tuple[str, str] | None = None,
    ca_file: Path | None = None,
    timeout: timedelta = timedelta(seconds=5),
    conversation: timedelta = timedelta(seconds=60),
    client_name: str | None = None,
) -> MailSettings:
    return MailSettings(
        host="127.0.0.1",
        port=port,
        security=security,
        username=login[0] if login else None,
        password=Secret(login[1]) if login else None,
        sender="collector@example.net",
        ca_file=ca_file,
        timeout=timeout,
        conversation=conversation,
        client_name=client_name,
    )


def kind_of_failure(config: MailSettings, owed: Owed = OWED) -> tuple[type[MailError], str]:
    with pytest.raises(MailError) as raised:
        SmtpSender(config).send(owed)
    return type(raised.value), str(raised.value)


def test_a_mail_arrives_whole_at_its_recipient() -> None:
    inbox = Inbox()
    with smtp_server(inbox) as port:
        SmtpSender(settings(port)).send(OWED)
    assert inbox.recipients == ["ops@example.org"]
    body = inbox.taken[0].get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == ["Nothing – at all."]


@pytest.mark.parametrize(
    ("stage", "answer", "expected"),
    [
        ("data", "451 4.3.0 come back later", MailTemporary),
        ("data", "452 4.3.1 disk full", MailTemporary),
        ("data", "550 5.7.1 looks like spam", MailTemporary),
        ("data", "554 no", MailTemporary),
        ("data", "552 5.3.4 too large", MailTemporary),
        ("data", "550 5.1.1 no such user", MailTemporary),
        ("recipient", "450 4.2.1 greylisted", MailTemporary),
        ("recipient", "421 closing", MailTemporary),
        ("recipient", "550 5.1.1 no such user", MailPermanent),
        ("sender", "451 4.7.0 not now", MailTemporary),
        ("sender", "550 5.7.0 you may not send as that", MailMisconfigured),
        ("recipient", "552 5.2.2 mailbox full", MailTemporary),
        ("recipient", "530 5.7.0 Authentication required", MailMisconfigured),
        ("recipient", "550 rejected", MailTemporary),
        ("sender", "552 5.3.4 too large", MailTemporary),
    ],
)
def test_each_answer_is_told_for_what_it_is(
    stage: str, answer: str, expected: type[MailError]
) -> None:
    inbox = Inbox()
    getattr(inbox, f"{stage}_answers").append(answer)
    with smtp_server(inbox) as port:
        kind, words = kind_of_failure(settings(port))
        assert kind is expected
        assert answer.partition(" ")[0] in words
        assert "digest:2026-W47:ops" in words
        SmtpSender(settings(port)).send(OWED)
    assert len(inbox.taken) == 1


def test_a_drop_amid_the_data_is_temporary_and_the_second_try_delivers() -> None:
    inbox = Inbox(data_answers=["drop"])
    with smtp_server(inbox) as port:
        assert kind_of_failure(settings(port))[0] is MailTemporary
        SmtpSender(settings(port)).send(OWED)
    assert len(inbox.taken) == 1


def test_a_drop_after_the_server_took_it_repeats_the_same_message_id() -> None:
    inbox = Inbox(data_answers=["take and drop"])
    with smtp_server(inbox) as port:
        assert kind_of_failure(settings(port))[0] is MailTemporary
        SmtpSender(settings(port)).send(OWED)
    first, second = inbox.taken
    assert first["Message-ID"] == second["Message-ID"]


def test_a_server_that_is_down_is_temporary() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    assert kind_of_failure(settings(port))[0] is MailTemporary


def test_a_server_that_never_answers_is_temporary() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        silent = settings(listener.getsockname()[1], timeout=timedelta(seconds=0.2))
        assert kind_of_failure(silent)[0] is MailTemporary


def test_a_name_that_does_not_resolve_is_temporary(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_name(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", no_name)
    config = MailSettings(host="mail.example.org", sender="c@example.net")
    kind, words = kind_of_failure(config)
    assert kind is MailTemporary
    assert "mail.example.org:587" in words


@pytest.mark.parametrize("host", ["mail..example.org", f"{'m' * 64}.example.org"])
def test_a_name_that_no_host_can_have_is_the_operators_to_correct(host: str) -> None:
    kind, words = kind_of_failure(MailSettings(host=host, sender="c@example.net"))
    assert kind is MailMisconfigured
    assert f"{host}:587: this is no possible name of a host; correct `mail.host`" in words
    assert "password" not in words


def test_starttls_protects_the_mail_and_the_login(tmp_path: Path) -> None:
    ca_file, context = certificate(tmp_path)
    inbox, login = Inbox(), ("ops", "correct horse")
    with smtp_server(inbox, starttls=context, login=login, require_login=True) as port:
        SmtpSender(settings(port, Security.STARTTLS, login=login, ca_file=ca_file)).send(OWED)
    assert inbox.protected == [True]


def test_tls_from_the_first_byte(tmp_path: Path) -> None:
    ca_file, context = certificate(tmp_path)
    inbox = Inbox()
    with smtp_server(inbox, tls=context) as port:
        SmtpSender(settings(port, Security.TLS, ca_file=ca_file)).send(OWED)
    assert len(inbox.taken) == 1


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_an_unknown_certificate_is_refused(tmp_path: Path, security: Security) -> None:
    _, context = certificate(tmp_path)
    inbox = Inbox()
    late, at_once = (context, None) if security is Security.STARTTLS else (None, context)
    with smtp_server(inbox, starttls=late, tls=at_once) as port:
        kind, words = kind_of_failure(settings(port, security))
    assert kind is MailMisconfigured
    assert "ca_file" in words
    assert inbox.taken == []


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    ca_file, context = certificate(tmp_path, names="DNS:other.example.org")
    inbox = Inbox()
    with smtp_server(inbox, starttls=context) as port:
        kind, _ = kind_of_failure(settings(port, Security.STARTTLS, ca_file=ca_file))
    assert kind is MailMisconfigured
    assert inbox.taken == []


def test_a_server_without_starttls_gets_neither_mail_nor_login() -> None:
    inbox = Inbox()
    with smtp_server(inbox) as port:
        config = settings(port, Security.STARTTLS, login=("ops", "secret"))
        assert kind_of_failure(config)[0] is MailMisconfigured
    assert inbox.taken == []


def test_a_refused_login_keeps_the_mail_and_never_shows_the_password(tmp_path: Path) -> None:
    ca_file, context = certificate(tmp_path)
    inbox = Inbox()
    with smtp_server(inbox, starttls=context, login=("ops", "right")) as port:
        config = settings(port, Security.STARTTLS, login=("ops", "wr0ng-one"), ca_file=ca_file)
        kind, words = kind_of_failure(config)
    assert kind is MailMisconfigured
    assert issubclass(kind, MailTemporary)
    assert "535" in words
    assert "wr0ng-one" not in words + repr(config)


def test_unprotected_mail_leaves_for_this_machine_only() -> None:
    config = MailSettings(host="mail.example.org", security=Security.NONE)
    kind, words = kind_of_failure(config)
    assert kind is MailMisconfigured
    assert "starttls" in words


def test_an_answer_cannot_write_into_our_log() -> None:
    inbox = Inbox(data_answers=["550 \x1b[2Jgone\x07"])
    with smtp_server(inbox) as port:
        _, words = kind_of_failure(settings(port))
    assert words.isprintable()


@pytest.mark.parametrize(
    ("host_name", "client_name", "expected"),
    [
        ("box.example.org", None, "box.example.org"),
        ("box.example.org", "mail.example.net", "mail.example.net"),
        ("raspberrypi", "mail.example.net", "mail.example.net"),
        ("raspberrypi", None, "[127.0.0.1]"),
        ("localhost.localdomain", None, "[127.0.0.1]"),
        ("my_box.example.org", None, "[127.0.0.1]"),
    ],
)
def test_the_greeting_has_a_name_that_servers_accept(
    monkeypatch: pytest.MonkeyPatch, host_name: str, client_name: str | None, expected: str
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: host_name)
    inbox = Inbox()
    with smtp_server(inbox) as port:
        SmtpSender(settings(port, client_name=client_name)).send(OWED)
    assert inbox.client_names == [expected]


def test_without_a_full_name_the_greeting_has_our_own_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "raspberrypi")
    assert own_name("192.0.2.7") == "[192.0.2.7]"
    assert own_name("fe80::1%eth0") == "[IPv6:fe80::1]"


def test_a_sender_that_is_no_address_is_the_operators_to_correct() -> None:
    for sender in ("collector@example..org", "a b@example.org"):
        config = MailSettings(host="127.0.0.1", security=Security.NONE, sender=sender)
        assert kind_of_failure(config)[0] is MailMisconfigured


def test_an_address_outside_ascii_waits_for_a_server_that_accepts_it() -> None:
    umlaut = replace(OWED, recipient=Recipient("ops", "ops@exämple.org"))
    with smtp_server(Inbox(), smtputf8=False) as port:
        kind, words = kind_of_failure(settings(port), umlaut)
    assert kind is MailMisconfigured
    assert "ASCII" in words
