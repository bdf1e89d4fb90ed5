"""Does the next run derive what a killed replay stored and had not derived yet?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.backfill.derive import SilentProgress, derive
from collector.backfill.recordings import replay
from collector.model.coverage import PollCoverage
from collector.model.reply import Outcome
from collector.recording import Recorded
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store, landings, outbox, rederivation_queue
from tests.support.flights import LLOV, hear, polls, visit
from tests.support.rules_four import MATCHES
from tests.support.station import Station

DOWN = datetime(2026, 9, 7, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = DOWN + timedelta(days=30)
REPORTS = hear(visit(LLOV, DOWN, 2 * HOUR), polls(DOWN - HOUR / 2, DOWN + 5 * HOUR / 2))


def heartbeat(at: datetime) -> Recorded:
    return Recorded(
        at, poll=PollCoverage(feed="adsblol", at=at, outcome=Outcome.UNREACHABLE, area=True)
    )


def replay_another(services: Services) -> None:
    replay(services, [heartbeat(LATER)])


def replay_the_same(services: Services) -> None:
    replay(services, [heartbeat(DOWN - HOUR), heartbeat(DOWN + 3 * HOUR)])


def backfill(services: Services) -> None:
    derive(services, LATER, SilentProgress())


@pytest.mark.parametrize("next_run", [replay_another, replay_the_same, backfill])
def test_what_a_killed_replay_left_is_derived(
    tmp_path: Path, next_run: Callable[[Services], None]
) -> None:
    station = Station(tmp_path)
    settings = load(station.config, environ={})
    with Store.open(station.database) as store:
        killed = build_services(settings, store)
        with killed.pipeline.holding():
            for report in REPORTS:
                killed.pipeline.store_reports([(report, MATCHES)], (), report.at)
        assert landings.find(store) == []
    with Store.open(station.database) as store:
        next_run(build_services(settings, store))
        (landing,) = landings.find(store)
        assert landing.first_known_at >= REPORTS[-1].at
        assert rederivation_queue.due_spans(store) == []
        (notice,) = outbox.listing(store)
        assert notice.key == "alert:w:one:2026-W37:crossed:1:ops"


def test_a_replay_that_ends_leaves_nothing_to_be_derived(tmp_path: Path) -> None:
    station = Station(tmp_path)
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        with services.pipeline.holding():
            for report in REPORTS:
                services.pipeline.store_reports([(report, MATCHES)], (), report.at)
            assert len(services.pipeline.derive_held(REPORTS[-1].at)) == 1
        assert rederivation_queue.due_spans(store) == []
