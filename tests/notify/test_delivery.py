"""Does every mail leave however long it takes, and does somebody learn of one that cannot?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.mail import MailSettings, Security, SmtpSender
from collector.model import Recipient
from collector.model.notice import Message, Owed
from collector.notify.delivery import LONGEST_PAUSE, OutboxSender
from collector.notify.health import MAIL_STUCK_AFTER_TRIES, Health
from collector.store import Store, conditions, outbox
from tests.mail.test_final_refusals import ANOTHER_REASON, NO_SUCH_RECIPIENT
from tests.support.clock import ManualClock
from tests.support.smtp import Inbox, smtp_server

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
ANNA = Recipient("anna", "anna@example.org")
BERT = Recipient("bert", "bert@example.org")
DESK = Recipient("desk", "desk@example.org")
UNKNOWN = "550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown"
BLOCKED = "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.example.org"


@dataclass
class Office:
    """An outbox, its sender and the mail server."""

    store: Store
    clock: ManualClock
    sender: OutboxSender
    inbox: Inbox = field(default_factory=Inbox)

    def owe(self, recipient: Recipient, subject: str = "An alert") -> str:
        key = f"alert:{subject}:{recipient.name}"
        message = Message(subject, "Text.\n", "<p>Text.</p>")
        notice = Owed(key=key, recipient=recipient, message=message, created_at=self.clock.now())
        assert outbox.owe(self.store, notice)
        return key

    def work(self, span: timedelta) -> None:
        end = self.clock.now() + span
        while self.clock.now() < end:
            self.sender.send_all()
            self.clock.wait(timedelta(minutes=1))

    def state(self, key: str) -> str:
        item = outbox.get(self.store, key)
        assert item is not None
        return item.state

    def mails(self) -> list[tuple[str, str]]:
        """Recipient and subject of every mail taken."""
        return [(mail["To"], mail["Subject"]) for mail in self.inbox.taken]

    def open_conditions(self) -> list[tuple[str, str]]:
        return [(row.kind, row.subject) for row in conditions.open_conditions(self.store)]


@contextmanager
def office(
    folder: Path,
    operators: Sequence[Recipient] = (ANNA, BERT),
    recipients: Sequence[Recipient] = (ANNA, BERT, DESK),
) -> Iterator[Office]:
    inbox, clock = Inbox(), ManualClock(NOON)
    with smtp_server(inbox) as port, Store.open(folder / "collector.sqlite") as store:
        mail = MailSettings(
            host="127.0.0.1", port=port, security=Security.NONE, sender="collector@example.net"
        )
        sender = OutboxSender(
            store=store,
            sender=SmtpSender(mail),
            sender_address=mail.sender,
            health=Health(store, operators, recipients=recipients),
            clock=clock,
            addresses={one.name: one.address for one in recipients},
        )
        yield Office(store, clock, sender, inbox)


def test_an_unknown_recipient_is_final_and_the_other_operator_is_mailed(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        at.inbox.refused_recipients["anna@example.org"] = UNKNOWN
        key = at.owe(ANNA)
        at.work(timedelta(minutes=10))
        assert at.state(key) == "failed"
        assert at.mails() == [
            ("bert@example.org", "Condition: Mail to anna@example.org cannot be sent")
        ]
        assert at.open_conditions() == [("mail", "anna@example.org")]
        assert [item.key for item in outbox.listing(at.store, "failed")] == [key]


def test_the_only_operator_is_unknown_and_another_recipient_is_mailed(tmp_path: Path) -> None:
    with office(tmp_path, operators=[ANNA], recipients=[ANNA, DESK]) as at:
        at.inbox.refused_recipients["anna@example.org"] = UNKNOWN
        at.owe(ANNA)
        at.work(timedelta(minutes=10))
        assert [to for to, _ in at.mails()] == ["desk@example.org"]


def test_without_operators_nobody_is_mailed_about_a_condition(tmp_path: Path) -> None:
    with office(tmp_path, operators=[]) as at:
        at.inbox.refused_recipients["anna@example.org"] = UNKNOWN
        at.owe(ANNA)
        at.work(timedelta(minutes=10))
        assert at.mails() == []
        assert at.open_conditions() == [("mail", "anna@example.org")]


def test_a_recipient_that_turns_out_to_be_unknown_later_is_mailed_about(tmp_path: Path) -> None:
    """While the reason may pass, only the operator herself is mailed."""
    with office(tmp_path, operators=[ANNA], recipients=[ANNA, DESK]) as at:
        at.inbox.refused_recipients["anna@example.org"] = BLOCKED
        at.owe(ANNA)
        at.work(timedelta(hours=3))
        assert at.mails() == []
        at.inbox.refused_recipients["anna@example.org"] = UNKNOWN
        at.work(timedelta(hours=3))
        assert [to for to, _ in at.mails()] == ["desk@example.org"]


@pytest.mark.parametrize(
    "answer",
    [
        BLOCKED,
        "530 5.7.0 Authentication required",
        "552 5.2.2 mailbox full",
    ],
)
def test_a_mail_that_is_refused_for_weeks_leaves_once_the_reason_is_over(
    tmp_path: Path, answer: str
) -> None:
    with office(tmp_path) as at:
        for recipient in (ANNA, BERT):
            at.inbox.refused_recipients[recipient.address] = answer
        key = at.owe(ANNA)
        for _ in range(10):
            at.work(timedelta(minutes=1))
            at.clock.wait(timedelta(days=2))
        assert at.state(key) == "owed"
        item = outbox.get(at.store, key)
        assert item is not None
        assert item.next_at <= at.clock.now()
        assert ("mail", "anna@example.org") in at.open_conditions()
        assert outbox.unsent(at.store)["failed"] == 0
        at.inbox.refused_recipients.clear()
        at.work(timedelta(minutes=2))
        assert at.state(key) == "sent"
        assert outbox.unsent(at.store) == {"owed": 0, "failed": 0}
        assert at.open_conditions() == []
        assert ("bert@example.org", "Condition: Mail to anna@example.org cannot be sent") in (
            at.mails()
        )


def test_only_surely_unknown_recipients_ever_fail(tmp_path: Path) -> None:
    with office(tmp_path, operators=[]) as at:
        answers = {**NO_SUCH_RECIPIENT, **ANOTHER_REASON}
        keys = {server: at.owe(DESK, server) for server in answers}
        for item in outbox.due(at.store, NOON):
            at.inbox.recipient_answers.append(answers[item.owed.message.subject])
        at.sender.send_all()
        failed = {server for server, key in keys.items() if at.state(key) == "failed"}
        assert failed == set(NO_SUCH_RECIPIENT)
        at.work(timedelta(minutes=2))
        assert {at.state(keys[server]) for server in ANOTHER_REASON} == {"sent"}


def test_a_reason_that_passes_soon_opens_no_condition(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        at.inbox.recipient_answers += [BLOCKED] * (MAIL_STUCK_AFTER_TRIES - 1)
        key = at.owe(ANNA)
        at.work(timedelta(hours=2))
        assert at.state(key) == "sent"
        assert len(at.inbox.taken) == 1


def test_a_mail_refused_for_its_content_waits_and_holds_up_no_other(tmp_path: Path) -> None:
    """Its condition is mailed once, not every hour, though other mails are accepted."""
    with office(tmp_path, operators=[ANNA]) as at:
        at.inbox.refused_subjects["Spam-like"] = "550 5.7.1 looks like spam"
        refused = at.owe(ANNA, "Spam-like")
        others = [at.owe(ANNA, "An alert"), at.owe(BERT, "Spam"), at.owe(DESK, "A digest")]
        at.work(timedelta(minutes=2))
        assert [at.state(key) for key in others] == ["sent"] * 3
        at.work(timedelta(days=1))
        assert at.state(refused) == "owed"
        title = "Mail to anna@example.org cannot be sent"
        assert [subject for _, subject in at.mails()][3:] == [f"Condition: {title}"]
        at.inbox.refused_subjects.clear()
        at.work(2 * LONGEST_PAUSE)
        assert at.state(refused) == "sent"
        assert at.open_conditions() == []


def test_a_corrected_address_is_used_for_the_mails_that_wait(tmp_path: Path) -> None:
    typo = Recipient("anna", "ana@example.org")
    with office(tmp_path) as at:
        at.inbox.refused_recipients["ana@example.org"] = "550 Rejected"
        key = at.owe(typo)
        at.work(timedelta(minutes=5))
        assert at.state(key) == "sent"
        assert [to for to, _ in at.mails()] == ["anna@example.org"]


def test_a_recipient_that_is_no_longer_configured_opens_no_condition(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        at.inbox.refused_recipients["left@example.org"] = "550 Rejected"
        key = at.owe(Recipient("left", "left@example.org"))
        at.work(timedelta(days=1))
        assert at.state(key) == "owed"
        assert at.open_conditions() == []
