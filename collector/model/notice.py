"""A mail that is owed: what it says, to whom, and the key that keeps it from being sent twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from collector.model import Recipient


@dataclass(frozen=True, slots=True)
class Message:
    """A mail's content. Subject and text are plain; html is complete and safe to show."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One mail to one recipient. `key` is unique for ever: a second one with it is not owed.

    Keys read `alert:<watch>:<rule>:<window>:<reason>:<count>:<recipient>`,
    `digest:<week>:<recipient>`, `condition:<kind>:<subject>:<began>:<begin|end>:<recipient>`.
    """

    key: str
    recipient: Recipient
    message: Message
    created_at: datetime
