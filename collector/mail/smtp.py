"""How is a mail handed to a mail server? It is sent over SMTP and protected by TLS."""

from __future__ import annotations

import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from collector.errors import MailMisconfigured, MailPermanent
from collector.mail.compose import compose
from collector.mail.config import MailSettings, Security
from collector.mail.refusals import mail_error_for
from collector.model.notice import Owed
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
        try:
            with self._connection() as server:
                _hand_over(server, mail, self._settings.sender, notice.recipient.address)
        except (OSError, UnicodeError) as error:
            # smtplib's own exceptions are OSErrors.
            where = f"mail {visible(notice.key)} to {self._host}:{self._port}"
            raise mail_error_for(error, where) from error

    def _check_protection(self) -> None:
        if self._settings.security is Security.NONE and not _is_loopback(self._host):
            raise MailMisconfigured(
                f"mail server {self._host}: unprotected mail is allowed only for a server on this "
                'machine; set security = "starttls" or "tls"'
            )

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        server = self._open()
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

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        timeout = settings.timeout.total_seconds()
        name = _own_name()
        if settings.security is Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host,
                self._port,
                local_hostname=name,
                timeout=timeout,
                context=self._trust(),
            )
        else:
            server = smtplib.SMTP(self._host, self._port, local_hostname=name, timeout=timeout)
        try:
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


def _hand_over(server: smtplib.SMTP, mail: EmailMessage, sender: str, recipient: str) -> None:
    try:
        server.send_message(mail, from_addr=sender, to_addrs=[recipient])
    except smtplib.SMTPNotSupportedError as error:
        raise MailPermanent(
            f"mail to {visible(recipient)}: the server accepts only ASCII addresses; "
            "use another address"
        ) from error


def _own_name() -> str:
    """Return our name for the greeting. smtplib's default asks DNS, which may take minutes."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
