"""By which channel does a notice leave? By mail, to a webhook, or by Apprise to a chat or phone."""

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
    services: Outgoing

    def send(self, notice: Owed) -> None:
        """Send one notice. Raises MailTemporary, MailMisconfigured or MailPermanent."""
        address = notice.recipient.address
        if webhook.is_apprise(address):
            self.services.send(notice)
        elif webhook.is_webhook(address):
            self.webhooks.send(notice)
        else:
            self.mails.send(notice)


def channels(settings: Settings, clock: Clock) -> Channels:
    """Return the channels that these settings describe."""
    return Channels(
        mail.outgoing(settings.mail, default_mail_folder(settings)),
        webhook.WebhookSender(settings.webhooks, clock),
        webhook.AppriseSender(settings.apprise),
    )


def sent_as(notice: Owed, sender: str) -> str:
    """Return the identity under which a notice leaves: its Message-ID, or its `webhook-id`."""
    if webhook.is_webhook(notice.recipient.address):
        return webhook.message_id(notice.key)
    return mail.message_id(notice.key, sender)
