"""How do notices leave the outbox? One mail at a time, each at least once.

What is a mail here may also be a message to a webhook (`channels`): it has the same life.

Notices that leave together are bound to one mail before its first attempt (`grouping`).

A mail that cannot be sent stays in the outbox and is tried again at growing intervals, for ever. It
fails only if there is surely no such recipient; then the other operators get a mail about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from collector.clock import Clock
from collector.drawing import Drawer
from collector.errors import MailError, MailMisconfigured, MailPermanent
from collector.mail import Outgoing
from collector.notify.channels import channels, sent_as
from collector.notify.grouping import GROUP_WAIT, bind_due
from collector.notify.health import MAIL_STUCK_AFTER_TRIES, Health
from collector.notify.illustrating import illustrated
from collector.reports.mails.condition import ConditionKind
from collector.settings import Settings
from collector.store import Store, outbox
from collector.store.outbox_items import OutboxItem
from collector.webhook import is_webhook

log = structlog.get_logger(__name__)

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
"""RFC 5321 §4.5.4.1 advises half an hour between attempts; the first ones are closer together,
since an alert is urgent."""


def pause(attempts: int) -> timedelta:
    """Return how long to wait after the `attempts`-th attempt failed.

    >>> [int(pause(n).total_seconds() / 60) for n in (1, 2, 3, 7, 99)]
    [1, 2, 4, 60, 60]
    """
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(16, max(0, attempts - 1))))


@dataclass
class OutboxSender:
    """Sends the mails of the outbox."""

    store: Store
    sender: Outgoing
    sender_address: str
    health: Health
    clock: Clock
    addresses: Mapping[str, str] = field(default_factory=dict)
    """The present address of each recipient, by name: a corrected address is used at once."""
    group_wait: timedelta = GROUP_WAIT
    """How long a notice waits for others that leave with it."""
    drawer: Drawer = field(default_factory=Drawer)
    """Draws the pictures of mails."""
    at_once: bool = False
    """Whether none waits, because nobody would send it later."""

    def send_one(self) -> bool:
        """Send the mail that has waited longest; return whether more are due. Raises StoreError."""
        bind_due(self.store, self.clock.now(), self.group_wait, at_once=self.at_once)
        for item in outbox.due(self.store, self.clock.now()):
            claimed = outbox.claim(self.store, item, self.clock.now())
            if claimed is not None:
                self._send(claimed)
                return bool(outbox.due(self.store, self.clock.now(), limit=1))
        return False

    def send_all(self) -> None:
        """Send every mail that is due, one attempt each. Raises StoreError."""
        while self.send_one():
            pass

    def _send(self, stored: OutboxItem) -> None:
        item = self._readdressed(stored)
        owed = item.owed
        if not is_webhook(owed.recipient.address):  # its HTML has the words of pictures alone
            owed = illustrated(self.store, self.drawer, owed, self.clock.now())
        try:
            self.sender.send(owed)
        except MailPermanent as error:
            outbox.mark_failed(self.store, item.key, str(error))
            log.error("mail failed", key=item.key, error=str(error))
            self._open_condition(item, error)
        except MailError as error:
            now = self.clock.now()
            outbox.mark_retry(self.store, item.key, now + pause(item.attempts), str(error))
            log.warning("mail not sent", key=item.key, attempts=item.attempts, error=str(error))
            if isinstance(error, MailMisconfigured) or item.attempts >= MAIL_STUCK_AFTER_TRIES:
                self._open_condition(item, error)
        else:
            self._store_sent(item, self.clock.now())

    def _store_sent(self, item: OutboxItem, now: datetime) -> None:
        outbox.mark_sent(self.store, item.key, now, sent_as(item.owed, self.sender_address))
        log.info("mail sent", key=item.key, to=item.owed.recipient.name)
        address = item.owed.recipient.address
        # A mail that is refused for its content must not open the condition again every hour.
        if not outbox.has_stuck(self.store, address, MAIL_STUCK_AFTER_TRIES):
            self.health.close(ConditionKind.MAIL, address, now)

    def _open_condition(self, item: OutboxItem, error: MailError) -> None:
        recipient = item.owed.recipient
        if self.addresses and recipient.name not in self.addresses:
            return  # Nobody could close it: the recipient is no longer configured.
        self.health.open(
            ConditionKind.MAIL,
            recipient.address,
            self.clock.now(),
            str(error),
            unreachable=recipient.address if isinstance(error, MailPermanent) else None,
        )

    def _readdressed(self, item: OutboxItem) -> OutboxItem:
        """Return the mail with its recipient's present address, which is stored."""
        recipient = item.owed.recipient
        address = self.addresses.get(recipient.name, recipient.address)
        if address == recipient.address:
            return item
        outbox.readdress(self.store, item.key, address)
        log.info("mail readdressed", key=item.key, to=recipient.name)
        return replace(item, owed=replace(item.owed, recipient=replace(recipient, address=address)))


def sender_of(settings: Settings, store: Store, health: Health, clock: Clock) -> OutboxSender:
    """Return the sender of the outbox, with the mail server or folder and webhooks of settings."""
    return OutboxSender(
        store=store,
        sender=channels(settings, clock),
        sender_address=settings.mail.sender,
        health=health,
        clock=clock,
        addresses={recipient.name: recipient.address for recipient in settings.recipients},
        group_wait=settings.mail.group_wait,
    )
