"""Which programs are told? The settings of `webhooks`, which `settings` has checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from collector.secret import Secret

_SCHEME, _APPRISE = "webhook:", "apprise:"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AppriseSettings:
    """One chat or push service, as Apprise names it."""

    name: str
    url: Secret
    """Apprise's URL of the service. It holds its token, so it is shown nowhere."""
    timeout: timedelta = timedelta(seconds=60)
    """For all of one message."""


def address_of(name: str) -> str:
    """Return what stands for a webhook's address in the outbox, which must not hold its URL.

    >>> address_of("bot"), is_webhook("webhook:bot"), is_webhook("desk@example.org")
    ('webhook:bot', True, False)
    """
    return f"{_SCHEME}{name}"


def apprise_address_of(name: str) -> str:
    """Return what stands for the address of a chat or push service in the outbox.

    >>> apprise_address_of("chat"), is_webhook("apprise:chat"), is_apprise("webhook:bot")
    ('apprise:chat', True, False)
    """
    return f"{_APPRISE}{name}"


def is_webhook(address: str) -> bool:
    """Return whether an address stands for a program and not for a mailbox, which has an @.

    It is a webhook's, or that of a service which Apprise reaches.
    """
    return address.startswith((_SCHEME, _APPRISE)) and "@" not in address


def is_apprise(address: str) -> bool:
    """Return whether an address stands for a service which Apprise reaches."""
    return address.startswith(_APPRISE) and "@" not in address
