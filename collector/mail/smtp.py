"""How is a mail handed to a mail server? It is sent over SMTP and protected by TLS."""

from __future__ import annotations

import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from collector.errors import MailError, MailMisconfigured, MailTemporary
from collector.mail.compose import compose
from collector.mail.config import FULL_NAME, MailSettings, Security
from collector.mail.conversation import ConversationLimit, ImpossibleHostError, LimitedSmtp
from collector.mail.refusals import mail_error_for
from collector.model.notice import Owed
from collector.secret import redacted
from collector.untrusted import visible


class SmtpSender:
    """Sends each mail over its own connection, as there are only a few a week."""

    def __init__(self, settings: MailSettings) -> None:
        if settings.host is None:
            raise ValueError("a mail server needs a host")
        self._settings = settings
        self._host = settings.host
        self._port = settings.port or settings.security.usual_port

    def send(self, notice: Owed) -> None:
        """Hand the mail over, and return once the server is responsible for it.

        Raises MailTemporary, MailMisconfigured or MailPermanent, as `refusals` decides.
        """
        mail = compose(notice, self._settings.sender)
        self._check_protection()
        with ConversationLimit(self._settings.conversation) as limit:
            try:
                with self._connection(limit) as server:
                    _hand_over(server, mail, self._settings.sender, notice.recipient.address)
            except (OSError, ValueError) as error:
                # smtplib's own exceptions are OSErrors; a challenge that is not base64 and a login
                # that is no text are ValueErrors.
                where = f"mail {visible(notice.key)} to {self._host}:{self._port}"
                self._redact_answer(error)
                raise self._without_password(_mail_error(error, where, limit)) from error

    def _redact_answer(self, error: Exception) -> None:
        """Take our password out of a server's answer, before it is cut and no longer found."""
        if isinstance(error, smtplib.SMTPResponseException):
            error.smtp_error = self._redacted(error.smtp_error)
        elif isinstance(error, smtplib.SMTPRecipientsRefused):
            error.recipients = {
                recipient: (code, redacted(answer, self._secrets))
                for recipient, (code, answer) in error.recipients.items()
            }

    def _without_password(self, error: MailError) -> MailError:
        """Return the error without our password, which a library may quote."""
        return type(error)(redacted(str(error), self._secrets))

    def _redacted(self, answer: bytes | str) -> bytes | str:
        if isinstance(answer, bytes):
            return redacted(answer, self._secrets)
        return redacted(answer, self._secrets)

    @property
    def _secrets(self) -> list[str]:
        password = self._settings.password
        return [password.reveal()] if password else []

    def _check_protection(self) -> None:
        if self._settings.security is Security.NONE and not _is_loopback(self._host):
            raise MailMisconfigured(
                f"mail server {self._host}: unprotected mail is allowed only for a server on this "
                'machine; set security = "starttls" or "tls"'
            )

    @contextmanager
    def _connection(self, limit: ConversationLimit) -> Iterator[smtplib.SMTP]:
        server = self._open(limit)
        try:
            yield server
        except BaseException:
            server.close()
            raise
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            # The server has the mail already, so a failed QUIT does not matter.
            server.close()

    def _open(self, limit: ConversationLimit) -> smtplib.SMTP:
        settings = self._settings
        server = LimitedSmtp(
            self._host,
            self._port,
            settings.timeout.total_seconds(),
            limit,
            tls=self._trust() if settings.security is Security.TLS else None,
        )
        try:
            server.local_hostname = settings.client_name or own_name(server.own_address)
            if settings.security is Security.STARTTLS:
                server.starttls(context=self._trust())
            if settings.username is not None:
                password = settings.password.reveal() if settings.password else ""
                server.login(settings.username, password)
        except BaseException:
            server.close()
            raise
        return server

    def _trust(self) -> ssl.SSLContext:
        cafile = self._settings.ca_file
        context = ssl.create_default_context(cafile=str(cafile) if cafile else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


def _mail_error(error: Exception, where: str, limit: ConversationLimit) -> MailError:
    if limit.exceeded:
        return MailTemporary(
            f"{where}: the server was too slow: the conversation was not over after "
            f"{limit.limit.total_seconds():g} s; will be tried again; if it always takes so long, "
            "set `timeout_s` in [mail] to more than half of the seconds it takes"
        )
    if isinstance(error, ImpossibleHostError):
        return MailMisconfigured(
            f"{where}: this is no possible name of a host; correct `mail.host`"
        )
    return mail_error_for(error, where)


def _hand_over(server: smtplib.SMTP, mail: EmailMessage, sender: str, recipient: str) -> None:
    try:
        server.send_message(mail, from_addr=sender, to_addrs=[recipient])
    except smtplib.SMTPNotSupportedError as error:
        raise MailMisconfigured(
            f"mail from {visible(sender)} to {visible(recipient)}: the server accepts only ASCII "
            "addresses; use another address or another server; the mail waits to be sent"
        ) from error


def own_name(own_address: str) -> str:
    """Return the name for the greeting: the host's full name, else our address as a literal.

    RFC 5321 §4.1.4 and §4.1.3 ask for exactly that. smtplib would ask DNS, which may take minutes.
    """
    name = socket.gethostname()
    if FULL_NAME.fullmatch(name) and not name.startswith("localhost."):
        return name
    address = own_address.partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
