"""Does a chat or push service get each notice at least once, and does somebody learn if not?

Apprise itself posts to a receiver on loopback, in the process that the daemon starts.
"""

from __future__ import annotations

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
from collector.notify.delivery import OutboxSender, sender_of
from collector.notify.health import Health
from collector.settings import Settings, load
from collector.store import Store, conditions, outbox
from tests.support.clock import ManualClock
from tests.webhook.receiver import Receiver, receiver

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
TOKEN = "token-of-the-chat"
CHAT = Recipient("chat", "apprise:chat")
SECRET = "COLLECTOR_APPRISE__CHAT__URL"


@dataclass
class Office:
    """An outbox with a chat, its sender and the receiver."""

    store: Store
    clock: ManualClock
    sender: OutboxSender
    receiver: Receiver

    def owe(self, key: str, text: str = "1 landing.\n") -> str:
        message = Message("1 landing at Ovda", text, "<p>1</p>")
        owed = Owed(key=key, recipient=CHAT, message=message, created_at=self.clock.now())
        assert outbox.owe(self.store, owed)
        return key

    def state(self, key: str) -> tuple[str, int, str]:
        item = outbox.get(self.store, key)
        assert item is not None
        return item.state, item.attempts, item.last_error or ""

    def work(self, minutes: int = 1) -> None:
        for _ in range(minutes):
            self.sender.send_all()
            self.clock.wait(timedelta(minutes=1))


def configured(folder: Path, url: str, timeout_s: int = 240) -> Settings:
    path = folder / "collector.toml"
    path.write_text(
        f'data = "{folder}"\noperators = ["desk"]\n[[recipient]]\nname = "desk"\n'
        'address = "desk@example.org"\n[apprise.chat]\n'
        f"timeout_s = {timeout_s}\n"
    )
    return load(path, environ={SECRET: url})


@contextmanager
def office(folder: Path, url: str = "", timeout_s: int = 240) -> Iterator[Office]:
    clock = ManualClock(NOON)
    with receiver() as here, Store.open(folder / "collector.sqlite") as store:
        settings = configured(folder, url or f"json://127.0.0.1:{here.port}/{TOKEN}", timeout_s)
        health = Health(store, settings.operators, recipients=settings.recipients)
        yield Office(store, clock, sender_of(settings, store, health, clock), here)


def test_a_notice_comes_at_least_once_and_calls_nobody(tmp_path: Path) -> None:
    with office(tmp_path) as at, capture_logs() as logs:
        at.receiver.answers[:] = [401]
        key = at.owe("alert:weekly:2026-W47:crossed:2:chat", "@everyone <!channel> landed.\n")
        at.work()
        state, _, error = at.state(key)
        assert state == "owed"
        assert "error=401" in error
        assert "check the `url` of the service" in error
        told = [(row.kind, row.subject) for row in conditions.open_conditions(at.store)]
        assert told == [("mail", "apprise:chat")]
        at.work()
        assert at.state(key)[:2] == ("sent", 2)
        assert not conditions.open_conditions(at.store)
        at.store.backup(tmp_path / "copy")
    assert [each.path for each in at.receiver.taken] == [f"/{TOKEN}"] * 2
    document = at.receiver.documents()[-1]
    assert document["title"] == "1 landing at Ovda"
    assert document["message"] == "@\u200beveryone \u2039!channel> landed."
    written = (tmp_path / "copy").read_bytes() + repr(logs).encode()
    assert b"apprise:chat" in written
    assert TOKEN.encode() not in written


def test_a_missing_or_wrong_url_is_a_mistake_that_names_its_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"credential file named apprise\.chat\.url"):
        configured(tmp_path, "")
    with pytest.raises(ConfigError, match="write SERVICE://"):
        configured(tmp_path, "hello")
