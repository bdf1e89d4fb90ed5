"""For which time does a late reply prove coverage, and whose failure is a cached one?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from collector.coverage.region import Region
from collector.model.reply import Everything, Format, Reply
from collector.pipeline.sift import SiftedReply, sift
from tests.support.fake_feed import v2_body

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ROW = {"hex": "600865", "lat": 29.9403, "lon": 34.9358, "seen": 0, "seen_pos": 0}


def sifted(late: timedelta) -> SiftedReply:
    """A reply that was made AT and is received so much later."""
    reply = Reply(
        feed="adsblol",
        format=Format.READSB,
        ask=Everything(),
        url="https://api.adsb.lol/v2/all",
        received_at=AT + late,
        body=v2_body(AT, [ROW]),
    )
    return sift(reply, lambda *_: (), Region(((29.9403, 34.9358, 250.0),)))


@pytest.mark.parametrize(
    ("late_s", "at"),
    [(-200, -200), (0, 0), (60, 60), (61, 0), (299, 0), (301, 301)],
    ids=["ahead", "now", "a minute late", "late", "almost cached", "cached"],
)
def test_a_late_reply_proves_coverage_of_its_own_time(late_s: int, at: int) -> None:
    coverage = sifted(timedelta(seconds=late_s)).coverage
    assert coverage.at == AT + timedelta(seconds=at)
    assert coverage.outcome.alive is (late_s <= 300)


def test_a_cached_reply_is_a_failure_of_now_not_of_its_own_time() -> None:
    late = sifted(timedelta(minutes=4))
    assert late.coverage.at == AT
    assert late.as_stale().coverage.at == AT + timedelta(minutes=4)
