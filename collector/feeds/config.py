"""What does one feed's configuration say? A plain value; the settings build it."""

from __future__ import annotations

from dataclasses import dataclass

from collector.secret import Secret

__all__ = ["FeedSettings", "Secret"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSettings:
    """One feed to ask. `feeds.kinds.mistakes` says what is wrong with it."""

    name: str
    """How the operator calls it; stands in logs, tables and reports."""
    kind: str
    """A key of `feeds.KINDS`."""
    enabled: bool = True
    url: str | None = None
    """Where to ask instead of the kind's own address; a local receiver has nothing else."""
    consent: str | None = None
    """Which permission or agreement the operator has, in words; some kinds refuse without."""
    api_key: Secret | None = None
    client_id: Secret | None = None
    client_secret: Secret | None = None
    daily_requests: int | None = None
    """Requests a UTC day (OpenSky: credits) instead of the kind's own limit."""
    header: str | None = None
    """Header that carries the key, where a provider wants another than the kind's."""
    traces: bool | str | None = None
    """Whether full tracks are asked for, at the kind's own place (True) or in that folder."""
    token_url: str | None = None
    """OpenSky: where tokens are given out, if not at its own address."""
