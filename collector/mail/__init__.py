"""How does a mail leave? It goes to a mail server, or as an `.eml` file into a folder.

    notice ──► compose (RFC 5322, stable Message-ID) ──► SmtpSender | FolderSender

A sender sends one mail, or raises `MailTemporary` (the mail waits and is tried again),
`MailMisconfigured` (the mail waits until an operator corrects the settings) or `MailPermanent`
(there is surely no such recipient).
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
    """Something that sends mails."""

    def send(self, notice: Owed) -> None:
        """Send one mail. Raises MailTemporary, MailMisconfigured or MailPermanent."""


def outgoing(settings: MailSettings, default_folder: Path) -> Outgoing:
    """Return the sender for these settings: a server if one is named, else a folder."""
    if settings.host is not None:
        return SmtpSender(settings)
    return FolderSender(settings.folder or default_folder, settings.sender)
