"""How long does a fleet stay? Its heard stays teach it, and unheard arrivals are dated anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.landings.rules import LandingRules
from collector.landings.stay_lengths import LEAST_STAYS, prior
from collector.landings.unheard_arrivals import stated_interval, unheard_arrival
from collector.model import Aircraft, Landing, Place, Watch
from collector.model.imported import FLIGHTRADAR24
from collector.pipeline.changes import LandingChange
from collector.pipeline.identities import identity_of
from collector.pipeline.stay_lengths import learn_stays
from collector.store import Store, closed_time, landings, observations, stay_lengths
from collector.watches.matcher import Matcher
from tests.store.samples import DAY, HOUR, MINUTE, NOON, SILKWAY, observation
from tests.store.samples import landing as sample

RULES = LandingRules()
NOW = NOON + 200 * DAY


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "one.sqlite") as opened:
        yield opened


@pytest.fixture
def other_store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "other.sqlite") as opened:
        yield opened


class Judged(list[LandingChange]):
    """Takes what the rules of the alerts would be evaluated for."""

    def landings_changed(self, changes: Sequence[LandingChange], now: datetime) -> None:
        self.extend(changes)

    def invalidate_coverage(self, at: datetime) -> None:
        raise AssertionError("no coverage is stored")


def heard(number: int, stay: timedelta, **changes: object) -> Landing:
    """The nth landing of the fleet, heard arriving and leaving."""
    at = NOON + number * DAY
    one = sample(at, ordinal=number + 1)
    detection = replace(
        one.detection,
        departed_at=at + stay,
        departed_uncertainty_s=60.0,
        visit_until=at + stay,
        **changes,  # type: ignore[arg-type]
    )
    return replace(one, detection=detection)


def unheard() -> Landing:
    """A landing in 60 hours of silence before a heard departure, on the ground before."""
    end = NOON - 3 * DAY
    arrival = unheard_arrival(
        (end - 60 * HOUR, end), None, (end + 20 * MINUTE, end + 22 * MINUTE), prior(), RULES
    )
    at, error_s = stated_interval(arrival, RULES)
    one = sample(at, ordinal=1)
    detection = replace(
        one.detection, unheard=arrival, uncertainty_s=error_s, departed_at=end + 21 * MINUTE
    )
    return replace(one, id="600865-2026-11-18-1", detection=detection)


def learn(store: Store, *watches: Watch) -> Judged:
    judged = Judged()
    changes = learn_stays(store, Matcher(watches), RULES, judged, NOW)
    assert list(judged) == changes
    return judged


def test_heard_stays_date_an_unheard_arrival_anew_once(store: Store) -> None:
    doubtful = unheard()
    landings.save(store, doubtful, None)
    for number in range(LEAST_STAYS - 1):
        landings.save(store, heard(number, 3 * HOUR), None)
    assert learn(store) == [], "too few stays"
    landings.save(store, heard(LEAST_STAYS, 3 * HOUR), None)
    (change,) = learn(store)
    assert change.revision is not None
    assert change.revision.change == "retimed"
    assert "by how long aircraft stay (20 stays to 2026-12-12)" in change.revision.reason
    stored = landings.get(store, doubtful.id)
    assert stored is not None
    assert stored == change.landing
    assert stored.detection.unheard is not None
    assert stored.detection.unheard.stays == "20 stays to 2026-12-12"
    last_hours = stored.detection.unheard.latest - 5 * HOUR, stored.detection.unheard.latest
    assert stored.detection.chance_between(*last_hours) > 0.5
    assert doubtful.detection.chance_between(*last_hours) < stored.detection.chance_between(
        *last_hours
    )
    assert learn(store) == [], "nothing changed since"
    assert len(landings.history(store, doubtful.id)) == 1


def test_the_match_by_the_address_is_that_of_the_new_date(store: Store) -> None:
    """The fleet has the aircraft from the 19th on: the landing lies there more and more surely."""
    listed = Aircraft(icao24="600865", fleet="silkway", valid_from=date(2026, 11, 19))
    watch = Watch(name="silkway", places=(Place(("LLOV",)),), fleet=(listed,))
    matcher = Matcher([watch])
    doubtful = unheard()
    at = doubtful.detection.touchdown_at
    observations.store_reports(store, [(observation(doubtful.detection.visit_until), [SILKWAY])])
    judged = identity_of(store, matcher, "600865", at).watches_of(doubtful.detection)
    assert [(match.counted, bool(match.doubt)) for match in judged] == [(True, True)]
    landings.save(store, replace(doubtful, watches=judged), None)
    for number in range(LEAST_STAYS):
        landings.save(store, heard(number, 3 * HOUR), None)
    (change,) = learn(store, watch)
    assert change.landing.watches == (SILKWAY,)
    assert landings.get(store, doubtful.id) == change.landing


def test_a_landing_of_closed_time_keeps_its_date(store: Store) -> None:
    doubtful = unheard()
    landings.save(store, doubtful, None)
    closed_time.close(store, NOON)
    for number in range(LEAST_STAYS):
        landings.save(store, heard(number, 3 * HOUR), None)
    assert learn(store) == []
    assert landings.get(store, doubtful.id) == doubtful


@pytest.mark.parametrize(
    "changes",
    [
        {"uncertainty_s": 3600.0},
        {"departed_uncertainty_s": None},
        {"airfield": None},
        {"feeds": (FLIGHTRADAR24,)},
    ],
    ids=str,
)
def test_only_stays_of_which_both_ends_were_heard_teach(
    store: Store, changes: dict[str, object]
) -> None:
    for number in range(LEAST_STAYS):
        one = heard(number, 3 * HOUR)
        detection = replace(one.detection, **changes)  # type: ignore[arg-type]
        landings.save(store, replace(one, detection=detection), None)
    assert learn(store) == []
    assert stay_lengths.learned(store) == {}


@pytest.mark.parametrize("changes", [{"counted": False}, {"doubt": "It may be another."}], ids=str)
def test_landings_that_the_watch_does_not_count_teach_nothing(
    store: Store, changes: dict[str, Any]
) -> None:
    for number in range(LEAST_STAYS):
        one = heard(number, 3 * HOUR)
        shown = tuple(replace(match, **changes) for match in one.watches)
        landings.save(store, replace(one, watches=shown), None)
    assert learn(store) == []
    assert stay_lengths.learned(store) == {}


def test_what_is_learned_does_not_depend_on_how_the_stays_came(
    store: Store, other_store: Store
) -> None:
    stays = [heard(number, (2 + number % 5) * HOUR) for number in range(2 * LEAST_STAYS + 5)]
    for one in stays:
        landings.save(store, one, None)
        learn(store)
    for one in reversed(stays):
        landings.save(other_store, one, None)
    learn(other_store)
    value = stay_lengths.learned(store)
    assert value == stay_lengths.learned(other_store)
    assert value["silkway"].stays == 2 * LEAST_STAYS
    assert stay_lengths.lengths_for(store, ["other", "silkway"]) == value["silkway"]
    assert stay_lengths.lengths_for(store, ["other"]) is None
