"""What is a notice? A mail waiting to be sent, with a key that keeps it from being sent twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from collector.model import Recipient


@dataclass(frozen=True, slots=True)
class Message:
    """The content of a mail. Subject and text are plain; html is complete and safe to show."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """What lets a notice leave in one mail with others of the same watch and moment."""

    watch: str
    thread: str
    """The window that it is about: mails of a watch about one window are one thread."""
    part: str
    """What it contributes to the mail, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A notice to one recipient. `key` is unique for ever: no second notice has it.

    Keys read `alert:<watch>:<rule>:<window>:<reason>:<count>:<recipient>`,
    `judged-again:<rules>:<recipient>`,
    `digest:<week>:<recipient>`, `condition:<kind>:<subject>:<began>:<begin|end>:<recipient>`,
    `cited:<citation>:<number of the change>:<recipient>`,
    `past:<hash of the keys that it sums up>:<recipient>`. The mail with the notices of a watch and
    moment is one of its own, `alerts:<watch>:<moment>:<recipient>`.
    """

    key: str
    recipient: Recipient
    message: Message
    created_at: datetime
    grouping: Grouping | None = None
    """None: the notice is a mail of its own."""
    follows: tuple[str, ...] = ()
    """The keys of the mails that this one continues, in order of time: its thread."""
