"""How does a message leave: to a mail server, or to a folder of `.eml` files?

    message ──► compose (RFC 5322, stable Message-ID) ──► SmtpSender | FolderSender

A sender sends one owed mail or raises: `MailTemporary` (it stays owed), `MailMisconfigured` (it
stays owed, an operator must look), `MailPermanent` (it will never be taken as it is).
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from collector.mail.compose import compose, message_id
from collector.mail.config import MailSettings, Security
from collector.mail.folder import FolderSender
from collector.mail.smtp import SmtpSender
from collector.model.notice import Owed

__all__ = [
    "FolderSender",
    "MailSettings",
    "Outgoing",
    "Security",
    "SmtpSender",
    "compose",
    "message_id",
    "outgoing",
]


class Outgoing(Protocol):
    """Something that takes a mail off our hands."""

    def send(self, owed: Owed) -> None:
        """Send it. Raises MailTemporary, MailMisconfigured or MailPermanent."""


def outgoing(settings: MailSettings, default_folder: Path) -> Outgoing:
    """The sender that `settings` ask for: the server if one is named, else a folder."""
    if settings.host is not None:
        return SmtpSender(settings)
    return FolderSender(settings.folder or default_folder, settings.sender)
