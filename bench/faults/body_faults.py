"""How does a feed fail with a 200? Bodies that are no data, odd bytes, false and frozen rows."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from collector.feeds.freshness import FROZEN_AFTER

from .exchange import Answers, Delivers, Exchange, FeedFault, Response
from .exchange import answer as given
from .sky import Row

OTHERS, FALSE, WHOLE = Delivers.OTHERS, Delivers.FALSE, Delivers.WHOLE
STRANGER = "738001"
"""One of those that fly on; in every reply about a place."""
V2 = frozenset({"adsblol", "adsbfi", "airplaneslive", "adsbexchange", "readsb"})
FIELD = {"lat": 29.9403, "lon": 34.9358}
BEIRUT = {"lat": 33.8209, "lon": 35.4884}
"""Where spoofed positions of the region often are."""


def _body(body: bytes, headers: Mapping[str, str] | None = None) -> Answers:
    return lambda at: at.ok(body, headers)


def _packed(at: Exchange) -> Response:
    return at.ok(gzip.compress(at.body()), {"content-encoding": "gzip"})


def _edited(change: Callable[[bytes], bytes]) -> Answers:
    return lambda at: at.ok(change(at.body()))


def _at(span: timedelta, headers: Mapping[str, str] | None = None) -> Answers:
    return lambda at: at.ok(at.body_at(at.now + span), headers)


def _same_again(at: Exchange) -> Response:
    """Repeat the last true reply to this request; one of an hour ago if there was none."""
    return at.ok(at.body_at(at.now - 60 * MINUTE) if at.last is None else at.last)


def _same_rows_as_new(at: Exchange) -> Response:
    """Fail for a moment, and then repeat the rows before that, as what is behind a feed does that
    has stopped: only the time of the reply goes on."""
    begun = datetime.fromtimestamp(float(at.memory.setdefault("begun", _stamp(at.now))), UTC)
    if at.last is None or at.now - begun < FROZEN_AFTER:
        return at.status(503)
    read = json.loads(at.last)
    return at.ok(at.body(read["aircraft"] if at.kind == "readsb" else read["ac"]))


def _stamp(at: datetime) -> bytes:
    return str(at.timestamp()).encode()


def _kept_by_a_cache(age: str | None) -> Answers:
    """Return a fault that repeats an answer of yesterday, `Date` and all."""

    def repeat(at: Exchange) -> Response:
        then = at.now - 24 * 60 * MINUTE
        return given(200, at.body_at(then), then, {"age": age} if age else None)

    return repeat


def _odd(text: str) -> Answers:
    """Return a fault that puts raw JSON into one field of a stranger's row."""

    def spoil(at: Exchange) -> Response:
        rows = [dict(row, flight="@@odd@@") if row["hex"] == STRANGER else row for row in at.rows]
        return at.ok(at.body(rows).replace(b'"@@odd@@"', text.encode("utf-8", "surrogatepass")))

    return spoil


def _own(**change: object) -> Answers:
    """Return a fault that changes the watched aircraft's row."""
    return lambda at: at.ok(at.body(at.with_own(lambda row: row | change)))


def _frozen(at: Exchange) -> Response:
    """Give the first position again and again, as fresh; heights go on."""

    def freeze(row: Row) -> Row:
        place = json.dumps([row["lat"], row["lon"]]).encode()
        lat, lon = json.loads(at.memory.setdefault(str(row["hex"]), place))
        return row | {"lat": lat, "lon": lon}

    return at.ok(at.body(at.with_own(freeze)))


def _last_modified_not_ascii(at: Exchange) -> Response:
    return given(200, at.body(), at.now, [(b"Last-Modified", b"\xff")])


def _elsewhere_once(at: Exchange) -> Response:
    """Report one false position, and then the truth."""
    if at.memory.setdefault("done", b"") or not at.own():
        return at.ok()
    at.memory["done"] = b"1"
    return at.ok(at.body(at.with_own(lambda row: row | BEIRUT)))


def _landed_once(at: Exchange) -> Response:
    """Report an aircraft on the ground of the field that is not there, once."""
    if at.memory.setdefault("done", b"") or not at.own():
        return at.ok()
    at.memory["done"] = b"1"
    there = FIELD | {"alt_baro": "ground", "gs": 20.0}
    return at.ok(at.body(at.with_own(lambda row: row | there)))


def _doubled(at: Exchange) -> Response:
    return at.ok(at.body([*at.rows, *at.rows]))


def _latin_1(at: Exchange) -> Response:
    rows = [dict(row, flight="@@odd@@") if row["hex"] == STRANGER else row for row in at.rows]
    return at.ok(at.body(rows).replace(b"@@odd@@", b"\xe9\xe8"))


MINUTE = timedelta(minutes=1)
BODY_FAULTS = (
    FeedFault("empty body", _body(b"")),
    FeedFault("blank body", _body(b" \n")),
    FeedFault("web page", _body(b"<!doctype html><title>Maintenance</title>")),
    FeedFault("error object", _body(b'{"error":"rate limit exceeded"}')),
    FeedFault("null", _body(b"null")),
    FeedFault("empty list as body", _body(b"[]")),
    FeedFault("no list of aircraft", _body(b'{"now":1795348800000,"msg":"No error"}')),
    FeedFault("half of the JSON", _edited(lambda body: body[: len(body) // 2])),
    FeedFault("two replies in one", _edited(lambda body: body + body), OTHERS),
    FeedFault("nested without end", _body(b'{"ac":' + b"[" * 20_000)),
    FeedFault("nobody listed", lambda at: at.ok(at.body([])), OTHERS),
    FeedFault("gzip", _packed, WHOLE),
    FeedFault("gzip without its header", _edited(gzip.compress), WHOLE),
    FeedFault("plain under gzip", lambda at: at.ok(None, {"content-encoding": "gzip"}), WHOLE),
    FeedFault(
        "gzip cut off",
        lambda at: at.ok(gzip.compress(at.body())[:-20], {"content-encoding": "gzip"}),
    ),
    FeedFault("encoded as nobody asked", _body(b"\x0b\x02\x80", {"content-encoding": "br"})),
    FeedFault("byte order mark", _edited(lambda body: b"\xef\xbb\xbf" + body), WHOLE),
    FeedFault("Last-Modified of byte 0xff", _last_modified_not_ascii, WHOLE),
    FeedFault("header of 60 kB", lambda at: at.ok(None, {"x-odd": "x" * 60_000}), WHOLE),
    FeedFault("stranger with NaN", _odd("NaN"), WHOLE, V2),
    FeedFault("stranger with Infinity", _odd("-Infinity"), WHOLE, V2),
    FeedFault("stranger with a control character", _odd('"A\x01B"'), WHOLE, V2),
    FeedFault("stranger with a lone surrogate", _odd('"\\ud800"'), WHOLE, V2),
    FeedFault("stranger in Latin-1", _latin_1, WHOLE, V2),
    FeedFault("stranger with a huge number", _odd("1e999"), WHOLE, V2),
    FeedFault("stranger with a list", _odd("[[1],{}]"), WHOLE, V2),
    FeedFault("every row twice", _doubled, WHOLE),
    FeedFault("own row with text for a height", _own(alt_baro="unknown"), OTHERS, V2),
    FeedFault("own row without a height", _own(alt_baro=None, alt_geom=None), OTHERS),
    FeedFault("own row without a position", _own(lat=None, lon=None), OTHERS),
    FeedFault("own row of another address", _own(hex="~600865"), OTHERS),
    FeedFault("own position of five minutes ago", _own(seen_pos=300.0), OTHERS),
    FeedFault("own position at latitude 95", _own(lat=95.0), OTHERS),
    FeedFault("own position at 0, 0", _own(lat=0.0, lon=0.0), FALSE),
    FeedFault("own position at Beirut", _own(**BEIRUT), FALSE),
    FeedFault("own position frozen", _frozen, FALSE),
    FeedFault("one false position", _elsewhere_once, FALSE, once=True),
    FeedFault("one false landing", _landed_once, FALSE, once=True),
    FeedFault("made in the future", _at(60 * MINUTE)),
    FeedFault("made yesterday", _at(-24 * 60 * MINUTE)),
    FeedFault("made yesterday, by its Date as well", _kept_by_a_cache(None)),
    FeedFault("made yesterday, as its cache says", _kept_by_a_cache("86400")),
    FeedFault("made a minute ahead", _at(MINUTE), OTHERS),
    FeedFault("made in 1970", _at(timedelta(days=-20_000))),
    FeedFault("the same reply again", _same_again),
    FeedFault("the same rows, as new", _same_rows_as_new, kinds=V2),
    FeedFault("45 s old, as its cache says", _at(timedelta(seconds=-45), {"age": "45"}), OTHERS),
)
