"""By which channel does a notice leave? By mail, or to a webhook, as its recipient says."""

from __future__ import annotations

from dataclasses import dataclass

from collector import mail, webhook
from collector.clock import Clock
from collector.mail import Outgoing
from collector.model.notice import Owed
from collector.settings import Settings
from collector.settings.derived import default_mail_folder


@dataclass(frozen=True, slots=True)
class Channels:
    """Sends each notice by the channel of its recipient."""

    mails: Outgoing
    webhooks: Outgoing

    def send(self, notice: Owed) -> None:
        """Send one notice. Raises MailTemporary, MailMisconfigured or MailPermanent."""
        to_webhook = webhook.is_webhook(notice.recipient.address)
        (self.webhooks if to_webhook else self.mails).send(notice)


def channels(settings: Settings, clock: Clock) -> Channels:
    """Return the channels that these settings describe."""
    return Channels(
        mail.outgoing(settings.mail, default_mail_folder(settings)),
        webhook.WebhookSender(settings.webhooks, clock),
    )


def sent_as(notice: Owed, sender: str) -> str:
    """Return the identity under which a notice leaves: its Message-ID, or its `webhook-id`."""
    if webhook.is_webhook(notice.recipient.address):
        return webhook.message_id(notice.key)
    return mail.message_id(notice.key, sender)
