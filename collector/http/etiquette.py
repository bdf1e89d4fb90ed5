"""What do a server's status, headers and bytes mean for us? The pure half of `http`.

There is no network and no clock here. docs/feed-formats.md#manners lists statuses and pauses:

    401, 403 → Refused      402 → PaymentRequired      429 → RateLimited
    5xx → Unreachable, or RateLimited if it names a pause
    any other status but 200 → Malformed: the request is wrong, or the host is not that feed
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from collector import secret as secret_collector
from collector.errors import (
    FeedError,
    Malformed,
    PaymentRequired,
    RateLimited,
    Refused,
    Unreachable,
)
from collector.model.body import GZIP_MAGIC, unpacked
from collector.secret import redacted
from collector.untrusted import visible

RETRIED = frozenset({429, 500, 502, 503, 504})
"""The only statuses after which the same poll is tried again."""
LIMITED_PAUSE = timedelta(seconds=60)
"""Pause after a 429 that names no time: adsb.lol answered users again after a minute."""
LONGEST_RETRY_AFTER = timedelta(days=2)
"""A longer pause is a mistake or malice: no feed counts its quota over more than a day."""

_DROPPED = frozenset(
    {"connection", "content-encoding", "content-length", "set-cookie", "transfer-encoding"}
)
"""They describe the encoded body, which is not kept, or are private."""
_SENDABLE = re.compile(r"[ -~]{1,1024}")
"""Printable ASCII, and shorter than what servers take; RFC 9110 section 5.5."""


def user_agent(version: str, homepage: str | None, contact: str | None) -> str:
    """Return the User-Agent that identifies us on every request.

    >>> user_agent("1.0", "https://example.org/c", "ops@example.org")
    'collector/1.0 (+https://example.org/c; contact ops@example.org)'
    >>> user_agent("1.0", None, "a)\\r\\nX-Evil: b")
    'collector/1.0 (contact aX-Evil: b)'
    """
    parts = [f"+{homepage}"] if homepage else []
    if contact:
        parts.append(f"contact {contact}")
    about = "".join(
        c for c in "; ".join(parts) if c.isascii() and c.isprintable() and c not in "()\\"
    )
    return f"collector/{version} ({about})" if about else f"collector/{version}"


def without_credentials(url: str) -> str:
    """Return the URL as it may be shown, logged and recorded.

    >>> without_credentials("https://me:pw@host/v2/hex/600865?jv2&api_key=abc&x=1")
    'https://host/v2/hex/600865?jv2&x=1'
    """
    try:
        return visible(secret_collector.without_credentials(url), 4000)
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


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return the pause that the server asks for, the longer one of two headers; None if none.

    Reads `Retry-After` (seconds or an HTTP date) and OpenSky's
    `X-Rate-Limit-Retry-After-Seconds`; names are lower case. Nonsense counts as absent.

    >>> retry_after({"retry-after": "7"}, datetime(2026, 11, 22, tzinfo=UTC))
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
        return min(LONGEST_RETRY_AFTER, timedelta(seconds=float(text)))
    at = http_date(text)
    if at is None:
        return None
    return min(LONGEST_RETRY_AFTER, max(timedelta(), at - now))


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


def error_for_status(where: str, status: int, reason: str, wish: timedelta | None) -> FeedError:
    """Return the error to raise for an answer other than 200.

    Args:
        where: the URL as it may be shown.
        reason: the server's own words, made harmless; may be empty.
        wish: the pause that the server asks for, from `retry_after`.
    """
    reason = f" ({reason})" if reason else ""
    if status in (401, 403):
        act = "check the credentials" if status == 401 else "write to its operators"
        return Refused(f"{where}: refused with {status}{reason}; {act} before the next request")
    if status == 402:
        return PaymentRequired(
            f"{where}: quota used up, 402{reason}; polled again on the next billing day"
        )
    if status == 429 or (status in RETRIED and wish is not None):
        when = "backing off" if wish is None else f"backing off for {wish.total_seconds():.0f} s"
        return RateLimited(f"{where}: answered {status}{reason}; {when}", wish)
    if status >= 500:
        return Unreachable(f"{where}: server error {status}{reason}; tried again later")
    return Malformed(f"{where}: unexpected answer {status}{reason}; check the feed's address")


def redirected(where: str, url: str, location: str, follow: Collection[str] = ()) -> str:
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
        elsewhere = visible(f"{new.scheme}://{new.netloc.rpartition('@')[2]}", 200)
        raise Malformed(f"{where}: redirects to {elsewhere}; check the feed's address")
    return target


def reason_given(body: bytes, secrets: Iterable[str] = ()) -> str:
    """Return the server's own words from an error's body: one line, no secrets, no markup.

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
    for secret in secrets:
        text = text.replace(secret, "…") if secret else text
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
