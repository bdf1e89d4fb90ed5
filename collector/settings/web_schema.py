"""Which keys say where the pages are served, under which names, and at which address?"""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from collector.settings.types import Line, Part
from collector.settings.values import WebSettings

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]+")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")


def first_page(text: str) -> str:
    """Return the address of a first page without its last slash. Raises ValueError."""
    problem = "must be the address of the first page, like https://example.org/collector/"
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(problem) from error
    plain = not (parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in ("http", "https") or not host or not plain:
        raise ValueError(problem)
    if not _PATH.fullmatch(parts.path.rstrip("/")):
        raise ValueError(f"{problem}, with letters, digits, dots and dashes in its path")
    return text.rstrip("/")


def _host(text: str) -> str:
    name = text.lower().strip("[]")
    if not _HOST.fullmatch(name):
        raise ValueError("must be the name of a host without a port, like example.org")
    return name


def _base_path(text: str) -> str:
    path = text.rstrip("/")
    if not _PATH.fullmatch(path):
        raise ValueError("must be a path like /collector")
    return path


class WebPart(Part):
    """The pages, which have no login."""

    enabled: bool = Field(default=True, description="whether `run` serves the pages")
    host: Line = Field(
        default="127.0.0.1",
        description="address to listen on; keep it on loopback",
    )
    port: int = Field(default=8042, ge=1, le=65535, description="port to listen on")
    public_url: Annotated[Line, AfterValidator(first_page)] | None = Field(
        default=None,
        description="address at which a web server with a login passes the pages on, like "
        "https://example.org/collector/; mails and Atom feeds name it",
    )
    allowed_hosts: list[Annotated[Line, AfterValidator(_host)]] = Field(
        default=[],
        description="further names under which the pages are asked for, besides that of "
        "`public_url` and those of this machine",
    )
    base_path: Annotated[str, AfterValidator(_base_path)] | None = Field(
        default=None,
        description="path before every link, like /collector; if left out, that of `public_url`",
    )


def web_settings(part: WebPart) -> WebSettings:
    """Return where the pages are served, with what follows from the public address."""
    public = urlsplit(part.public_url or "")
    hosts = [*([public.hostname] if public.hostname else []), *part.allowed_hosts]
    return WebSettings(
        enabled=part.enabled,
        host=part.host,
        port=part.port,
        public_url=part.public_url,
        allowed_hosts=tuple(dict.fromkeys(hosts)),
        base_path=public.path if part.base_path is None else part.base_path,
    )
