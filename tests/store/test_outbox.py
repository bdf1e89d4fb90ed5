"""Is each mail queued once, sent at least once, and never in another mail's way?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from collector.model.notice import Message
from collector.store import Store, outbox
from tests.store.samples import DAY, HOUR, MINUTE, NOON, SECOND, owed


def test_a_mail_is_queued_once_for_ever(store: Store) -> None:
    assert outbox.owe(store, owed())
    again = replace(owed(), message=Message("other", "other", "other"), created_at=NOON + DAY)
    assert not outbox.owe(store, again)
    assert outbox.mark_sent(store, owed().key, NOON)
    assert not outbox.owe(store, owed())
    assert outbox.has_notice(store, owed().key)
    assert not outbox.has_notice(store, "other")
    (item,) = outbox.listing(store)
    assert item.owed == owed()


def test_a_dropped_mail_keeps_its_key_and_waits_for_nobody(store: Store) -> None:
    assert outbox.owe(store, owed("w:a"))
    assert outbox.owe(store, owed("w:b"), dropped="past")
    assert not outbox.owe(store, owed("w:b"))
    assert [item.key for item in outbox.due(store, NOON)] == ["w:a"]
    assert (outbox.was_mailed(store, "w:"), outbox.was_mailed(store, "w:b")) == (True, False)
    assert outbox.waiting_since(store, NOON + SECOND) == (1, NOON)
    assert outbox.waiting_since(store, NOON) == (0, None)
    assert outbox.drop(store, "w:a", "by hand")
    assert not outbox.drop(store, "w:a", "again")
    assert not outbox.was_mailed(store, "w:")
    assert outbox.unsent(store) == {"owed": 0, "failed": 0}
    assert outbox.mark_sent(store, "w:a", NOON), "it was dropped while it was being sent"
    assert outbox.retry(store, "w:b", NOON + HOUR)
    assert [item.key for item in outbox.due(store, NOON + HOUR)] == ["w:b"]


def test_it_is_undone_with_what_caused_it(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            outbox.owe(store, owed())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert outbox.listing(store) == []
    assert outbox.owe(store, owed())


def test_due_in_order_of_waiting(store: Store) -> None:
    for key, at in (("c", NOON), ("b", NOON), ("a", NOON + HOUR)):
        outbox.owe(store, owed(key, at))

    def due(at: object, limit: int | None = None) -> list[str]:
        return [item.key for item in outbox.due(store, at, limit)]  # type: ignore[arg-type]

    assert due(NOON) == ["b", "c"]
    assert due(NOON + HOUR) == ["b", "c", "a"]
    assert due(NOON + HOUR, limit=1) == ["b"]
    assert due(NOON - SECOND) == []


def test_a_try_planned_by_a_clock_that_ran_ahead_is_due(store: Store) -> None:
    outbox.owe(store, owed("a", NOON))
    outbox.mark_retry(store, "a", NOON + outbox.LONGEST_WAIT, "later")
    assert outbox.due(store, NOON) == []
    outbox.mark_retry(store, "a", NOON + 400 * DAY, "later")
    assert [item.key for item in outbox.due(store, NOON)] == ["a"]


def test_two_senders_never_take_the_same_mail(path: Path) -> None:
    with Store.open(path) as one, Store.open(path) as other:
        outbox.owe(one, owed())
        (seen_by_one,) = outbox.due(one, NOON)
        (seen_by_other,) = outbox.due(other, NOON)
        claimed = outbox.claim(one, seen_by_one, NOON)
        assert claimed is not None
        assert claimed.attempts == 1
        assert outbox.claim(other, seen_by_other, NOON) is None
        assert outbox.due(other, NOON + outbox.LEASE - SECOND) == []


def test_a_crash_while_sending_leaves_it_waiting(store: Store) -> None:
    outbox.owe(store, owed())
    (item,) = outbox.due(store, NOON)
    outbox.claim(store, item, NOON)
    (again,) = outbox.due(store, NOON + outbox.LEASE)
    assert (again.state, again.attempts) == ("owed", 1)


def test_a_poison_mail_does_not_keep_the_others_waiting(store: Store) -> None:
    outbox.owe(store, owed("poison", NOON - DAY))
    outbox.owe(store, owed("good", NOON))
    poison = outbox.due(store, NOON)[0]
    assert poison.key == "poison"
    outbox.claim(store, poison, NOON)
    assert [item.key for item in outbox.due(store, NOON)] == ["good"]
    assert outbox.mark_retry(store, "poison", NOON + HOUR, "451 busy \ud800")
    assert [item.key for item in outbox.due(store, NOON + HOUR - SECOND)] == ["good"]
    (poison,) = [item for item in outbox.due(store, NOON + HOUR) if item.key == "poison"]
    assert poison.last_error == "451 busy ?"


def test_sent(store: Store) -> None:
    outbox.owe(store, owed())
    assert outbox.mark_sent(store, owed().key, NOON + MINUTE, "<1@example.org>")
    assert not outbox.mark_sent(store, owed().key, NOON + HOUR)
    assert not outbox.mark_retry(store, owed().key, NOON, "late")
    assert not outbox.mark_failed(store, owed().key, "late")
    assert not outbox.retry(store, owed().key, NOON)
    item = outbox.get(store, owed().key)
    assert item is not None
    assert (item.state, item.sent_at, item.message_id, item.last_error) == (
        "sent",
        NOON + MINUTE,
        "<1@example.org>",
        None,
    )
    assert outbox.due(store, NOON + DAY) == []


def test_failed_until_a_person_retries(store: Store) -> None:
    outbox.owe(store, owed())
    assert outbox.mark_failed(store, owed().key, "550 no such user")
    assert outbox.due(store, NOON + DAY) == []
    assert [item.last_error for item in outbox.listing(store, "failed")] == ["550 no such user"]
    assert outbox.retry(store, owed().key, NOON + DAY)
    assert [item.key for item in outbox.due(store, NOON + DAY)] == [owed().key]
    assert not outbox.retry(store, "no such", NOON)


def test_listing(store: Store) -> None:
    for day, key in enumerate("abc"):
        outbox.owe(store, owed(key, NOON + day * DAY))
    outbox.mark_sent(store, "b", NOON)
    assert [item.key for item in outbox.listing(store)] == ["c", "b", "a"]
    assert [item.key for item in outbox.listing(store, "owed", limit=1)] == ["c"]
    assert outbox.get(store, "none") is None
    outbox.mark_failed(store, "c", "550")
    assert outbox.unsent(store) == {"owed": 1, "failed": 1}


class Senders(RuleBasedStateMachine):
    """Mails, senders that crash, servers that refuse: nothing is lost, nothing sent early."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        number = len(list(self.folder.iterdir()))
        self.store = Store.open(self.folder / f"{number}.sqlite")
        self.now = NOON
        self.owed: set[str] = set()
        self.delivered: list[str] = []

    def teardown(self) -> None:
        self.now += 3 * DAY
        while items := outbox.due(self.store, self.now):
            for item in items:
                self.delivered.append(item.key)
                assert outbox.mark_sent(self.store, item.key, self.now)
        assert set(self.delivered) == self.owed
        self.store.close()

    @rule(key=st.sampled_from("abcdef"))
    def owe(self, key: str) -> None:
        assert outbox.owe(self.store, owed(key, self.now)) == (key not in self.owed)
        self.owed.add(key)

    @rule(end=st.sampled_from(["sent", "crash before", "crash after", "refused"]))
    def send(self, end: str) -> None:
        for item in outbox.due(self.store, self.now, 1):
            claimed = outbox.claim(self.store, item, self.now)
            assert claimed is not None
            if end in ("sent", "crash after"):
                self.delivered.append(item.key)
            if end == "sent":
                assert outbox.mark_sent(self.store, item.key, self.now)
            if end == "refused":
                assert outbox.mark_retry(self.store, item.key, self.now + HOUR, "later")

    @rule(minutes=st.integers(1, 90))
    def wait(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @invariant()
    def nothing_is_lost(self) -> None:
        rows = outbox.listing(self.store)
        assert {item.key for item in rows} == self.owed
        assert {item.key for item in rows if item.state == "sent"} <= set(self.delivered)


def test_senders(tmp_path: Path) -> None:
    class Here(Senders):
        folder = tmp_path

    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Here, settings=settings(max_examples=15, stateful_step_count=15))
