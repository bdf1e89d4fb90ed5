"""Does a login work with any characters, and is a refused password never shown?"""

from __future__ import annotations

import hmac
import os
from base64 import b64encode
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from collector.errors import MailMisconfigured
from collector.mail import Security, SmtpSender
from tests.mail.test_smtp import OWED, kind_of_failure, settings
from tests.support.smtp import Inbox, certificate, smtp_server

UMLAUTS = ("büro", "päßwört €")


class CramInbox(Inbox):
    """A server that also knows CRAM-MD5 (RFC 2195)."""

    async def auth_CRAM__MD5(self, server: SMTP, _args: list[str]) -> AuthResult:
        challenge = b"<1896.697170952@mail.test>"
        answer = await server.challenge_auth(challenge)
        digest = hmac.new(UMLAUTS[1].encode(), challenge, "md5").hexdigest()
        success = answer == f"{UMLAUTS[0]} {digest}".encode()
        return AuthResult(success=success, handled=False)


@pytest.mark.parametrize(
    ("inbox", "without"),
    [(Inbox(), ["LOGIN"]), (Inbox(), ["PLAIN"]), (CramInbox(), ["PLAIN", "LOGIN"])],
    ids=["PLAIN", "LOGIN", "CRAM-MD5"],
)
def test_a_login_may_have_any_characters(tmp_path: Path, inbox: Inbox, without: list[str]) -> None:
    ca_file, context = certificate(tmp_path)
    with smtp_server(
        inbox, starttls=context, login=UMLAUTS, require_login=True, without_mechanisms=without
    ) as port:
        config = settings(port, Security.STARTTLS, login=UMLAUTS, ca_file=ca_file)
        SmtpSender(config).send(OWED)
        assert len(inbox.taken) == 1
        wrong = settings(port, Security.STARTTLS, login=("büro", "päßwort"), ca_file=ca_file)
        assert "535" in kind_of_failure(wrong)[1]


def test_a_login_that_is_no_text_is_the_operators_to_correct(tmp_path: Path) -> None:
    """A variable of the environment may hold any bytes; Python shows those that are no UTF-8."""
    ca_file, context = certificate(tmp_path)
    with smtp_server(Inbox(), starttls=context, login=("ops", "right")) as port:
        login = ("ops", os.fsdecode(b"p\xe4ssword"))
        config = settings(port, Security.STARTTLS, login=login, ca_file=ca_file)
        kind, words = kind_of_failure(config)
    assert kind is MailMisconfigured
    assert "UTF-8" in words


@pytest.mark.parametrize("password", ["wr0ng-one", "päßwört/+€"])
def test_a_server_that_repeats_the_password_is_not_quoted(tmp_path: Path, password: str) -> None:
    ca_file, context = certificate(tmp_path)
    sent = b64encode(f"\0ops\0{password}".encode()).decode()
    inbox = Inbox(login_answer=f"535 5.7.8 {{given}} and {sent} are wrong")
    with smtp_server(inbox, starttls=context, login=("ops", "right")) as port:
        config = settings(port, Security.STARTTLS, login=("ops", password), ca_file=ca_file)
        _, words = kind_of_failure(config)
    assert "********" in words
    assert password not in words
    assert sent not in words


def test_a_password_is_found_before_the_answer_is_cut(tmp_path: Path) -> None:
    ca_file, context = certificate(tmp_path)
    password = "wr0ng-" * 8
    inbox = Inbox(login_answer=f"535 {'x' * 280} {password}")
    with smtp_server(inbox, starttls=context, login=("ops", "right")) as port:
        config = settings(port, Security.STARTTLS, login=("ops", password), ca_file=ca_file)
        _, words = kind_of_failure(config)
    assert "wr0ng" not in words
    assert "********" in words
