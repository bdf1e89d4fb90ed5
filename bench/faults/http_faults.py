"""How does a feed fail below its body? Connections that break, and statuses that are no 200."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import NoReturn

import httpx

from .exchange import HANGS, Answers, Delivers, Exchange, FeedFault, Response, Stream
from .exchange import answer as given

CHALLENGE = b"<html><title>Just a moment...</title><script>window._cf_chl_opt={}</script>"


LOOKED_UP_FOR = timedelta(seconds=90)
"""Three servers of names, asked for 5 s each, three times, twice (resolv.conf(5)): no time-out of
ours ends that."""


def _raises(
    error: type[httpx.TransportError], text: str, after: timedelta | None = None
) -> Answers:
    def fail(at: Exchange) -> NoReturn:
        if after is not None:
            at.wait(after)
        raise error(text, request=at.request)

    return fail


def _cut(at: Exchange) -> Response:
    body = at.body()
    broken = httpx.RemoteProtocolError("peer closed connection without sending complete body")
    return given(200, Stream(body[: len(body) // 2], broken), at.now)


def _stalls(at: Exchange) -> Response:
    at.wait(HANGS)
    return given(200, Stream(at.body()[:40], httpx.ReadTimeout("timed out")), at.now)


def _slow(at: Exchange) -> Response:
    body = at.body()
    at.wait(timedelta(seconds=15))
    return at.ok(body)


def _status(code: int, body: bytes = b"", **headers: str) -> Answers:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda at: at.status(code, body, named)


def _limited_until_a_date(at: Exchange) -> Response:
    until = format_datetime(at.now + timedelta(seconds=90), usegmt=True)
    return at.status(429, b"", {"retry-after": until})


def _elsewhere(at: Exchange) -> Response:
    return at.status(301, b"", {"location": "https://parked.example/"})


def _in_a_circle(at: Exchange) -> Response:
    return at.status(302, b"", {"location": str(at.request.url)})


def _now_and_then(at: Exchange) -> Response:
    """Answer every second request, as a host that limits us by the second does."""
    at.memory["odd"] = b"" if at.memory.get("odd") else b"1"
    return at.status(429) if at.memory["odd"] else at.ok()


HTTP_FAULTS = (
    FeedFault("no route", _raises(httpx.ConnectError, "No route to host")),
    FeedFault("no name", _raises(httpx.ConnectError, "Temporary failure in name resolution")),
    FeedFault(
        "name looked up for 90 s",
        _raises(httpx.ConnectError, "Temporary failure in name resolution", LOOKED_UP_FOR),
    ),
    FeedFault("connection refused", _raises(httpx.ConnectError, "Connection refused")),
    FeedFault("wrong certificate", _raises(httpx.ConnectError, "certificate verify failed")),
    FeedFault("cannot connect in time", _raises(httpx.ConnectTimeout, "timed out", HANGS)),
    FeedFault("hangs", _raises(httpx.ReadTimeout, "timed out", HANGS)),
    FeedFault("reset", _raises(httpx.ReadError, "Connection reset by peer")),
    FeedFault(
        "closes without an answer",
        _raises(httpx.RemoteProtocolError, "Server disconnected without sending a response."),
    ),
    FeedFault("body cut off", _cut),
    FeedFault("body stalls", _stalls),
    FeedFault("takes 15 s", _slow, Delivers.WHOLE),
    FeedFault("400", _status(400, b'{"error":"bad request"}')),
    FeedFault("401", _status(401, b'{"error":"Unauthorized"}'), parks=True),
    FeedFault("402", _status(402, b'{"error":"payment required"}'), parks=True),
    FeedFault("403", _status(403, b"Forbidden"), parks=True),
    FeedFault("403, a page that tests browsers", _status(403, CHALLENGE, cf_mitigated="challenge")),
    FeedFault("404", _status(404, b"not found")),
    FeedFault("407 of a proxy", _status(407, proxy_authenticate='Basic realm="office"')),
    FeedFault("429", _status(429)),
    FeedFault("429, Retry-After 30", _status(429, retry_after="30")),
    FeedFault("429, Retry-After in years", _status(429, retry_after="999999999")),
    FeedFault("429, Retry-After a date", _limited_until_a_date),
    FeedFault("429, OpenSky's header", _status(429, x_rate_limit_retry_after_seconds="300")),
    FeedFault("429 to every second request", _now_and_then, Delivers.WHOLE),
    FeedFault("500", _status(500, b"Internal Server Error")),
    FeedFault("502", _status(502, b"<html>502 Bad Gateway</html>")),
    FeedFault("503", _status(503)),
    FeedFault("503, Retry-After 120", _status(503, retry_after="120")),
    FeedFault("504", _status(504)),
    FeedFault("520", _status(520, b"<html>Web server returns an unknown error</html>")),
    FeedFault("204", _status(204)),
    FeedFault("304", _status(304)),
    FeedFault("redirects elsewhere", _elsewhere),
    FeedFault("redirects in a circle", _in_a_circle),
)
