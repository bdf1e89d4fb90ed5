"""How does mail leave this machine? The settings of `mail`, which `settings` has checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from collector.secret import Secret

FULL_NAME = re.compile(r"(?!.{254})(?:[A-Za-z0-9-]{1,63}\.)+(?!\d+\Z)[A-Za-z0-9-]{1,63}")
"""A domain name with a dot, no bare address. Servers refuse others as invalid (RFC 5321 §2.3.5)."""


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
    group_wait: timedelta = timedelta(seconds=90)
    """How long an alert waits for others of its watch, which leave with it in one mail."""
    conversation: timedelta = timedelta(seconds=60)
    """For the whole conversation about one mail, from connect to quit."""
    client_name: str | None = None
    """Our name in the greeting (EHLO); None: the host's full name, else our address."""
