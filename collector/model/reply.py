"""What was asked of a feed, and what came back? Shared by feeds, recording and replay."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

CACHED_AFTER = timedelta(minutes=5)
"""A reply whose own time lies further back comes from a cache, not from the network; the oldest
genuine ones were seconds old."""
LATEST_AHEAD = timedelta(minutes=5)
"""A reply from further in the future than this comes from a wrong clock, the feed's or ours."""
MILLISECONDS_ABOVE = 1e11
"""A reply's time is in milliseconds in the v2 family, in seconds elsewhere: told by magnitude."""


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
        """Whether such a reply tells of one aircraft's past, not of who is heard now."""
        return self in (Format.TRACE, Format.OPENSKY_TRACK)


@dataclass(frozen=True, slots=True)
class Fleet:
    """Asked by identity: "where are these?". Proves nothing about who else was heard."""

    icao24: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """Asked by place: "who is here?". What coverage is measured from."""

    lat_deg: float
    lon_deg: float
    radius_nm: float


@dataclass(frozen=True, slots=True)
class Everything:
    """Not asked at all: the source gives whatever it hears (a local receiver, a global reply)."""


Ask = Fleet | Area | Everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Bytes received from a feed, before anybody has judged them. Credentials are stripped."""

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
    """Decoded from its transfer and content encodings."""


class Outcome(StrEnum):
    """How a poll ended; the label that logs, health, recording and coverage share."""

    HEARD = "heard"
    """A valid reply with at least one aircraft."""
    NOBODY = "nobody"
    """A valid reply without any aircraft: the feed answered, which proves little."""
    STALE = "stale"
    """An unchanged or old reply: a cache answered, not the feed."""
    MALFORMED = "malformed"
    UNREACHABLE = "unreachable"
    RATE_LIMITED = "rate-limited"
    REFUSED = "refused"
    PAYMENT_REQUIRED = "payment-required"

    @property
    def alive(self) -> bool:
        """Whether the feed itself answered with something new."""
        return self in (Outcome.HEARD, Outcome.NOBODY)
