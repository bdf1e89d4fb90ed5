"""Which authorities stamp the roots? Each `[stamps.NAME]` names one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from collector.errors import Mistake
from collector.settings.publishing_schema import StampsPart
from collector.settings.sources import Gathered
from collector.timestamps import Authority


def stamps_from(
    parts: Mapping[str, StampsPart], gathered: Gathered
) -> tuple[tuple[Authority, ...], list[Mistake]]:
    """Return the authorities, and the mistakes that the schema cannot find."""
    mistakes = [
        Mistake(
            gathered.where(("stamps", name, "url"), f"stamps.{name}.url"),
            "is no address: write https://HOST/… or http://HOST/…",
        )
        for name, part in parts.items()
        if not _is_address(part.url)
    ]
    authorities = (
        Authority(name, part.url, Path(part.certificates)) for name, part in parts.items()
    )
    return tuple(authorities), mistakes


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and parts.scheme in ("http", "https") and "@" not in parts.netloc
