"""Which programs are told? The settings of `webhooks`, which `settings` has checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from collector.secret import Secret

_SCHEME = "webhook:"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """One receiver of signed JSON."""

    name: str
    url: Secret
    """It may hold a token, so it is shown nowhere."""
    secret: Secret
    """The key of the signature."""
    ca_file: Path | None = None
    """Certificates to trust instead of the system's."""
    timeout: timedelta = timedelta(seconds=30)
    """For connecting and for each part of the answer; twice as long for all of it."""


def address_of(name: str) -> str:
    """Return what stands for a webhook's address in the outbox, which must not hold its URL.

    >>> address_of("chat"), is_webhook("webhook:chat"), is_webhook("desk@example.org")
    ('webhook:chat', True, False)
    """
    return f"{_SCHEME}{name}"


def is_webhook(address: str) -> bool:
    """Return whether the address of a recipient stands for a webhook: a mail address has an @."""
    return address.startswith(_SCHEME) and "@" not in address
