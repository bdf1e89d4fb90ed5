"""What is a notice? A mail waiting to be sent, with a key that keeps it from being sent twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from collector.model import Recipient

_ILLUSTRATION = re.compile(
    r"<!--picture (?P<name>[a-z0-9-]+)-->(?P<shown>.*?)<!--/picture-->\n?", re.DOTALL
)
"""Only our templates write comments: in anything else `<` is escaped."""
_ALT = re.compile(r'alt="([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustration:
    """A picture of a mail, as it is ordered from `collector.drawing`."""

    name: str
    """`chart-1`: letters, digits and hyphens; unique in its mail."""
    alt: str
    """What it shows, in words, for those who do not see it."""
    order: str

    @property
    def digest(self) -> str:
        """What tells it from other pictures: the SHA-256 of its order."""
        return hashlib.sha256(self.order.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Message:
    """The content of a mail. Subject and text are plain; html is complete and safe to show.

    In html each illustration stands between `<!--picture NAME-->` and `<!--/picture-->`, with
    `cid:NAME` as its source.
    """

    subject: str
    text: str
    html: str
    illustrations: tuple[Illustration, ...] = ()

    def html_showing(self, sources: Mapping[str, str]) -> str:
        """Return the HTML with the address of each illustration by its name; others are left out.

        >>> message = Message("", "", 'A<!--picture c--><img src="cid:c"><!--/picture-->B')
        >>> message.html_showing({"c": "c.png"}), message.html_showing({})
        ('A<img src="c.png">B', 'AB')
        """

        def shown(found: re.Match[str]) -> str:
            name = found["name"]
            if name not in sources:
                return ""
            return found["shown"].replace(f'"cid:{name}"', f'"{sources[name]}"')

        return _ILLUSTRATION.sub(shown, self.html)

    @property
    def html_in_words(self) -> str:
        """The HTML with each illustration's words in its place, unless they stand elsewhere too.

        >>> html = '<!--picture c--><img src="cid:c" alt="Up."><!--/picture-->'
        >>> Message("", "", html).html_in_words
        '<p>Up.</p>'
        """

        def said(found: re.Match[str]) -> str:
            alt = _ALT.search(found["shown"])
            return f"<p>{alt[1]}</p>" if alt and self.html.count(alt[1]) == 1 else ""

        return _ILLUSTRATION.sub(said, self.html)


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
    `cited:<citation>:<number of the change>:<recipient>` (the first of those that the mail is
    about),
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
    pictures: tuple[tuple[str, bytes], ...] = ()
    """The illustrations that were drawn, as PNG, by their names; others are left out."""
