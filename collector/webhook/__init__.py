"""How does a message leave to a program? As signed JSON, posted to an address (docs/webhooks.md).

    notice ──► payload (JSON, always the same bytes) ──► WebhookSender (signed, POST) ──► receiver
    notice ──► text for a chat ──► AppriseSender ──► `python -m collector.webhook` ──► service

It fails like a mail: `MailTemporary` (tried again), `MailMisconfigured` (until an operator corrects
it) or `MailPermanent` (410: the receiver wants no more).
"""

from collector.webhook.apprise import AppriseSender
from collector.webhook.config import (
    AppriseSettings,
    WebhookSettings,
    address_of,
    apprise_address_of,
    is_apprise,
    is_webhook,
)
from collector.webhook.payload import message_id
from collector.webhook.sender import WebhookSender

__all__ = [
    "AppriseSender",
    "AppriseSettings",
    "WebhookSender",
    "WebhookSettings",
    "address_of",
    "apprise_address_of",
    "is_apprise",
    "is_webhook",
    "message_id",
]
