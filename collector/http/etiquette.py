"""What do a server's status, headers and bytes ask of us? The pure half of `http` (step 1).

No network and no clock in here. The statuses and waits are those of docs/feeds.md:

    401, 403 → Refused      402 → PaymentRequired      429 → RateLimited
    5xx → Unreachable, or RateLimited where it says when to come back
    anything else but 200 → Malformed: we asked wrongly, or it is not that feed
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
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
from collector.untrusted import visible

RETRIED = frozenset({429, 500, 502, 503, 504})
"""Worth a second try within the same poll; nothing else is."""
LIMITED_PAUSE = timedelta(seconds=60)
"""Wait after a 429 that names no time: users of adsb.lol were let in again after a minute."""
LONGEST_RETRY_AFTER = timedelta(days=2)
"""A longer wish is a mistake or malice; nobody's quota is counted over more than a day."""

_DROPPED = frozenset(
    {"connection", "content-encoding", "content-length", "set-cookie", "transfer-encoding"}
)
"""They describe bytes we no longer have, or are nobody's business."""
_PIECE = 256 * 1024


def user_agent(version: str, homepage: str | None, contact: str | None) -> str:
    """Who we are, honestly, on every request.

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
    """The URL as it may be shown and logged: without what is not recorded either.

    >>> without_credentials("https://me:pw@host/v2/hex/600865?jv2&api_key=abc&x=1")
    'https://host/v2/hex/600865?jv2&x=1'
    """
    try:
        return visible(secret_collector.without_credentials(url), 4000)
    except ValueError:
        return "(not a URL)"


def kept_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers that still describe the decoded body."""
    return tuple((key, value) for key, value in headers if key.lower() not in _DROPPED)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the server wants to be left alone; the longer one if two headers say so.

    Reads `Retry-After` (seconds or an HTTP date) and OpenSky's
    `X-Rate-Limit-Retry-After-Seconds`; names are lower case, nonsense counts as not said.

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


def http_date(text: str | None) -> datetime | None:
    """An HTTP date as aware UTC; None if it is none."""
    try:
        at = parsedate_to_datetime(text or "")
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def verdict(where: str, status: int, said: str, wish: timedelta | None) -> FeedError:
    """What an answer other than 200 means, as the error to raise.

    Args:
        where: the URL as it may be shown.
        said: what the server gives as its reason, made harmless; may be empty.
        wish: from `retry_after`.
    """
    reason = f" ({said})" if said else ""
    if status in (401, 403):
        act = "check the credentials" if status == 401 else "write to its operators"
        return Refused(f"{where}: refused with {status}{reason}; {act} before asking again")
    if status == 402:
        return PaymentRequired(
            f"{where}: quota used up, 402{reason}; asked again on the next billing day"
        )
    if status == 429 or (status in RETRIED and wish is not None):
        when = f" for {wish.total_seconds():.0f} s" if wish is not None else ""
        return RateLimited(f"{where}: answered {status}{reason}; leave it alone{when}", wish)
    if status >= 500:
        return Unreachable(f"{where}: server error {status}{reason}; asked again later")
    return Malformed(f"{where}: unexpected answer {status}{reason}; check the feed's address")


def redirected(where: str, url: str, location: str, follow: Collection[str] = ()) -> str:
    """Where a redirect leads; Malformed unless to that host and port, encrypted as before.

    `follow` are other hosts, those below them included, that it may lead to.

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
        raise Malformed(f"{where}: redirects to nowhere; check the feed's address") from error
    if not followed or new.scheme not in (old.scheme, "https"):
        elsewhere = visible(f"{new.scheme}://{new.netloc.rpartition('@')[2]}", 200)
        raise Malformed(f"{where}: redirects to {elsewhere}; check the feed's address")
    return target


def reason_given(body: bytes, secrets: Iterable[str] = ()) -> str:
    """The server's own words from an error's body, on one line, without secrets or markup.

    >>> reason_given(b'{"error": "Please contact us"}')
    'Please contact us'
    >>> reason_given(b"<html><title>403</title>")
    ''
    """
    text = body[:4096].decode("utf-8", "replace").strip()
    if text.startswith("<"):
        return ""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict):
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
        text = "; ".join(told[name] for name in names if isinstance(told.get(name), str))
    for secret in secrets:
        text = text.replace(secret, "…") if secret else text
    return visible(text, 300)


def inflated(chunks: Iterable[bytes], encoding: str | None, limit: int) -> bytes:
    """The body without its content encoding, never holding much more than `limit` bytes.

    Raises ValueError, with what is wrong, if the body is larger than that once decoded, if it is
    encoded otherwise than with gzip, or if its gzip stream is damaged or ends early.
    """
    name = (encoding or "identity").strip().lower()
    if name not in ("identity", "gzip", "x-gzip"):
        raise ValueError(f"is encoded as {visible(name, 40)}, though only gzip was accepted")
    body = bytearray()
    for piece in chunks if name == "identity" else _gunzipped(chunks):
        body += piece
        if len(body) > limit:
            raise ValueError(f"is larger than {limit} bytes")
    return bytes(body)


def _gunzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    engine = zlib.decompressobj(wbits=31)
    begun = False
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if engine.eof:
                    engine = zlib.decompressobj(wbits=31)
                begun = True
                yield engine.decompress(rest, _PIECE)
                rest = engine.unused_data if engine.eof else engine.unconsumed_tail
    except zlib.error as error:
        raise ValueError("is damaged gzip") from error
    if begun and not engine.eof:
        raise ValueError("is gzip that ends early")
