"""Is a feed found out whose replies have a new time and the rows of long ago?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from collector.errors import Stale
from collector.feeds.freshness import FROZEN_AFTER
from tests.feeds.failures import failing
from tests.feeds.rigs import SORTS, V2_ROW, Rig, make
from tests.support.fake_feed import Answer

FLIES: dict[str, object] = {**V2_ROW, "gs": 140.0}
HALF = FROZEN_AFTER / 2


@pytest.fixture(params=["adsblol", "readsb-file"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    one = make(next(each for each in SORTS if each.name == request.param), tmp_path)
    yield one
    one.close()


def polled(rig: Rig, *rows: Mapping[str, object]) -> bool:
    """Whether a reply made just now with these rows is used."""
    rig.answers(Answer(rig.sort.body(rig.clock.now(), rows)))
    rig.feed.fetch(rig.ask)
    return True


def test_an_aircraft_that_flies_and_stands_still_is_of_long_ago(rig: Rig) -> None:
    began_at = rig.clock.now()
    assert polled(rig, FLIES)
    rig.clock.move_to(began_at + HALF)
    assert polled(rig, FLIES), "a cache of some seconds is usual"
    for later in (2 * HALF, 40 * HALF):
        rig.clock.move_to(began_at + later + timedelta(seconds=1))
        rig.answers(Answer(rig.sort.body(rig.clock.now(), [FLIES])))
        error = failing(rig)
        assert type(error) is Stale
        assert "the same positions as" in str(error)
    rig.clock.wait(HALF)
    assert polled(rig, FLIES | {"seen": 5.0}), "the source goes on"


@pytest.mark.parametrize("change", [{"gs": 12.0}, {"gs": None}, {"lat": None}, {"gs": "fast"}])
def test_an_aircraft_that_may_stand_still_may_do_so(rig: Rig, change: dict[str, object]) -> None:
    for _ in range(3):
        assert polled(rig, FLIES | change)
        rig.clock.wait(2 * FROZEN_AFTER)
