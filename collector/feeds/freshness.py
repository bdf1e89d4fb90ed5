"""Is a body data of the expected kind, and when was it made? `time_of` says it cheaply.

Networks answer 200 with an empty body, a web page, an error object or half a reply, and caches
answer 200 with an old reply. None of these may ever count as "no aircraft".
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from collector.decode.opensky import LISTS as LISTS_OF_STATES
from collector.decode.readsb import LISTS as LISTS_OF_AIRCRAFT
from collector.decode.readsb import error_message
from collector.decode.repair import BOM, repaired_reply
from collector.errors import DecodeError, Malformed, Stale
from collector.model.reply import LATEST_AHEAD, MILLISECONDS_ABOVE, Format
from collector.untrusted import visible

LOCAL_MAX_AGE = timedelta(seconds=60)
"""A receiver writes once a second. If its file is older than this, it has stopped."""
MAX_REMEMBERED = 256


class _V2(msgspec.Struct):
    now: float
    ac: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    aircraft: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    msg: object = None


class _States(msgspec.Struct):
    time: float
    states: msgspec.Raw


class _ErrorObject(msgspec.Struct):
    error: str = ""
    message: str = ""
    msg: str = ""


_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_V2_DECODER = msgspec.json.Decoder(_V2)
_STATES_DECODER = msgspec.json.Decoder(_States)


def time_of(format: Format, body: bytes, where: str) -> datetime:  # noqa: A002 - the noun's name
    """Return the time at which the reply was made, by its own statement.

    Raises Malformed if the body is empty, a web page, cut short, or without a list of aircraft.
    """
    body = body.removeprefix(BOM)
    if not body.strip():
        raise Malformed(f"{where}: the body is empty; polled again later")
    try:
        good, now, message = _stated(format, body)
    except _UNREADABLE as error:
        what = _what_instead(body, str(error))
        raise Malformed(
            f"{where}: the body is not flight data but {what}; polled again later"
        ) from error
    if message is not None:
        raise Malformed(f"{where}: the feed answers with an error: {message}; polled again later")
    if not good:
        what = _what_instead(body, "a reply without a list of aircraft")
        raise Malformed(f"{where}: the body is not flight data but {what}; polled again later")
    try:
        return datetime.fromtimestamp(now / 1000 if now > MILLISECONDS_ABOVE else now, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise Malformed(f"{where}: its time {now!r} is impossible; polled again later") from error


def _stated(format: Format, body: bytes) -> tuple[bool, float, str | None]:  # noqa: A002
    """Return whether there is a list of aircraft, the reply's time, and the error it states.

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


def _read_states(body: bytes) -> tuple[bool, float, None]:
    states = _STATES_DECODER.decode(body)
    listed = bytes(states.states)
    return listed == b"null" or listed.startswith(b"["), states.time, None


def _read_v2(body: bytes) -> tuple[bool, float, str | None]:
    v2 = _V2_DECODER.decode(body)
    rows = v2.ac if v2.ac is not msgspec.UNSET else v2.aircraft
    listed = b"" if rows is msgspec.UNSET else bytes(rows)
    filled = listed.startswith(b"[") and not listed[1:64].lstrip().startswith(b"]")
    return listed.startswith(b"["), v2.now, None if filled else error_message(v2.msg)


def _what_instead(body: bytes, otherwise: str) -> str:
    if body.lstrip()[:1] == b"<":
        return "a web page"
    try:
        reply = msgspec.json.decode(body, type=_ErrorObject)
    except _UNREADABLE:
        return visible(otherwise, 200)
    message = reply.error or reply.message or reply.msg
    return f"the message {visible(message, 200)!r}" if message else visible(otherwise, 200)


class Freshness:
    """The time of each poll's last reply, by which a cached reply is recognised."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}

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
        if before is not None and made_at <= before:
            self._last[key] = before
            raise Stale(f"{key}: the same reply as before, made at {before:%H:%M:%S}Z")
        while len(self._last) > MAX_REMEMBERED:
            del self._last[next(iter(self._last))]
