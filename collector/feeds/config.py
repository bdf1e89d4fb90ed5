"""What is configured for one feed? A plain value, built by `settings`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from collector.secret import Secret

__all__ = ["FeedSettings", "Secret"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSettings:
    """One feed. `feeds.catalogue.mistakes` says what is wrong with it."""

    name: str
    """The operator's name for it, shown in logs, tables and reports."""
    kind: str
    """A key of `feeds.KINDS`."""
    enabled: bool = True
    url: str | None = None
    """Address instead of the kind's own; a local receiver needs one."""
    consent: str | None = None
    """The operator's permission or agreement, in words; some kinds require it."""
    api_key: Secret | None = None
    client_id: Secret | None = None
    client_secret: Secret | None = None
    daily_requests: int | None = None
    """Request budget per UTC day (OpenSky: credits) instead of the kind's own."""
    header: str | None = None
    """Header that carries the key, if not the kind's own."""
    traces: bool | str | None = None
    """True to fetch full tracks at the kind's own place, or the folder that holds them."""
    token_url: str | None = None
    """OpenSky: address of the token server, if not its own."""
    ca_file: Path | None = None
    """Certificates to trust instead of the system's, for a receiver of the operator's own."""
