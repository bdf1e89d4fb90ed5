"""Prune, derive everything again: does anything change that anybody was told?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from collector.landings.rules import RULES_VERSION
from collector.pipeline.pruning import PrunedRows, Pruning
from collector.queries.coverage_days import sights_by_day
from collector.queries.landing import explanation_of
from collector.reports.landing.explanation import explain_text
from collector.services import Services, build_services
from collector.settings import load
from collector.store import (
    Store,
    closed_time,
    coverage_slots,
    judged,
    kept_spans,
    landings,
    observations,
)
from collector.watches.visitors import VISITORS
from tests.support.sky import IL76, Sky, Visit
from tests.support.station import Station

BEGIN = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
END = BEGIN + timedelta(hours=10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = BEGIN + timedelta(days=200)
STRANGER = "508035"


def world(first_ft: int, second_at: float, second_ft: int, silent_at: float) -> Sky:
    """A visit of the watched aircraft, another one, a stranger's, and an hour without answers."""
    return Sky(
        (
            Visit(lands_at=BEGIN + 2 * HOUR, heard_above_ft=first_ft),
            Visit(lands_at=BEGIN + second_at * HOUR, heard_above_ft=second_ft),
            Visit(lands_at=BEGIN + 3 * HOUR, icao24=STRANGER, type_code="A124", callsign="ADB1"),
        ),
        silent=((BEGIN + silent_at * HOUR, BEGIN + (silent_at + 1) * HOUR),),
    )


worlds = st.builds(
    world,
    st.sampled_from([0, 1_000, 3_000, 6_000]),
    st.sampled_from([5.0, 6.5]),
    st.sampled_from([0, 2_500, 5_000]),
    st.sampled_from([1.7, 5.1, 8.0]),
)


@contextmanager
def station() -> Iterator[Services]:
    with TemporaryDirectory() as folder:
        config = Station(Path(folder), extra='\n[visitors]\ntypes = ["A124"]\n').config
        settings = load(config, environ={})
        with Store.open(settings.database) as store:
            yield build_services(settings, store)


def read(services: Services, sky: Sky, now: datetime = END) -> None:
    with services.pipeline.holding():
        for reply in sky.replies(BEGIN, END, timedelta(minutes=6)):
            services.pipeline.ingest(reply)
        services.pipeline.derive_held(END)
    services.pipeline.derivation.settle(END + 3 * HOUR)
    services.pipeline.derivation.derive_all(BEGIN - DAY, END + DAY, max(now, END + 3 * HOUR))


def prune(services: Services) -> PrunedRows:
    pruning, done = Pruning(services.store, services.settings.airfields), PrunedRows()
    pruning.close(100 * DAY, NOW)
    while pruning.prune_day(done):
        pass
    return done


def told(services: Services) -> list[object]:
    """All that anybody can be told about that time."""
    store, settings, (watch,) = services.store, services.settings, services.settings.watches
    found = landings.find(store, watch="w", include_retracted=True)
    strangers = landings.find(store, watch=VISITORS, include_retracted=True)
    week = "2026-W10"
    return [
        found,
        strangers,
        [landings.history(store, one.id) for one in (*found, *strangers)],
        [
            explain_text(explanation_of(store, one, settings.airfields, watch.zone, NOW))
            for one in found
        ],
        services.weeks.rows(watch, [week], NOW),
        services.weeks.coverage_by_airfield([watch], week, NOW),
        services.weeks.polling(["adsblol"], BEGIN, END),
        sights_by_day(
            store,
            settings.airfields,
            [field.icao for field in settings.airfields],
            watch.zone,
            first=None,
            last=BEGIN.date() + 3 * DAY,
            now=NOW,
        ),
    ]


def reports(services: Services, icao24: str) -> int:
    return len(observations.reports_between(services.store, icao24, BEGIN - DAY, END + DAY))


@hypothesis_settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(worlds)
def test_prune_and_derive_everything_and_nothing_changes(sky: Sky) -> None:
    with station() as services:
        read(services, sky)
        before, watched = told(services), reports(services, IL76)
        assert before[0]
        assert before[1]
        spans = [kept_spans.span_of(one.detection) for one in landings.find(services.store)]
        whole = [coverage_slots.slots_between(services.store, *span) for span in spans]
        done = prune(services)
        assert [coverage_slots.slots_between(services.store, *span) for span in spans] == whole
        assert done.reports
        assert done.slots
        assert (reports(services, STRANGER), reports(services, IL76)) == (0, watched)
        assert told(services) == before

        derivation = services.pipeline.derivation
        assert derivation.derive_all(BEGIN - DAY, END + DAY, NOW) == []
        assert told(services) == before
        services.store.execute("UPDATE landings SET judged_by = 'older'")
        waits = Pruning(services.store, services.settings.airfields).waits_for()
        assert "still to be judged by new rules" in str(waits)
        while (landing := judged.next_unjudged(services.store, RULES_VERSION)) is not None:
            assert derivation.judge_again(landing, NOW) == []
        read(services, sky, NOW)  # a replay of the same recording
        assert told(services) == before
        assert prune(services) == PrunedRows()


def test_closed_time_loses_nothing_to_later_reports_and_gains_what_is_new() -> None:
    """An absence retracts nothing there: this world never had the first landing."""
    sky = world(3_000, 5.0, 0, 8.0)
    with station() as services:
        read(services, sky)
        before = landings.find(services.store, watch="w")
        prune(services)
        elsewhere = Visit(lands_at=BEGIN + 2.1 * HOUR, heard_above_ft=9_000)
        new = Visit(lands_at=BEGIN + 8 * HOUR)
        read(services, Sky((elsewhere, new)), NOW)
        after = landings.find(services.store, watch="w")
        assert after[: len(before)] == before
        assert [one.detection.airfield for one in after[len(before) :]] == ["LLOV"]


def test_a_kill_between_two_days_leaves_the_rest_to_the_next_run() -> None:
    with station() as services:
        read(services, world(0, 5.0, 0, 8.0))
        before = told(services)
        pruning, done = Pruning(services.store, services.settings.airfields), PrunedRows()
        until = pruning.close(100 * DAY, NOW)
        assert until.weekday() == 0
        assert pruning.prune_day(done)
        assert told(services) == before
        assert pruning.close(150 * DAY, NOW) == until  # closed is closed
        again = Pruning(services.store, services.settings.airfields)
        days = 0
        while again.prune_day(done):
            days += 1
        day = closed_time.day_to_prune(services.store, until + DAY)
        assert day is not None
        assert day.begin == until - 28 * DAY
        assert days > 50
        assert told(services) == before
