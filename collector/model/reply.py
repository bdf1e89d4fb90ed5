"""What does a poll ask, and what is a reply? Shared by feeds, recordings and replays."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

CACHED_AFTER = timedelta(minutes=5)
"""A reply that is older by its own time comes from a cache, not from the network. The oldest
genuine replies were seconds old."""
LATE_AFTER = timedelta(minutes=1)
"""A reply that is older by its own time proves coverage of its own minute, not of the present."""
LATEST_AHEAD = timedelta(minutes=5)
"""A reply further in the future than this comes from a wrong clock, the feed's or ours."""
MILLISECONDS_ABOVE = 1e11
"""A time above this is in milliseconds (v2 networks), below in seconds (all others)."""


def is_newer(before: datetime | None, made_at: datetime, received_at: datetime) -> bool:
    """Return whether a reply is newer than the one `before` to the same request: not cached.

    One from the future says nothing of that: it came by a wrong clock, that of a receiver and the
    collector on one machine perhaps, and both were set back since.
    """
    return before is None or made_at > before or before - received_at > LATEST_AHEAD


class Format(StrEnum):
    """How a reply's body is to be decoded; one module in `decode/` each."""

    READSB = "readsb"
    """The v2 family, readsb and dump1090 `aircraft.json`: `ac` or `aircraft`, old and new keys."""
    OPENSKY_STATES = "opensky-states"
    TRACE = "trace"
    """readsb/tar1090 `trace_full_*.json` and `trace_recent_*.json`, plain or gzip."""
    OPENSKY_TRACK = "opensky-track"

    @property
    def history(self) -> bool:
        """Whether such a reply is one aircraft's past, and not the present of all."""
        return self in (Format.TRACE, Format.OPENSKY_TRACK)


@dataclass(frozen=True, slots=True)
class Fleet:
    """A poll by identity: "where are these?". It proves nothing about other aircraft."""

    icao24: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A poll by place: "which aircraft are here?". Coverage is measured from such polls."""

    lat_deg: float
    lon_deg: float
    radius_nm: float


@dataclass(frozen=True, slots=True)
class Everything:
    """A poll for all aircraft that a feed has: a local receiver, or a global reply."""


Ask = Fleet | Area | Everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Bytes received from a feed, not yet decoded. Credentials are removed."""

    feed: str
    """The feed's configured name."""
    format: Format
    ask: Ask
    url: str
    """`https://…`, `file:///…` or `unix:///…`, without credentials."""
    received_at: datetime
    status: int = 200
    headers: tuple[tuple[str, str], ...] = field(default=())
    body: bytes = b""
    """Without transfer and content encodings."""


class Outcome(StrEnum):
    """How a poll ended: the label that logs, health, recordings and coverage share."""

    HEARD = "heard"
    """A valid reply with at least one aircraft."""
    NOBODY = "nobody"
    """A valid reply without aircraft: the feed answered, which proves little."""
    STALE = "stale"
    """An unchanged or old reply, which a cache gave and not the feed."""
    MALFORMED = "malformed"
    UNREACHABLE = "unreachable"
    RATE_LIMITED = "rate-limited"
    REFUSED = "refused"
    PAYMENT_REQUIRED = "payment-required"

    @property
    def alive(self) -> bool:
        """Whether the feed itself answered with something new."""
        return self in (Outcome.HEARD, Outcome.NOBODY)
