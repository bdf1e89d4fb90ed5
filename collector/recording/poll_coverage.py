"""How is the coverage of a poll recorded? It becomes one line of JSON, which is read back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from collector.errors import RecordingError
from collector.model.coverage import PollCoverage
from collector.model.reply import Area, Ask, Everything, Fleet, Outcome


class _Written(msgspec.Struct, kw_only=True, tag_field="record", tag="hearing"):
    """The JSON of a `metadata` record: `{"record": "hearing", …}`."""

    feed: str
    at: datetime
    outcome: Outcome
    area: bool
    aircraft: int
    unplaced: int
    cells: list[tuple[int, int, int, int]]
    """Latitude index, longitude index, altitude band, aircraft (see `model.coverage.Cell`)."""


_DECODER = msgspec.json.Decoder(_Written)


def to_json(poll: PollCoverage) -> bytes:
    """Return the coverage of a poll as one line of JSON."""
    return msgspec.json.encode(
        _Written(
            feed=poll.feed,
            at=poll.at,
            outcome=poll.outcome,
            area=poll.area,
            aircraft=poll.aircraft,
            unplaced=poll.unplaced,
            cells=[(*cell, count) for cell, count in sorted(poll.cells.items())],
        )
    )


def from_json(text: bytes) -> PollCoverage:
    """Return the coverage that the JSON holds. Raises RecordingError if it holds none."""
    try:
        written = _DECODER.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RecordingError(
            f"the metadata record does not hold the coverage of a poll ({error})"
        ) from error
    if written.at.tzinfo is None:
        raise RecordingError("the time of the poll has no time zone")
    return PollCoverage(
        feed=written.feed,
        at=written.at,
        outcome=written.outcome,
        area=written.area,
        aircraft=written.aircraft,
        unplaced=written.unplaced,
        cells={(lat, lon, band): count for lat, lon, band, count in written.cells},
    )


def ask_to_text(ask: Ask) -> str:
    """Return a poll's question as the value of a WARC header field.

    >>> ask_to_text(Area(29.94, 34.93, 100.0)), ask_to_text(Fleet(("600865",)))
    ('area 29.94 34.93 100.0', 'fleet 600865')
    """
    if isinstance(ask, Fleet):
        return f"fleet {','.join(ask.icao24)}".rstrip()
    if isinstance(ask, Area):
        return f"area {ask.lat_deg!r} {ask.lon_deg!r} {ask.radius_nm!r}"
    return "everything"


def ask_from_text(text: str) -> Ask | None:
    """Return the question that the text holds; None if it holds none."""
    kind, _, rest = text.partition(" ")
    if kind == "fleet":
        return Fleet(tuple(icao24 for icao24 in rest.split(",") if icao24))
    if kind == "area":
        try:
            lat, lon, radius = (float(number) for number in rest.split())
        except ValueError:
            return None
        return Area(lat, lon, radius)
    return Everything() if kind == "everything" else None


FEED_FIELD = "Collector-Feed"
FORMAT_FIELD = "Collector-Format"
ASK_FIELD = "Collector-Ask"
CACHED_FIELD = "Collector-Cached"
"""Present if the reply came from a cache, so that it proves no coverage."""
REDACTED_FIELD = "Collector-Redacted"
"""Present if something was taken out of a record before it was handed on, and says what."""
REFERS_FIELD = "WARC-Refers-To"
"""The record as it was received, of which a redacted one was made (WARC 1.1, 5.8)."""
ID_FIELD = "WARC-Record-ID"
OWN_FIELDS = frozenset(
    {"Content-Length", "Content-Type", "WARC-Block-Digest", "WARC-Date", "WARC-Payload-Digest"}
    | {"WARC-Target-URI", "WARC-Type", ID_FIELD, REFERS_FIELD}
    | {FEED_FIELD, FORMAT_FIELD, ASK_FIELD, CACHED_FIELD, REDACTED_FIELD}
)
"""The header fields that our recorder writes; other tools also write the server's address."""


def extension_fields(feed: str, fmt: str, ask: Ask) -> Mapping[str, str]:
    """Return the extension fields, with which `read` need not identify the feed by URL."""
    return {FEED_FIELD: feed, FORMAT_FIELD: fmt, ASK_FIELD: ask_to_text(ask)}
