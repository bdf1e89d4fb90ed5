"""Which requests are answered, and what may a page do in a browser? Checked around every page."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    # Only our own style sheet and images: even a callsign that became markup could run, load and
    # send nothing.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=(), geolocation=(), camera=(), microphone=()",
    "Cache-Control": "no-store",
}


class Guard:
    """An ASGI wrapper that refuses foreign hosts and adds the headers to every answer."""

    def __init__(self, app: ASGIApp, host: str, names: Collection[str] = ()) -> None:
        self._app = app
        self._host = host
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        app = self._app
        given = [value for name, value in scope["headers"] if name == b"host"]
        if len(given) != 1 or not host_allowed(given[0].decode("latin-1"), self._host, self._names):
            app = PlainTextResponse(
                "This server answers only to its own address.\n", status_code=421
            )

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await app(scope, receive, guarded)


class BelowPath:
    """An ASGI wrapper for pages whose links all begin with a path such as `/collector`.

    A web server may pass the path on or take it away: both find the page.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope.get("path", "")
        if self._path and (asked == self._path or asked.startswith(f"{self._path}/")):
            scope = {**scope, "path": asked[len(self._path) :] or "/"}
        await self._app(scope, receive, send)


def host_allowed(header: str, bound: str, names: Collection[str] = ()) -> bool:
    """Return whether a Host header names this server, which listens on `bound`, or one of `names`,
    which the operator configured.

    A name that a foreign DNS server points at this machine is refused, since a foreign page could
    otherwise read ours (DNS rebinding). If `bound` is a loopback address, the header must be one.

    >>> host_allowed("localhost:8642", "127.0.0.1"), host_allowed("[::1]", "127.0.0.1")
    (True, True)
    >>> host_allowed("evil.example", "127.0.0.1"), host_allowed("10.0.0.7", "127.0.0.1")
    (False, False)
    >>> host_allowed("10.0.0.7:8642", "0.0.0.0"), host_allowed("evil.example", "0.0.0.0")
    (True, False)
    >>> names = ("example.org",)
    >>> host_allowed("example.org", "127.0.0.1", names), host_allowed("evil.org", "::1", names)
    (True, False)
    """
    try:
        parts = urlsplit(f"//{header}")
        name, port = parts.hostname, parts.port
    except ValueError:
        return False
    if not name or (parts.netloc, parts.path) != (header, "") or "@" in header or port == 0:
        return False
    if name in ("localhost", bound.strip("[]").lower(), *names):
        return True
    asked, own = _address(name), _address(bound)
    if asked is None:
        return False
    if asked.is_loopback:
        return True
    return own is not None and own.is_unspecified


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return None
