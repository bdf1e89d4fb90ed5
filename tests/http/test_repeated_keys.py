"""Is a key that a server repeats quoted nowhere, neither whole nor cut off?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from collector.errors import FeedError
from collector.http import Http
from collector.secret import MASK, Secret
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, FakeFeed

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = "hunter2-" * 6
"""Longer than what is quoted of some headers."""


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"{}", headers={"Content-Encoding": KEY}),
        Answer(b"", 302, headers={"Location": f"http://{'x' * 170}{KEY}.example.org/"}),
        Answer(b"x" * 280 + KEY.encode(), 400),
        Answer(b"", headers={f"{KEY}\x00": "an illegal header, which the library quotes"}),
    ],
    ids=["encoding", "redirect", "reason", "header"],
)
def test_a_key_that_a_server_repeats_is_quoted_neither_whole_nor_cut(answer: Answer) -> None:
    http = Http(contact=None, clock=ManualClock(NOW), version="1")
    with FakeFeed() as server:
        server.on("/*", answer)
        with pytest.raises(FeedError) as caught:
            http.get(server.url, headers={"X-Key": Secret(KEY)})
    http.close()
    assert "hunter2" not in str(caught.value)
    assert MASK in str(caught.value)
