"""What does a mail server's failure mean: try again, an operator must look, or never?

* The server is down, busy or dropped us, or answered 4xx: `MailTemporary`, try again later.
* It refuses *us* (login, certificate, no STARTTLS, our sender address): `MailMisconfigured`, which
  is temporary too, since every mail would fail alike, but an operator must look.
* It refuses *this mail* or its recipient with 5xx: `MailPermanent`.
"""

from __future__ import annotations

import smtplib
import ssl

from collector.errors import MailError, MailMisconfigured, MailPermanent, MailTemporary
from collector.untrusted import visible

_TOO_LARGE = 552
"""RFC 5321: "exceeded storage allocation"; the one 5xx to MAIL that is about this mail."""


def meaning(error: Exception, where: str) -> MailError:
    """What `error`, raised by smtplib, ssl or a socket, means for the mail named by `where`."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            code, said = next(iter(refused.values()))
            return _of_answer(where, "recipient", code, said)
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=said):
            return _of_response(error, where, code, said)
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
                f"{where}: user name or password has letters outside ASCII, which no server "
                "takes; choose another"
            )
        case _:
            return MailTemporary(
                f"{where}: {visible(str(error)) or type(error).__name__}; will be tried again"
            )


def _of_response(
    error: smtplib.SMTPResponseException, where: str, code: int, said: bytes | str
) -> MailError:
    if isinstance(error, smtplib.SMTPDataError):
        return _of_answer(where, "mail", code, said)
    if isinstance(error, smtplib.SMTPSenderRefused):
        if code == _TOO_LARGE:
            return _of_answer(where, "mail", code, said)
        return _of_our_standing(where, "sender", code, said)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _of_our_standing(where, "login", code, said)
    return MailTemporary(f"{where}: {_answer(code, said)}; will be tried again")


def _of_answer(where: str, what: str, code: int, said: bytes | str) -> MailError:
    if code < 500:
        return MailTemporary(f"{where}: {what} not taken now: {_answer(code, said)}")
    return MailPermanent(
        f"{where}: {what} refused: {_answer(code, said)}; "
        "correct the address or the server, then retry it from the outbox"
    )


def _of_our_standing(where: str, what: str, code: int, said: bytes | str) -> MailTemporary:
    if 400 <= code < 500:
        return MailTemporary(f"{where}: {what} not taken now: {_answer(code, said)}")
    return MailMisconfigured(
        f"{where}: {what} refused: {_answer(code, said)}; "
        "correct the mail settings, the mail stays owed"
    )


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {visible(text, 300)}"
