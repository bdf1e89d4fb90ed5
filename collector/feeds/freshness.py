"""Is a body data of the expected kind, and when was it made? `time_of` says it cheaply.

Networks answer 200 with an empty body, a web page, an error object or half a reply, and caches
answer 200 with an old reply. None of these may ever count as "no aircraft". Nor may a reply count
that has a new time and the rows of long ago, since the source behind it has stopped.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from collector.decode.opensky import LISTS as LISTS_OF_STATES
from collector.decode.readsb import LISTS as LISTS_OF_AIRCRAFT
from collector.decode.readsb import error_message
from collector.decode.repair import BOM, repaired_reply
from collector.errors import DecodeError, Malformed, Stale
from collector.model.reply import LATEST_AHEAD, MILLISECONDS_ABOVE, Format, is_newer
from collector.untrusted import visible

LOCAL_MAX_AGE = timedelta(seconds=60)
"""A receiver writes once a second. If its file is older than this, it has stopped."""
FROZEN_AFTER = timedelta(seconds=30)
"""Rows are made anew every few seconds at most; so long the same ones may come from a cache."""
MOVES_FROM_KT = 50.0
"""So fast an aircraft moves 700 m within `FROZEN_AFTER`; and where it is received no more, `seen`
counts on."""
MAX_REMEMBERED = 256


class _V2(msgspec.Struct):
    now: float
    ac: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    aircraft: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    msg: object = None


class _States(msgspec.Struct):
    time: float
    states: msgspec.Raw


class _Row(msgspec.Struct):
    lat: object = None
    lon: object = None
    gs: object = None


class _ErrorObject(msgspec.Struct):
    error: str = ""
    message: str = ""
    msg: str = ""


_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_V2_DECODER = msgspec.json.Decoder(_V2)
_STATES_DECODER = msgspec.json.Decoder(_States)
_ROWS_DECODER = msgspec.json.Decoder(list[_Row])


@dataclass(frozen=True, slots=True)
class Stated:
    """What a body says of itself."""

    made_at: datetime
    rows: bytes = b""
    """The list of aircraft, where their ages count from the reply's time: such rows look as fresh
    as the reply, however old they are. OpenSky's have times of their own."""


def time_of(format: Format, body: bytes, where: str) -> datetime:  # noqa: A002 - the noun's name
    """Return the time at which the reply was made, by its own statement. Raises as `stated`."""
    return stated(format, body, where).made_at


def stated(format: Format, body: bytes, where: str) -> Stated:  # noqa: A002
    """Return when the reply was made, by its own statement, and its rows.

    Raises Malformed if the body is empty, a web page, cut short, or without a list of aircraft.
    """
    body = body.removeprefix(BOM)
    if not body.strip():
        raise Malformed(f"{where}: the body is empty; polled again later")
    try:
        rows, now, message = _stated(format, body)
    except _UNREADABLE as error:
        what = _what_instead(body, str(error))
        raise Malformed(
            f"{where}: the body is not flight data but {what}; polled again later"
        ) from error
    if message is not None:
        raise Malformed(f"{where}: the feed answers with an error: {message}; polled again later")
    if rows is None:
        what = _what_instead(body, "a reply without a list of aircraft")
        raise Malformed(f"{where}: the body is not flight data but {what}; polled again later")
    try:
        made_at = datetime.fromtimestamp(now / 1000 if now > MILLISECONDS_ABOVE else now, UTC)
        return Stated(made_at, rows)
    except (OverflowError, OSError, ValueError) as error:
        raise Malformed(f"{where}: its time {now!r} is impossible; polled again later") from error


def _stated(format: Format, body: bytes) -> tuple[bytes | None, float, str | None]:  # noqa: A002
    """Return the rows (None if there is no list of aircraft; OpenSky's are left out), the reply's
    time, and the error it states.

    Where the JSON is damaged, it is repaired as `decode` repairs it. Raises as the decoder does.
    """
    lists = LISTS_OF_STATES if format is Format.OPENSKY_STATES else LISTS_OF_AIRCRAFT
    read = _read_states if format is Format.OPENSKY_STATES else _read_v2
    try:
        if not body.isascii():
            body.decode()  # the decoder does not check what it skips
        return read(body)
    except _UNREADABLE as error:
        try:
            return read(repaired_reply(body, lists)[0])
        except (DecodeError, *_UNREADABLE):
            raise error from None


def _read_states(body: bytes) -> tuple[bytes | None, float, None]:
    states = _STATES_DECODER.decode(body)
    listed = bytes(states.states)
    return b"" if listed == b"null" or listed.startswith(b"[") else None, states.time, None


def _read_v2(body: bytes) -> tuple[bytes | None, float, str | None]:
    v2 = _V2_DECODER.decode(body)
    rows = v2.ac if v2.ac is not msgspec.UNSET else v2.aircraft
    listed = b"" if rows is msgspec.UNSET else bytes(rows)
    filled = listed.startswith(b"[") and not listed[1:64].lstrip().startswith(b"]")
    message = None if filled else error_message(v2.msg)
    return listed if listed.startswith(b"[") else None, v2.now, message


def _what_instead(body: bytes, otherwise: str) -> str:
    if body.lstrip()[:1] == b"<":
        return "a web page"
    try:
        reply = msgspec.json.decode(body, type=_ErrorObject)
    except _UNREADABLE:
        return visible(otherwise, 200)
    messages = map(error_message, (reply.error, reply.message, reply.msg))
    message = next((each for each in messages if each is not None), None)
    return visible(otherwise, 200) if message is None else f"the message {message!r}"


class Freshness:
    """The time of each poll's last reply, by which a cached reply is recognised."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}
        self._rows: dict[str, tuple[bytes, datetime]] = {}
        """The digest of each poll's last rows, and when a reply first had them."""

    def check(self, key: str, made_at: datetime, now: datetime, max_age: timedelta) -> None:
        """Remember the time of a reply to the poll `key`.

        Raises Stale if the reply is not newer than the last one, or is too old; Malformed if it was
        made in the future.
        """
        if now - made_at > max_age:
            age_s = (now - made_at).total_seconds()
            raise Stale(
                f"{key}: the reply is {age_s:.0f} s old; if that is wrong, check both clocks"
            )
        if made_at - now > LATEST_AHEAD:
            raise Malformed(f"{key}: made at {made_at:%F %H:%M}Z, in the future; check our clock")
        before = self._last.pop(key, None)
        self._last[key] = made_at
        if before is not None and not is_newer(before, made_at, now):
            self._last[key] = before
            raise Stale(f"{key}: the same reply as before, made at {before:%H:%M:%S}Z")
        while len(self._last) > MAX_REMEMBERED:
            del self._last[next(iter(self._last))]

    def check_rows(self, key: str, reply: Stated) -> None:
        """Remember the rows of a reply to the poll `key`.

        Raises Stale if they have been the same for `FROZEN_AFTER`, although an aircraft moves.
        """
        digest = hashlib.blake2b(reply.rows, digest_size=16).digest()
        rows, since = self._rows.pop(key, (b"", reply.made_at))
        self._rows[key] = (digest, since if rows == digest else reply.made_at)
        while len(self._rows) > MAX_REMEMBERED:
            del self._rows[next(iter(self._rows))]
        frozen_for = reply.made_at - self._rows[key][1]
        if frozen_for >= FROZEN_AFTER and _moves(reply.rows):
            raise Stale(
                f"{key}: the same positions as {frozen_for.total_seconds():.0f} s ago under a new "
                "time, although aircraft were moving; what is behind it has stopped"
            )


def _moves(rows: bytes) -> bool:
    """Return whether one of these rows has a position, and a speed at which that must change."""
    try:
        read = _ROWS_DECODER.decode(rows)
    except _UNREADABLE:
        return False
    return any(
        isinstance(row.gs, int | float)
        and row.gs >= MOVES_FROM_KT
        and row.lat is not None
        and row.lon is not None
        for row in read
    )
