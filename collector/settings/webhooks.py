"""Which webhooks and services does a configuration describe? Each is a recipient, by its name."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from collector.errors import Mistake
from collector.secret import Secret
from collector.settings.schema import ApprisePart, WebhookPart
from collector.settings.sources import Gathered, where_to_put
from collector.webhook import AppriseSettings, WebhookSettings


def webhooks_from(
    parts: Mapping[str, WebhookPart], gathered: Gathered
) -> tuple[tuple[WebhookSettings, ...], list[Mistake]]:
    """Return the webhooks, and the mistakes that the schema cannot find."""
    webhooks, mistakes = [], []
    for name, part in parts.items():
        steps = ("webhooks", name)
        if what := _address_mistake(part.url):
            place = gathered.where((*steps, "url"), f"webhooks.{name}.url")
            mistakes.append(Mistake(place, what))
        given = part.secret.get_secret_value() if part.secret else ""
        if not given:
            place = gathered.where((*steps, "secret"), f"webhooks.{name}.secret")
            what = "is missing: without it, no receiver could know a message of ours"
            what += where_to_put((*steps, "secret"))
            mistakes.append(Mistake(place, what, missing_secret=True))
        webhooks.append(
            WebhookSettings(
                name=name,
                url=Secret(part.url),
                secret=Secret(given),
                ca_file=Path(part.ca_file) if part.ca_file else None,
                timeout=timedelta(seconds=part.timeout_s),
            )
        )
    return tuple(webhooks), mistakes


def services_from(
    parts: Mapping[str, ApprisePart], gathered: Gathered
) -> tuple[tuple[AppriseSettings, ...], list[Mistake]]:
    """Return the services that Apprise reaches, and the mistakes that the schema cannot find."""
    services, mistakes = [], []
    for name, part in parts.items():
        steps = ("apprise", name, "url")
        url = part.url.get_secret_value() if part.url else ""
        place = gathered.where(steps, ".".join(steps))
        if not url:
            what = f"is missing{where_to_put(steps)}"
            mistakes.append(Mistake(place, what, missing_secret=True))
        elif "://" not in url:
            mistakes.append(Mistake(place, "is no URL of Apprise: write SERVICE://…"))
        services.append(
            AppriseSettings(name=name, url=Secret(url), timeout=timedelta(seconds=part.timeout_s))
        )
    return tuple(services), mistakes


def _address_mistake(url: str) -> str | None:
    """Return why no message may be posted to that address; None if it may."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is no address: write https://HOST/…"
    if not host or parts.scheme not in ("https", "http") or not url.isascii():
        return "is no address: write https://HOST/…"
    if parts.scheme == "http" and not _loopback(host):
        return "would send everything unencrypted: use https, http only for this machine"
    return None


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
