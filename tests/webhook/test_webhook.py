"""Does a webhook get each notice at least once, signed, and does somebody learn if it cannot?"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from collector.errors import ConfigError
from collector.model import Recipient
from collector.model.notice import Message, Owed
from collector.notify.channels import channels
from collector.notify.delivery import OutboxSender, sender_of
from collector.notify.health import Health
from collector.settings import Settings, load
from collector.store import Store, conditions, outbox
from tests.support.clock import ManualClock
from tests.support.station import ROOT
from tests.webhook.receiver import Receiver, receiver

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
KEY = base64.b64encode(b"twenty-four bytes of key").decode()
SECRET = f"whsec_{KEY}"
TOKEN = "token-in-the-address"
BOT = Recipient("bot", "webhook:bot")
PICTURE = '<!--picture c--><p><img src="cid:c" alt="Up."></p><!--/picture-->'


@dataclass
class Office:
    """An outbox with a webhook, its sender and the receiver."""

    store: Store
    clock: ManualClock
    sender: OutboxSender
    receiver: Receiver
    settings: Settings

    def owe(self, key: str = "digest:2026-W47:bot", callsign: str = "AZQ1") -> str:
        message = Message("1 landing", f"{callsign} landed.\n", "<p>1</p>" + PICTURE)
        owed = Owed(key=key, recipient=BOT, message=message, created_at=self.clock.now())
        assert outbox.owe(self.store, owed)
        return key

    def work(self, minutes: int = 1) -> None:
        for _ in range(minutes):
            self.sender.send_all()
            self.clock.wait(timedelta(minutes=1))

    def state(self, key: str) -> tuple[str, int, str]:
        item = outbox.get(self.store, key)
        assert item is not None
        return item.state, item.attempts, item.last_error or ""


def configured(folder: Path, url: str, extra: str = "") -> Settings:
    path = folder / "collector.toml"
    path.write_text(
        f'data = "{folder}"\noperators = ["desk"]\n[[recipient]]\nname = "desk"\n'
        f'address = "desk@example.org"\n[webhooks.bot]\nurl = "{url}"\n{extra}'
    )
    return load(path, environ={"COLLECTOR_WEBHOOKS__BOT__SECRET": SECRET})


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    clock = ManualClock(NOON)
    with receiver() as here, Store.open(folder / "collector.sqlite") as store:
        url = f"http://127.0.0.1:{here.port}/in?{TOKEN}"
        settings = configured(folder, url, "timeout_s = 1\n")
        health = Health(store, settings.operators, recipients=settings.recipients)
        sender = sender_of(settings, store, health, clock)
        yield Office(store, clock, sender, here, settings)


def test_a_notice_is_posted_as_the_schema_says_and_signed(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        key = at.owe(callsign="\x1b]0;<b>\ud800")
        at.work()
        assert at.state(key) == ("sent", 1, "")
        (taken,) = at.receiver.taken
        stored = outbox.get(at.store, key)
    assert taken.path == f"/in?{TOKEN}"
    identity, stamp = taken.headers["webhook-id"], taken.headers["webhook-timestamp"]
    assert stamp == str(int(NOON.timestamp()))
    signed = f"{identity}.{stamp}.".encode() + taken.body
    good = hmac.new(base64.b64decode(KEY), signed, hashlib.sha256).digest()
    assert taken.headers["webhook-signature"] == f"v1,{base64.b64encode(good).decode()}"
    schema = json.loads((ROOT / "docs" / "webhook.schema.json").read_text())
    document = taken.document
    assert list(document) == list(schema["properties"]) == schema["required"]
    assert re.fullmatch(schema["properties"]["id"]["pattern"], document["id"])
    assert (document["version"], document["kind"]) == (1, "digest")
    assert (document["key"], document["recipient"]) == (key, "bot")
    assert document["html"] == "<p>1</p><p>Up.</p>"  # a picture that is not sent is told in words
    assert document["created_at"] == "2026-11-18T12:00:00Z"
    assert stored is not None
    assert stored.message_id == identity == document["id"]


def test_whatever_fails_each_notice_comes_at_least_once_with_one_id(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        at.receiver.answers[:] = [500, "hang", "reset", 429]
        key = at.owe()
        for tries in range(1, 5):
            at.work(minutes=1 << (tries - 1))
            assert at.state(key)[:2] == ("owed", tries)
            assert not conditions.open_conditions(at.store)
        at.work(minutes=10)
        assert at.state(key) == ("sent", 5, "")
        documents = at.receiver.documents()
        assert len(documents) == 5
        assert all(each == documents[0] for each in documents)
        assert len({each.headers["webhook-timestamp"] for each in at.receiver.taken}) == 5
        assert not conditions.open_conditions(at.store)


@pytest.mark.parametrize("status", [301, 307, 401, 404])
def test_what_an_operator_must_correct_is_told_at_once_and_tried_again(
    tmp_path: Path, status: int
) -> None:
    with office(tmp_path) as at:
        at.receiver.answers[:] = [status]
        key = at.owe()
        at.work()
        state, _, error = at.state(key)
        assert state == "owed"
        assert f"answered {status}" in error
        told = [(row.kind, row.subject) for row in conditions.open_conditions(at.store)]
        assert told == [("mail", "webhook:bot")]
        at.work(minutes=3)
        assert at.state(key)[0] == "sent"
        assert [each.path for each in at.receiver.taken] == [f"/in?{TOKEN}"] * 2
        assert not conditions.open_conditions(at.store)


def test_a_receiver_that_is_gone_leaves_a_dead_letter_that_can_be_retried(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        at.receiver.answers[:] = [410]
        key = at.owe()
        at.work(minutes=5)
        assert at.state(key)[:2] == ("failed", 1)
        assert outbox.unsent(at.store)["failed"] == 1
        assert outbox.retry(at.store, key, at.clock.now())
        at.work()
        assert at.state(key)[0] == "sent"


def test_neither_secret_nor_address_reaches_the_database_or_the_log(tmp_path: Path) -> None:
    with office(tmp_path) as at, capture_logs() as logs:
        at.receiver.answers[:] = ["reset", 500, 404, 410]
        at.owe()
        at.work(minutes=20)
        at.store.backup(tmp_path / "copy")
        assert {secret.reveal() for secret in at.settings.secrets} >= {SECRET}
    written = (tmp_path / "copy").read_bytes() + repr(logs).encode()
    assert b"webhook:bot" in written
    for hidden in (KEY, TOKEN):
        assert hidden.encode() not in written


def test_mails_still_leave_as_mails_beside_it(tmp_path: Path) -> None:
    settings = configured(tmp_path, "http://127.0.0.1:9/")
    desk = Owed(
        key="test:desk",
        recipient=Recipient("desk", "desk@example.org"),
        message=Message("s", "t\n", "<p>t</p>"),
        created_at=NOON,
    )
    channels(settings, ManualClock(NOON)).send(desk)
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    assert [(each.name, each.address) for each in settings.watches[0].recipients] == [
        ("desk", "desk@example.org"),
        ("bot", "webhook:bot"),
    ]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://example.org/x", "use https"),
        ("ftp://example.org/x", "write https://HOST"),
        ("https://", "write https://HOST"),
        ("https://u:p@example.org/", "carries a user name or password"),
    ],
)
def test_an_address_that_must_not_be_used_is_a_mistake(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        configured(tmp_path, url)


def test_a_missing_secret_is_a_mistake_that_names_its_place(tmp_path: Path) -> None:
    path = tmp_path / "collector.toml"
    path.write_text('[webhooks.bot]\nurl = "https://example.org/"\n')
    with pytest.raises(ConfigError, match=r"credential file named webhooks\.bot\.secret"):
        load(path, environ={})
    assert load(path, environ={}, secrets_needed=False).webhooks[0].name == "bot"
