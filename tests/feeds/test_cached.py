"""Is a reply that a cache kept used for its own time, and one that is old without reason not?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from collector.errors import Stale
from tests.feeds.failures import failing
from tests.feeds.rigs import NOW, SORTS, Rig, make
from tests.support.fake_feed import Answer

MINUTE = timedelta(minutes=1)


def late(rig: Rig, minutes: int, age: str | None) -> Answer:
    """A reply made so long ago, with the age that a cache states."""
    headers = {} if age is None else {"Age": age}
    return Answer(rig.sort.good(NOW - minutes * MINUTE), headers=headers)


@pytest.mark.parametrize(
    ("minutes", "age"),
    [(6, "360"), (6, "301"), (55, "3300")],
)
def test_a_reply_that_a_cache_kept_is_used(http_rig: Rig, minutes: int, age: str | None) -> None:
    http_rig.answers(late(http_rig, minutes, age))
    assert http_rig.feed.fetch(http_rig.ask).received_at == http_rig.clock.now()
    assert type(failing(http_rig)) is Stale, "the same again"


@pytest.mark.parametrize(
    ("minutes", "age"),
    [(6, None), (6, "0"), (6, "nan"), (20, "600"), (80, "4800"), (6, "9" * 30)],
)
def test_a_reply_that_is_old_without_reason_is_not(
    http_rig: Rig, minutes: int, age: str | None
) -> None:
    http_rig.answers(late(http_rig, minutes, age))
    assert type(failing(http_rig)) is Stale


@pytest.mark.parametrize(
    ("text", "left"), [("7", 7), ("0", 0), ("-1", None), ("many", None), ("9" * 20, None)]
)
def test_rapidapis_count_of_requests_limits_the_budget(
    tmp_path: Path, text: str, left: int | None
) -> None:
    (sort,) = [sort for sort in SORTS if sort.name == "adsbexchange"]
    rig = make(sort, tmp_path)
    try:
        header = {"X-RateLimit-Requests-Remaining": text}
        rig.answers(Answer(rig.sort.good(NOW), headers=header))
        rig.feed.fetch(rig.ask)
        assert rig.feed.budget.left(NOW) == (319 if left is None else left)
    finally:
        rig.close()
