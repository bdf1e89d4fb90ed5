"""Which full track is to be fetched for which silence, and how did that end? Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RequestReason(StrEnum):
    """What makes a full track worth a request."""

    INBOUND = "silent-inbound"
    """An inbound aircraft fell silent."""
    LANDED = "landed-unheard"
    """It was received inbound, and next on the ground: the touchdown lies between."""
    OUTBOUND = "re-appeared"
    """After a silence it was received again, on the ground or outbound."""


class TrackRequestState(StrEnum):
    """The state of a track request."""

    OWED = "owed"
    DONE = "done"
    FAILED = "failed"
    """The feed refused it, had no track, or could not be asked in time."""
    ABANDONED = "given-up"
    """The feed's track ends before the silence does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A time in which no feed received an aircraft that matters."""

    reason: RequestReason
    begins_at: datetime
    """The last position before it."""
    ends_at: datetime | None
    """The first position after it; None while it lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRequest:
    """One full track of one aircraft that is to be fetched from one feed."""

    icao24: str
    feed: str
    """Configured name of the feed that keeps the track."""
    reason: RequestReason
    begins_at: datetime
    ends_at: datetime | None
    """The end of the silence as known when the request was stored."""
    owed_at: datetime
    due_at: datetime
    """The feed is not asked before this time."""
    tries: int = 0
    state: TrackRequestState = TrackRequestState.OWED
    ended_at: datetime | None = None
    """When it left the state `owed`."""
    points: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    """Times of the first and last point received."""
    url: str | None = None
    """The address it came from, or the last one tried."""
    detail: str = ""
    """The reason, if it is not done."""
    refused_at: datetime | None = None
    """When the feed refused it (401, 402, 403). Then the feed's tracks are not asked for a day."""
