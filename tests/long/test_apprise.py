"""Is what Apprise cannot use told at once, and is what may pass tried again? A process each time,
which loads every service that Apprise knows: seconds that CI does without."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.store import conditions
from tests.webhook.test_apprise import TOKEN, office


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"json://chat.example/{TOKEN}", "would send everything unencrypted"),
        (f"nosuch://{TOKEN}", "Apprise knows no such service"),
    ],
)
def test_what_cannot_be_used_is_told_at_once(tmp_path: Path, url: str, said: str) -> None:
    with office(tmp_path, url) as at:
        key = at.owe("digest:2026-W47:chat")
        at.work()
        assert said in at.state(key)[2]
        assert TOKEN not in at.state(key)[2]
        assert [row.subject for row in conditions.open_conditions(at.store)] == ["apprise:chat"]


@pytest.mark.parametrize("answer", [500, 429, "reset"])
def test_what_may_pass_is_tried_again(tmp_path: Path, answer: int | str) -> None:
    with office(tmp_path) as at:
        at.receiver.answers[:] = [answer]
        key = at.owe("digest:2026-W47:chat")
        at.work()
        assert at.state(key)[:2] == ("owed", 1)
        assert not conditions.open_conditions(at.store)
        at.work()
        assert at.state(key)[:2] == ("sent", 2)


def test_a_service_that_hangs_is_ended_in_time(tmp_path: Path) -> None:
    with office(tmp_path, timeout_s=8) as at:
        at.receiver.answers[:] = ["hang"]
        key = at.owe("digest:2026-W47:chat")
        at.work()
        assert at.state(key)[0] == "owed"
