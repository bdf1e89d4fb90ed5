"""What does a mail server's failure mean? One of three errors, by what the server refuses.

* The server is down or busy, ended the connection, answered 4xx, or refuses a mail with 5xx for a
  reason that may pass (a blocklist, its policy, the size): `MailTemporary`, try later.
* It refuses *us* (login, certificate, no STARTTLS, our greeting, our sender address):
  `MailMisconfigured`. The mail is tried again, but an operator must correct the settings.
* It states at RCPT that there is no such recipient: `MailPermanent` (`final_refusals`).
"""

from __future__ import annotations

import smtplib
import ssl

from collector.errors import MailError, MailMisconfigured, MailPermanent, MailTemporary, os_words
from collector.mail.final_refusals import is_final_refusal
from collector.untrusted import visible

_TOO_LARGE = 552
"""RFC 5321: "exceeded storage allocation"; the only 5xx to MAIL that concerns this mail."""
_LOGIN_OR_TLS_WANTED = frozenset({523, 530, 534, 535, 538})
"""RFC 4954 §6, RFC 3207 §4: the server wants a login, another login, or encryption."""


def mail_error_for(error: Exception, where: str) -> MailError:
    """Return the error to raise for one of smtplib, ssl or a socket; `where` names the mail."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            code, answer = next(iter(refused.values()))
            return _of_recipient(where, code, answer)
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=answer):
            return _of_response(error, where, code, answer)
        case smtplib.SMTPNotSupportedError():
            return MailMisconfigured(
                f"{where}: {visible(str(error))}; check port and security of the mail server"
            )
        case ssl.SSLError():
            return MailMisconfigured(
                f"{where}: no protected connection: {visible(str(error))}; check host, port and "
                "security, or name the server's certificate as ca_file"
            )
        case UnicodeError():
            return MailMisconfigured(
                f"{where}: the user name or the password has a character that cannot be sent; "
                "store it anew as UTF-8 text"
            )
        case _:
            return MailTemporary(f"{where}: {visible(os_words(error))}; will be tried again")


def _of_response(
    error: smtplib.SMTPResponseException, where: str, code: int, answer: bytes | str
) -> MailError:
    if isinstance(error, smtplib.SMTPDataError):
        return _not_now(where, "mail", code, answer)
    if isinstance(error, smtplib.SMTPSenderRefused):
        if code == _TOO_LARGE:
            return _not_now(where, "mail", code, answer)
        return _of_our_standing(where, "sender", code, answer)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _of_our_standing(where, "login", code, answer)
    if isinstance(error, smtplib.SMTPHeloError):
        return _of_our_standing(where, "our greeting (`mail.client_name`)", code, answer)
    return MailTemporary(f"{where}: {_answer(code, answer)}; will be tried again")


def _of_recipient(where: str, code: int, answer: bytes | str) -> MailError:
    if is_final_refusal(code, _text(answer)):
        return MailPermanent(
            f"{where}: no such recipient: {_answer(code, answer)}; "
            "correct the address, then retry the mail from the outbox"
        )
    if code in _LOGIN_OR_TLS_WANTED:
        return _of_our_standing(where, "mail without the login or TLS that it wants", code, answer)
    return _not_now(where, "recipient", code, answer)


def _not_now(where: str, what: str, code: int, answer: bytes | str) -> MailTemporary:
    """Return the error for a reply that may pass, also a 5xx: the mail waits however long."""
    if code < 500:
        return MailTemporary(f"{where}: {what} not accepted now: {_answer(code, answer)}")
    return MailTemporary(
        f"{where}: {what} refused: {_answer(code, answer)}; will be tried again; if this goes on, "
        "check the mail settings, and ask the server's operator for the reason"
    )


def _of_our_standing(where: str, what: str, code: int, answer: bytes | str) -> MailTemporary:
    if code < 500:
        return MailTemporary(f"{where}: {what} not accepted now: {_answer(code, answer)}")
    return MailMisconfigured(
        f"{where}: {what} refused: {_answer(code, answer)}; "
        "correct the mail settings; the mail waits to be sent"
    )


def _answer(code: int, answer: bytes | str) -> str:
    return f"{code} {visible(_text(answer), 300)}"


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
