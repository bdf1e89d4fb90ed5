"""Which evidence pack is to be made? Of which landing, for whom, with what, from which files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collector.model import Landing
from collector.reports.evidence.summary import Edition
from collector.settings import Settings
from collector.store import Store

RECEIVERS = "receivers"
ASKED_FOR: Mapping[str, str] = {
    "contact": "your contact",
    RECEIVERS: "replies of your own receivers, without their address and what they measure",
    "recipients": "names and addresses of those who get the mails",
    "reviewers": "names and notes of those who reviewed the landing",
    "sightings": "sightings of that day, with the people who reported them",
}
"""What stays out of a pack unless it is asked for by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A pack that is to be made."""

    store: Store
    settings: Settings
    landing: Landing
    edition: Edition
    asked_for: frozenset[str] = frozenset()
    """Keys of `ASKED_FOR`."""
    recordings: Sequence[Path] = ()
    """The files that may hold replies of that time."""
    now: datetime
