"""Which kinds of feed exist, and is a feed configured correctly? A table and a pure check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from urllib.parse import urlsplit

from collector.errors import Mistake
from collector.feeds import terms
from collector.feeds.config import FeedSettings
from collector.feeds.track_urls import track_mistakes
from collector.model.terms import Terms
from collector.untrusted import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedKind:
    """What all feeds of a kind have in common."""

    terms: Terms
    default_poll: timedelta
    spacing: timedelta
    """Shortest pause between two requests to its host."""
    per_day: int | None
    """Request budget per UTC day, unless the operator sets another; None: no limit."""
    needs: tuple[str, ...] = ()
    """Settings that it must have."""
    takes: tuple[str, ...] = ()
    """Settings it may have besides name, kind, enabled, consent, daily_requests and traces."""
    traces: str | None = None
    """Documented path of full tracks below its address; None if it documents none."""


KINDS: Mapping[str, FeedKind] = MappingProxyType(
    {
        # A pause of 2 s was never refused. The budget is our own: a request every 9 s on average.
        "adsblol": FeedKind(
            terms=terms.ADSBLOL,
            default_poll=timedelta(seconds=60),
            spacing=timedelta(seconds=2),
            per_day=10_000,
            takes=("url",),
        ),
        # One request a second is allowed, and failed requests count.
        "adsbfi": FeedKind(
            terms=terms.ADSBFI,
            default_poll=timedelta(seconds=60),
            spacing=timedelta(seconds=1.1),
            per_day=10_000,
            takes=("url",),
        ),
        "airplaneslive": FeedKind(
            terms=terms.AIRPLANESLIVE,
            default_poll=timedelta(seconds=60),
            spacing=timedelta(seconds=2),
            per_day=5_000,
            takes=("url", "api_key", "header"),
        ),
        # 10,000 requests a month is the smallest plan; a contract may allow more.
        "adsbexchange": FeedKind(
            terms=terms.ADSBEXCHANGE,
            default_poll=timedelta(minutes=5),
            spacing=timedelta(seconds=1.1),
            per_day=320,
            needs=("api_key",),
            takes=("url", "header"),
            traces="/v2/traces",
        ),
        # 4,000 credits a day and bucket with an account; anonymous users have 400 (opensky.py).
        "opensky": FeedKind(
            terms=terms.OPENSKY,
            default_poll=timedelta(minutes=2),
            spacing=timedelta(seconds=5),
            per_day=4_000,
            takes=("url", "client_id", "client_secret", "token_url"),
            traces="/tracks/all",
        ),
        "readsb": FeedKind(
            terms=terms.LOCAL,
            default_poll=timedelta(seconds=15),
            spacing=timedelta(seconds=1),
            per_day=None,
            needs=("url",),
            takes=("api_key", "header"),
            traces="/traces",
        ),
    }
)

_OPTIONAL = ("url", "api_key", "client_id", "client_secret", "header", "token_url")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def mistakes(settings: FeedSettings) -> list[Mistake]:
    """Return everything that keeps this feed from being built; `where` is `feeds.NAME[.KEY]`."""
    here = f"feeds.{visible(settings.name, 60)}"
    kind = KINDS.get(settings.kind)
    if kind is None:
        kinds = ", ".join(sorted(KINDS))
        return [
            Mistake(
                f"{here}.kind", f"{settings.kind!r} is not a kind of feed: choose one of {kinds}"
            )
        ]
    found = [*_consent(settings, kind), *_keys(settings, kind), *_secrets(settings)]
    found += _addresses(settings)
    found += [("traces", what) for what in track_mistakes(settings, kind.traces)]
    if settings.daily_requests is not None and settings.daily_requests < 1:
        found.append(
            ("daily_requests", "must be at least 1; to switch the feed off, set enabled = false")
        )
    return [Mistake(f"{here}.{key}", what) for key, what in found]


Found = tuple[str, str]


def _consent(settings: FeedSettings, kind: FeedKind) -> Iterator[Found]:
    if kind.terms.needs_consent and not (settings.consent or "").strip():
        yield (
            "consent",
            f"state in words which permission you have: {kind.terms.licence}; see {kind.terms.url}",
        )


def _keys(settings: FeedSettings, kind: FeedKind) -> Iterator[Found]:
    for key in _OPTIONAL:
        value = getattr(settings, key)
        if key in kind.needs and not value:
            yield key, f"is missing: a feed of kind {settings.kind} needs it"
        elif value and key not in kind.needs + kind.takes:
            yield key, f"a feed of kind {settings.kind} does not use it: remove it"
    if bool(settings.client_id) != bool(settings.client_secret):
        missing = "client_secret" if settings.client_id else "client_id"
        yield missing, "is missing: an account has both a client id and a client secret"
    if settings.header and not _HEADER.fullmatch(settings.header):
        yield "header", "is not the name of an HTTP header: write it like x-api-key"


def _secrets(settings: FeedSettings) -> Iterator[Found]:
    for key in ("api_key", "client_id", "client_secret"):
        secret = getattr(settings, key)
        # The library that refuses to send a line break would quote the secret.
        if secret and not re.fullmatch(r"[!-~]+( [!-~]+)*", secret.reveal()):
            yield (
                key,
                "contains a line break or a character that no key has: copy it again",
            )


def _addresses(settings: FeedSettings) -> Iterator[Found]:
    keys = {"url": bool(settings.api_key), "token_url": True}
    for key, confidential in keys.items():
        url = getattr(settings, key)
        if not url:
            continue
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            yield key, "is not a URL"
            continue
        local = settings.kind == "readsb" and key == "url"
        if local and parts.scheme in ("file", "unix", ""):
            if parts.netloc or not parts.path.startswith("/"):
                yield (
                    key,
                    "is not an absolute path: write /run/readsb/aircraft.json or unix:/run/…",
                )
        elif parts.scheme not in ("http", "https") or not host:
            either = "https://…, unix:/… or the path of a file" if local else "https://…"
            yield key, f"is not an address of a feed: write {either}"
        elif parts.username or parts.password:
            yield key, "must not contain a password: put it into a credentials file as api_key"
        elif confidential and parts.scheme == "http" and host not in _LOOPBACK:
            yield key, "would send the key unencrypted: use https"
