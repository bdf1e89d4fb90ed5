"""Which full track is owed for which silence, and what became of it? Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RequestReason(StrEnum):
    """What makes a full track worth a request."""

    INBOUND = "silent-inbound"
    """Nothing was heard any more of an aircraft that came in."""
    LANDED = "landed-unheard"
    """It was heard coming in, and next on the ground: the touchdown lies between."""
    OUTBOUND = "re-appeared"
    """It was heard again on the ground or going out, after a silence."""


class TrackRequestState(StrEnum):
    """Where a fetch stands."""

    OWED = "owed"
    DONE = "done"
    FAILED = "failed"
    """The feed refused it, had none, or could not be asked in time."""
    ABANDONED = "given-up"
    """What the feed has ends before what was to be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A stretch in which an aircraft that mattered was not heard."""

    reason: RequestReason
    begins_at: datetime
    """The last position before it."""
    ends_at: datetime | None
    """The first position after it; None while it lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRequest:
    """One full track of one aircraft, owed by one feed."""

    icao24: str
    feed: str
    """Configured name of the feed that keeps it."""
    reason: RequestReason
    begins_at: datetime
    ends_at: datetime | None
    """The silence, as it was known when the fetch was owed."""
    owed_at: datetime
    due_at: datetime
    """Not asked for before."""
    tries: int = 0
    state: TrackRequestState = TrackRequestState.OWED
    ended_at: datetime | None = None
    """When it left the state `owed`."""
    points: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    """First and last point of what was received."""
    url: str | None = None
    """Where it came from, or was looked for last."""
    detail: str = ""
    """Why not, where it is not done."""
    refused_at: datetime | None = None
    """When the feed refused it (401, 402, 403): nothing of its traces is asked for a while."""
