"""How does a message leave to a program? As signed JSON, posted to an address (docs/webhooks.md).

    notice ──► payload (JSON, always the same bytes) ──► WebhookSender (signed, POST) ──► receiver

It fails like a mail: `MailTemporary` (tried again), `MailMisconfigured` (until an operator corrects
it) or `MailPermanent` (410: the receiver wants no more).
"""

from collector.webhook.config import WebhookSettings, address_of, is_webhook
from collector.webhook.payload import message_id
from collector.webhook.sender import WebhookSender

__all__ = ["WebhookSender", "WebhookSettings", "address_of", "is_webhook", "message_id"]
