"""What does a mail server's failure mean? One of three errors, by what the server refuses.

* The server is down or busy, ended the connection, or answered 4xx: `MailTemporary`, try later.
* It refuses *us* (login, certificate, no STARTTLS, our sender address): `MailMisconfigured`. The
  mail is tried again, as every mail would fail alike, but an operator must correct the settings.
* It refuses *this mail* or its recipient with 5xx: `MailPermanent`.
"""

from __future__ import annotations

import smtplib
import ssl

from collector.errors import MailError, MailMisconfigured, MailPermanent, MailTemporary
from collector.untrusted import visible

_TOO_LARGE = 552
"""RFC 5321: "exceeded storage allocation"; the only 5xx to MAIL that concerns this mail."""


def mail_error_for(error: Exception, where: str) -> MailError:
    """Return the error to raise for one of smtplib, ssl or a socket; `where` names the mail."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            code, answer = next(iter(refused.values()))
            return _of_answer(where, "recipient", code, answer)
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
                f"{where}: the user name or the password has characters outside ASCII, which no "
                "server accepts; choose another"
            )
        case _:
            return MailTemporary(
                f"{where}: {visible(str(error)) or type(error).__name__}; will be tried again"
            )


def _of_response(
    error: smtplib.SMTPResponseException, where: str, code: int, answer: bytes | str
) -> MailError:
    if isinstance(error, smtplib.SMTPDataError):
        return _of_answer(where, "mail", code, answer)
    if isinstance(error, smtplib.SMTPSenderRefused):
        if code == _TOO_LARGE:
            return _of_answer(where, "mail", code, answer)
        return _of_our_standing(where, "sender", code, answer)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _of_our_standing(where, "login", code, answer)
    return MailTemporary(f"{where}: {_answer(code, answer)}; will be tried again")


def _of_answer(where: str, what: str, code: int, answer: bytes | str) -> MailError:
    if code < 500:
        return MailTemporary(f"{where}: {what} not accepted now: {_answer(code, answer)}")
    return MailPermanent(
        f"{where}: {what} refused: {_answer(code, answer)}; "
        "correct the address or the server, then retry the mail from the outbox"
    )


def _of_our_standing(where: str, what: str, code: int, answer: bytes | str) -> MailTemporary:
    if 400 <= code < 500:
        return MailTemporary(f"{where}: {what} not accepted now: {_answer(code, answer)}")
    return MailMisconfigured(
        f"{where}: {what} refused: {_answer(code, answer)}; "
        "correct the mail settings; the mail waits to be sent"
    )


def _answer(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {visible(text, 300)}"
