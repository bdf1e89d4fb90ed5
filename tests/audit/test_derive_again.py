"""Does a derivation from a pack use what the pack carries beside its replies, and nothing else?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from collector.audit.derive_again import derived_again
from collector.audit.evidence_inputs import Inputs, as_it_leaves, finding_of, inputs_of
from collector.coverage.learned import Learned, LearnedCell, LearnedFeed
from collector.landings.stay_lengths import StayLengths, learn
from collector.pipeline.wakeups import store_wakeups
from collector.settings import load
from collector.store import Store, landings, learned_coverage, stay_lengths
from collector.store.encoding import from_json, to_json
from tests.support.landings import PROBABLE, TOUCHDOWN
from tests.support.station import Station

LATER = TOUCHDOWN + timedelta(days=14)
CELL = LearnedCell(119, 139, 2, 20, 0.75)
LEARNED = Learned(
    version="2026-W47/28d",
    first_day=date(2026, 10, 19),
    last_day=date(2026, 11, 15),
    days=28,
    feeds=tuple(
        LearnedFeed(feed=feed, answered=900, jammed=0.1, cells=(CELL,))
        for feed in ("adsblol", "opensky", "roof")
    ),
)
STAYS = learn([timedelta(hours=2)] * 20, date(2026, 11, 17))


def inputs_with(folder: Path, wakeup_at: datetime | None = None) -> Inputs:
    """What the landing was derived from, in a database that learned something."""
    settings = load(Station(folder).config, environ={})
    with Store.open(folder / "db.sqlite") as store:
        landing = replace(
            PROBABLE, watches=(replace(PROBABLE.watches[0], watch=settings.watches[0].name),)
        )
        landings.save(store, landing, None)
        learned_coverage.store_value(store, LEARNED, LATER)
        assert isinstance(STAYS, StayLengths)
        stay_lengths.store_learned(store, {"w": STAYS})
        if wakeup_at is not None:
            store_wakeups(store, {"600865": wakeup_at})
        return inputs_of(store, settings, landing, LATER)


def test_what_was_learned_comes_back_as_it_was_from_json(tmp_path: Path) -> None:
    inputs = inputs_with(tmp_path)
    again = from_json(to_json(inputs), Inputs)
    assert again == inputs
    assert again.learned == (LEARNED,)
    with derived_again([], again, TOUCHDOWN) as derived:
        assert learned_coverage.get(derived.store, LEARNED.version) == LEARNED
        assert stay_lengths.lengths_for(derived.store, [again.watch.name]) == STAYS
        assert finding_of(derived.landing) is None


def test_what_was_learned_of_a_feed_leaves_with_the_feed_under_its_name(tmp_path: Path) -> None:
    left = as_it_leaves(inputs_with(tmp_path), {"adsblol": "adsblol", "roof": "own-receiver"})
    (value,) = left.learned
    assert [each.feed for each in value.feeds] == ["adsblol", "own-receiver"]
    assert value.days == LEARNED.days


def test_a_silence_that_waits_to_be_judged_is_not_judged_in_the_pack(tmp_path: Path) -> None:
    whole = inputs_with(tmp_path)
    assert whole.judged_at == whole.ends_at == PROBABLE.detection.visit_until + timedelta(hours=3)
    (tmp_path / "waits").mkdir()
    waits_until = TOUCHDOWN + timedelta(minutes=25)
    assert inputs_with(tmp_path / "waits", waits_until).judged_at < waits_until


def test_a_withdrawn_landing_is_no_landing() -> None:
    assert finding_of(replace(PROBABLE, retracted=True)) is None
    found = finding_of(PROBABLE)
    assert found is not None
    assert found.touchdown_at == TOUCHDOWN.astimezone(UTC)
