"""Is this body data of the expected kind at all, and of when? Cheap, before any decoding (step 1).

Networks answer 200 with nothing, with a page, with an error object or with half a reply, and
caches answer 200 with what they gave before. None of that may ever read as "no aircraft".
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from collector.errors import Malformed, Stale
from collector.model.reply import LATEST_AHEAD, MILLISECONDS_ABOVE, Format
from collector.untrusted import visible

LOCAL_MAX_AGE = timedelta(seconds=60)
"""A receiver writes once a second; older than this it has stopped."""
MAX_REMEMBERED = 256


class _V2(msgspec.Struct):
    now: float
    ac: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    aircraft: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class _States(msgspec.Struct):
    time: float
    states: msgspec.Raw


class _Told(msgspec.Struct):
    error: str = ""
    message: str = ""
    msg: str = ""


_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_V2_DECODER = msgspec.json.Decoder(_V2)
_STATES_DECODER = msgspec.json.Decoder(_States)


def time_of(format: Format, body: bytes, where: str) -> datetime:  # noqa: A002 - the noun's name
    """When the reply says that it was made.

    Raises Malformed if the body is empty, a page, cut short, or without its list of aircraft.
    """
    if not body.strip():
        raise Malformed(f"{where}: an empty body; asked again later")
    try:
        if not body.isascii():
            body.decode()  # what is skipped below is not looked at otherwise
        if format is Format.OPENSKY_STATES:
            states = _STATES_DECODER.decode(body)
            listed, now = bytes(states.states), states.time
            good = listed == b"null" or listed.startswith(b"[")
        else:
            v2 = _V2_DECODER.decode(body)
            rows = v2.ac if v2.ac is not msgspec.UNSET else v2.aircraft
            good, now = rows is not msgspec.UNSET and bytes(rows).startswith(b"["), v2.now
    except _UNREADABLE as error:
        what = _what_instead(body, str(error))
        raise Malformed(f"{where}: no flight data but {what}; asked again later") from error
    if not good:
        raise Malformed(f"{where}: {_what_instead(body, 'no list of aircraft')}; asked again later")
    try:
        return datetime.fromtimestamp(now / 1000 if now > MILLISECONDS_ABOVE else now, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise Malformed(f"{where}: its time {now!r} is none; asked again later") from error


def _what_instead(body: bytes, otherwise: str) -> str:
    if body.lstrip()[:1] == b"<":
        return "a web page"
    try:
        told = msgspec.json.decode(body, type=_Told)
    except _UNREADABLE:
        return visible(otherwise, 200)
    said = told.error or told.message or told.msg
    return f"the message {visible(said, 200)!r}" if said else visible(otherwise, 200)


class Freshness:
    """When each ask's last answer was made, so that a cached answer is known for one."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}

    def check(self, key: str, made_at: datetime, now: datetime, max_age: timedelta) -> None:
        """Note an answer to `key`.

        Raises Stale if it was made no later than the one before, or is too old; Malformed if it
        was made in the future.
        """
        if now - made_at > max_age:
            age_s = (now - made_at).total_seconds()
            raise Stale(f"{key}: made {age_s:.0f} s ago by its clock; check it and ours")
        if made_at - now > LATEST_AHEAD:
            raise Malformed(f"{key}: made at {made_at:%F %H:%M}Z, still to come; check our clock")
        before = self._last.pop(key, None)
        self._last[key] = made_at
        if before is not None and made_at <= before:
            self._last[key] = before
            raise Stale(f"{key}: the same answer as before, made at {before:%H:%M:%S}Z")
        while len(self._last) > MAX_REMEMBERED:
            del self._last[next(iter(self._last))]
