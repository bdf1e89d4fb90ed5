"""How does mail leave this machine? The settings of `mail`, which `settings` has checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from collector.secret import Secret


class Security(StrEnum):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls"
    """Plain at first, then TLS; fails if the server does not offer it (port 587)."""
    TLS = "tls"
    """TLS from the first byte (port 465)."""
    NONE = "none"
    """Unprotected, only for a server on this machine and without a login (port 25)."""

    @property
    def usual_port(self) -> int:
        """587, 465 or 25."""
        return {"starttls": 587, "tls": 465, "none": 25}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """Either a folder that `.eml` files are written to, or a server: `host` None means folder."""

    folder: Path | None = None
    """The folder for mails while no server is named."""
    host: str | None = None
    port: int | None = None
    """None: the usual port of `security`."""
    security: Security = Security.STARTTLS
    username: str | None = None
    password: Secret | None = None
    sender: str = "collector@localhost"
    """The address in From; its domain also ends the Message-ID and the List-Id."""
    ca_file: Path | None = None
    """Certificates to trust instead of the system's, for a private mail server."""
    timeout: timedelta = timedelta(seconds=30)
    """For connecting and for each answer of the server."""
