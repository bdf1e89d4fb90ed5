"""Who learns that a feed reports nobody, while another one shows that the sky is not empty?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.model import Recipient
from collector.model.coverage import SLOT, CoverageSlot
from collector.notify.deaf_feeds import CHECKED_EVERY, DeafFeeds
from collector.notify.empty_sky import LONGEST_GAP
from collector.notify.health import Health
from collector.store import Store, coverage_slots, outbox

BEGIN = datetime(2026, 11, 16, tzinfo=UTC)
HOUR, EVERY = timedelta(hours=1), 3 * SLOT
OPS = Recipient(name="ops", address="ops@example.org")


def slots(feed: str, line: str, begin: datetime = BEGIN) -> Iterator[CoverageSlot]:
    """A quarter of an hour each: `x` with an aircraft, `o` with an empty answer."""
    for number, letter in enumerate(line):
        yield CoverageSlot(
            feed=feed,
            begins_at=begin + number * EVERY,
            alive_minutes=1,
            area_minutes=1,
            cells={(119, 139, 0): 1} if letter == "x" else {},
        )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "collector.sqlite") as opened:
        yield opened


def hours(count: float, letter: str = "x") -> str:
    return letter * int(count * HOUR / EVERY)


WEEK = hours(140) + hours(28, "o")
"""With a quiet weekend."""
NIGHTS = 2 * (hours(18) + hours(6, "o"))


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (hours(49) + hours(4, "o"), hours(53), True),
        (hours(49) + hours(2, "o"), hours(51), False),
        (hours(40) + hours(4, "o"), hours(44), False),
        (hours(49) + hours(4, "o"), hours(49) + hours(4, "o"), False),
        (NIGHTS + hours(1) + hours(6.5, "o"), hours(55.5), False),
        (NIGHTS + hours(1) + hours(7.5, "o"), hours(56.5), True),
        (WEEK + hours(140) + hours(28, "o"), hours(336), False),
        ("xooo" * 49 + hours(4, "o"), hours(53), False),
    ],
    ids=[
        *("deaf", "not for long", "hardly known", "both under an empty sky"),
        *(
            "as in each night",
            "for longer than in any night",
            "as in each weekend",
            "reaches less far",
        ),
    ],
)
def test_a_feed_is_deaf_where_another_hears(
    store: Store, one: str, other: str, *, told: bool
) -> None:
    coverage_slots.merge_slots(store, [*slots("one", one), *slots("other", other)])
    deaf = DeafFeeds(store, Health(store, [OPS], feeds=["one", "other"]), ["one", "other"])
    now = BEGIN + len(one) * EVERY
    for number in range(3):
        deaf.check(now + number * CHECKED_EVERY, LONGEST_GAP)
    mails = [item.owed for item in outbox.listing(store)]
    assert [mail.key.split(":")[:3] for mail in mails] == told * [["condition", "feed-deaf", "one"]]
    assert all("while other received aircraft" in mail.message.text for mail in mails)

    # Days later nothing tells any more what was usual; only an aircraft ends it.
    later = now + timedelta(days=9)
    deaf.check(later, LONGEST_GAP)
    coverage_slots.merge_slots(store, slots("one", "x", later))
    deaf.check(later + CHECKED_EVERY, LONGEST_GAP)
    ends = [item.key.rsplit(":", 2)[1] for item in outbox.listing(store)]
    assert sorted(ends) == told * ["begin", "end"]
