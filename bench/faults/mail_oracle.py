"""Which mails were owed, sent and sent again, and what excuses each copy beyond the first?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

from collector.mail import message_id
from collector.store import Store, outbox

SENDER = "collector@example.org"

Taken = tuple[str, str, bool]
"""A mail that the server is responsible for: Message-ID, recipient, and whether it said so."""


class Excuse(StrEnum):
    """Why a mail was sent again."""

    KILLED = "killed between the server's 250 and our commit"
    NOT_SAID = "taken by a server that never said 250"
    RESTORED = "sent after the backup that was restored"
    NONE = "no excuse"


@dataclass
class Mails:
    """What became of the mails of one world."""

    owed: int = 0
    sent: int = 0
    lost: list[str] = field(default_factory=list)
    repeated: Counter[Excuse] = field(default_factory=Counter)
    without_excuse: list[str] = field(default_factory=list)


def mails(events: Sequence[dict[str, Any]], store: Store, taken: Sequence[Taken]) -> Mails:
    """Return what became of every mail of the outbox."""
    found, copies = Mails(), Counter(identity for identity, _, _ in taken)
    for item in outbox.listing(store, bound=False):
        identity = message_id(item.key, SENDER)
        found.owed += 1
        found.sent += copies[identity] > 0
        if copies[identity] == 0 or item.state != "sent":
            found.lost.append(item.key)
        for excuse in _excuses(
            item.key, [said for one, _, said in taken if one == identity], events
        ):
            found.repeated[excuse] += 1
            if excuse is Excuse.NONE:
                found.without_excuse.append(item.key)
    return found


def _excuses(key: str, said: Sequence[bool], events: Sequence[dict[str, Any]]) -> Iterator[Excuse]:
    """Yield why each copy but the last one was followed by another.

    `said` tells of each copy whether the server said 250. Each time it did, the daemon told of it
    in the same order.
    """
    if len(said) < 2:
        return
    known = [n for n, one in enumerate(events) if one["event"] == "mail" and one["key"] == key]
    left = iter(pairwise([*known, len(events)]))
    for answered in said[:-1]:
        if not answered:
            yield Excuse.NOT_SAID
            continue
        here, following = next(left, (0, 0))
        between = [one["event"] for one in events[here + 1 : following]]
        if between[:1] == ["killed"]:
            yield Excuse.KILLED
        else:
            yield Excuse.RESTORED if "stopped" in between else Excuse.NONE
