"""What do a server's status, headers and bytes mean for us? The pure half of `http`.

There is no network and no clock here. docs/feed-formats.md#manners lists statuses and pauses:

    401, 403 → Refused      402 → PaymentRequired      429 → RateLimited
    403, 5xx → RateLimited if it names a pause, else 5xx → Unreachable
    a page that tests browsers → Challenged, whatever its status
    any other status but 200 → Malformed: the request is wrong, or the host is not that feed
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from collector.errors import (
    Challenged,
    FeedError,
    Malformed,
    PaymentRequired,
    RateLimited,
    Refused,
    Unreachable,
)
from collector.model.body import GZIP_MAGIC, unpacked
from collector.secret import redacted, without_credentials
from collector.untrusted import visible

RETRIED = frozenset({429, 500, 502, 503, 504})
"""The only statuses after which the same poll is tried again."""
LIMITED_PAUSE = timedelta(seconds=60)
"""Pause after a 429 that names no time to come: adsb.lol answered users again after a minute."""
LONGEST_RETRY_AFTER = timedelta(days=1)
"""A longer pause is a mistake or malice: no feed counts its quota over more than a day."""
INSTEAD_OF_LONGER = timedelta(hours=1)
"""The pause that is kept instead of a longer one, so that a mistake costs an hour and not a day."""
_CHALLENGE_MARKS = (b"_cf_chl_opt", b"<title>just a moment")
"""What Cloudflare's challenge pages contain."""

_DROPPED = frozenset(
    {"connection", "content-encoding", "content-length", "set-cookie", "transfer-encoding"}
)
"""They describe the encoded body, which is not kept, or are private."""
_SENDABLE = re.compile(r"[ -~]{1,1024}")
"""Printable ASCII, and shorter than what servers take; RFC 9110 section 5.5."""


def user_agent(version: str, contact: str | None) -> str:
    """Return the User-Agent that identifies us on every request.

    >>> user_agent("1.0", "a)\\r\\nX-Evil: b")
    'collector/1.0 (contact aX-Evil: b)'
    """
    text = f"contact {contact}" if contact else ""
    about = "".join(c for c in text if c.isascii() and c.isprintable() and c not in "()\\")
    return f"collector/{version} ({about})" if about else f"collector/{version}"


def shown_url(url: str) -> str:
    """Return the URL as it may be shown, logged and recorded.

    >>> shown_url("https://me:pw@host/v2/hex/600865?jv2&api_key=abc&x=1")
    'https://host/v2/hex/600865?jv2&x=1'
    """
    try:
        return visible(without_credentials(url), 4000)
    except ValueError:
        return "(not a URL)"


def kept_headers(
    headers: Iterable[tuple[str, str]], secrets: Collection[str] = ()
) -> tuple[tuple[str, str], ...]:
    """Return the headers that still describe the decoded body, without our secrets."""
    return tuple(
        (redacted(key, secrets), redacted(value, secrets))
        for key, value in headers
        if key.lower() not in _DROPPED
    )


def is_challenge(status: int, headers: Mapping[str, str], body: bytes) -> bool:
    """Return whether an answer other than 200 is a page that tests whether we are a browser.

    Cloudflare marks it with a header, whatever the status; its older pages are known by their text.
    https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response

    >>> is_challenge(403, {"cf-mitigated": "challenge"}, b"")
    True
    """
    if headers.get("cf-mitigated", "").strip().lower() == "challenge":
        return True
    page = body.lower()
    return status in (403, 429, 503) and any(mark in page for mark in _CHALLENGE_MARKS)


def challenged(where: str, status: int) -> Challenged:
    """Return the error for a page that tests browsers."""
    return Challenged(
        f"{where}: answered {status} with a page that tests browsers (a Cloudflare challenge), "
        "which usually passes; polled again within the hour. If it stays, write to its operators"
    )


def obeyed_pause(stated: timedelta | None) -> timedelta | None:
    """Return the pause to keep for a pause that a server states; None if it states none.

    >>> obeyed_pause(timedelta(days=3650))
    datetime.timedelta(seconds=3600)
    """
    return INSTEAD_OF_LONGER if stated is not None and stated > LONGEST_RETRY_AFTER else stated


def stated_pause(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return the pause that the server asks for, the longer one of two headers; None if none.

    Reads `Retry-After` (seconds or an HTTP date) and OpenSky's
    `X-Rate-Limit-Retry-After-Seconds`; names are lower case. Nonsense counts as absent, a date in
    the past as zero. The pause may be absurdly long: see `obeyed_pause`.

    >>> stated_pause({"retry-after": "7"}, datetime(2026, 11, 22, tzinfo=UTC))
    datetime.timedelta(seconds=7)
    """
    wishes = [
        wish
        for name in ("retry-after", "x-rate-limit-retry-after-seconds")
        if (wish := _wish(headers.get(name, "").strip(), now)) is not None
    ]
    return max(wishes, default=None)


def _wish(text: str, now: datetime) -> timedelta | None:
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", text):
        return timedelta(seconds=float(text))
    at = http_date(text)
    if at is None:
        return None
    return max(timedelta(), at - now)


def sendable(value: str | None) -> str:
    """Return a header that a server gave, if it can be sent back to it; else an empty text.

    >>> sendable('"a1"'), sendable("\xff"), sendable("a\x01b"), sendable("x" * 5000)
    ('"a1"', '', '', '')
    """
    return value if value is not None and _SENDABLE.fullmatch(value) else ""


def http_date(text: str | None) -> datetime | None:
    """Return an HTTP date as aware UTC; None if the text is not one."""
    try:
        at = parsedate_to_datetime(text or "")
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def failure(
    where: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> tuple[FeedError, timedelta | None]:
    """Return what an answer other than 200 means, and the shortest pause before another try.

    The pause is None if the same request is not to be tried again. `headers` by lower-case name;
    `body` without our secrets, as `Request.read` returns it.
    """
    if is_challenge(status, headers, body):
        return challenged(where, status), None
    stated = stated_pause(headers, now)
    error = error_for_status(where, status, reason_given(body), stated)
    if status not in RETRIED:
        return error, None
    return error, obeyed_pause(stated) or (LIMITED_PAUSE if status == 429 else timedelta())


def error_for_status(where: str, status: int, reason: str, stated: timedelta | None) -> FeedError:
    """Return the error to raise for an answer other than 200.

    Args:
        where: the URL as it may be shown.
        reason: the server's own words, made harmless; may be empty.
        stated: the pause that the server asks for, from `stated_pause`.
    """
    reason = f" ({reason})" if reason else ""
    if status == 401 or (status == 403 and not stated):
        act = "check the credentials" if status == 401 else "write to its operators"
        return Refused(f"{where}: refused with {status}{reason}; {act} before the next request")
    if status == 402:
        return PaymentRequired(
            f"{where}: quota used up, 402{reason}; polled again on the next billing day"
        )
    if status == 429 or (status in (403, *RETRIED) and stated is not None):
        text = f"{where}: answered {status}{reason}; {_pause_text(stated)}"
        return RateLimited(text, obeyed_pause(stated))
    if status >= 500:
        return Unreachable(f"{where}: server error {status}{reason}; tried again later")
    return Malformed(f"{where}: unexpected answer {status}{reason}; check the feed's address")


def _pause_text(stated: timedelta | None) -> str:
    if stated is None:
        return "backing off"
    if stated > LONGEST_RETRY_AFTER:
        return (
            f"it asks for a pause of {stated.days} days, longer than any quota lasts: polled again "
            f"after {INSTEAD_OF_LONGER / timedelta(hours=1):g} h"
        )
    return f"backing off for {stated.total_seconds():.0f} s"


def redirected(
    where: str,
    url: str,
    location: str,
    follow: Collection[str] = (),
    secrets: Collection[str] = (),
) -> str:
    """Return where a redirect leads.

    Raises Malformed unless it leads to the same host and port, or to a host in `follow` or below
    one, and is encrypted if the request was.

    >>> redirected("http://host/a", "http://host/a", "/b?c")
    'http://host/b?c'
    >>> redirected("https://a.org/x", "https://a.org/x", "https://c.b.org/y", ["b.org"])
    'https://c.b.org/y'
    """
    try:
        target = urljoin(url, location)
        old, new = urlsplit(url), urlsplit(target)
        followed = (old.hostname, old.port) == (new.hostname, new.port) or any(
            f".{new.hostname}".endswith(f".{host}") for host in follow
        )
    except ValueError as error:
        raise Malformed(
            f"{where}: redirects to an impossible address; check the feed's address"
        ) from error
    if not followed or new.scheme not in (old.scheme, "https"):
        elsewhere = redacted(f"{new.scheme}://{new.netloc.rpartition('@')[2]}", secrets)
        elsewhere = visible(elsewhere, 200)
        raise Malformed(f"{where}: redirects to {elsewhere}; check the feed's address")
    return target


def reason_given(body: bytes) -> str:
    """Return the server's own words from an error's body: one line, no markup.

    >>> reason_given(b'{"error": "Please contact us"}')
    'Please contact us'
    >>> reason_given(b"<html><title>403</title>")
    ''
    """
    text = body[:4096].decode("utf-8", "replace").strip()
    if text.startswith("<"):
        return ""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict):
        names = (
            "error",
            "error_description",
            "message",
            "msg",
            "detail",
            "details",
            "title",
            "reason",
        )
        text = "; ".join(answer[name] for name in names if isinstance(answer.get(name), str))
    return visible(text, 300)


def decoded_body(chunks: Iterable[bytes], encoding: str | None, limit: int) -> bytes:
    """Return the body without its content encoding, using little more memory than `limit` bytes.

    `encoding` must be one that was accepted, but the body itself decides whether it is gzipped.
    Raises ValueError, which says what is wrong, if the body is larger than `limit` before or after
    it is unpacked, if its encoding is not gzip, or if the gzip is damaged or ends early.
    """
    name = (encoding or "identity").strip().lower()
    if name not in ("identity", "gzip", "x-gzip"):
        raise ValueError(f"is encoded as {visible(name, 40)}, although only gzip was accepted")
    body = bytearray()
    for piece in chunks:
        body += piece
        if len(body) > limit:
            raise ValueError(f"is larger than {limit} bytes")
    if name != "identity" and body == GZIP_MAGIC[:1]:
        raise ValueError("is gzip that ends early")
    return unpacked(bytes(body), limit)
