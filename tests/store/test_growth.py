"""Does the cost of one more poll stay the same however much is stored?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

import pytest

from collector.alerts.lifecycle import AlertState, Status
from collector.model import WatchMatch
from collector.model.coverage import PollCoverage
from collector.model.reply import Outcome
from collector.model.track_request import RequestReason, TrackRequest, TrackRequestState
from collector.store import (
    Store,
    aircraft,
    alerts,
    conditions,
    coverage_slots,
    feeds,
    landing_ids,
    landings,
    observations,
    outbox,
    track_requests,
)
from collector.watches.visitors import VISITORS
from tests.store.samples import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    SILKWAY,
    detection,
    landing,
    observation,
    owed,
    revision,
)


def _one_poll(store: Store, number: int) -> None:
    """Everything the pipeline does for one reply that changes something."""
    at = NOON + number * 5 * MINUTE
    with store.transaction():
        observations.store_reports(store, [(observation(at), (SILKWAY,))])
        cells = {(119, 139, band): 3 for band in range(9)}
        heard = PollCoverage(
            feed="adsblol", at=at, outcome=Outcome.HEARD, area=True, aircraft=30, cells=cells
        )
        coverage_slots.merge_polls(store, [heard])
        before = observations.last_before(store, "600865", at)
        observations.reports_between(
            store, "600865", (before or at) - 90 * MINUTE, at + 90 * MINUTE
        )
        observations.first_after(store, "600865", at)
        coverage_slots.slots_between(store, at - 90 * MINUTE, at + 90 * MINUTE)
        aircraft.identity(store, "600865")
        aircraft.matches(store, "600865", at - HOUR, at)
        landings.overlapping(store, "600865", at - 90 * MINUTE, at + 90 * MINUTE)
        found = landing(at)
        found = replace(found, id=landing_ids.next_id(store, "600865", at.date()))
        landings.save(store, found, revision(found, at))
        landings.find(store, begin=at - 7 * DAY, end=at)
        alerts.load_states(store, "silkway", "weekly")
        outbox.has_notice(store, f"notice:{number}")
        outbox.owe(store, owed(f"notice:{number}", at))
        outbox.mark_sent(store, f"notice:{number}", at)
        outbox.due(store, at)
        feeds.store_poll(store, "adsblol", at, Outcome.HEARD)
        feeds.spending(store, "adsblol", at)
        conditions.open_condition(store, "blind", str(number), at, "")
        conditions.close_condition(store, "blind", str(number), at)
        track_requests.overlapping(store, "600865", at - HOUR, at)
        track_requests.store_requests(store, [_fetch(at)])
        track_requests.due(store, at)
        track_requests.refused_at(store, "adsblol")
    observations.latest_reports(store, at - 9 * HOUR)


def _fetch(at: datetime) -> TrackRequest:
    return TrackRequest(
        icao24="600865",
        feed="adsblol",
        reason=RequestReason.INBOUND,
        begins_at=at,
        ends_at=None,
        owed_at=at,
        due_at=at,
        state=TrackRequestState.DONE,
    )


def _steps(store: Store, work: Callable[[], None]) -> int:
    """How many instructions of SQLite's virtual machine `work` takes: time without the noise."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection = store._db.conn
    connection.set_progress_handler(count, 1)
    try:
        work()
    finally:
        connection.set_progress_handler(None, 1)
    return steps


def _fill(store: Store, first: int, last: int) -> None:
    """The rows that many polls leave, without what else they read."""
    with store.transaction():
        for number in range(first, last):
            at = NOON + number * 50 * MINUTE
            observations.store_reports(store, [(observation(at), (SILKWAY,))])
            found = landing(at, ordinal=number)
            landings.save(store, found, revision(found, at))
            outbox.owe(store, owed(f"filled:{number}", at))
            outbox.mark_sent(store, f"filled:{number}", at)
            conditions.open_condition(store, "blind", str(number), at, "")
            conditions.close_condition(store, "blind", str(number), at)
            heard = PollCoverage(feed="adsblol", at=at, outcome=Outcome.HEARD, area=True)
            coverage_slots.merge_polls(store, [heard])
            feeds.store_poll(store, "adsblol", at, Outcome.HEARD)
            track_requests.store_requests(store, [_fetch(at)])


def test_a_poll_costs_the_same_after_many(store: Store) -> None:
    _fill(store, 0, 300)  # more than any window that is asked for
    few = _steps(store, lambda: _one_poll(store, 3000))
    _fill(store, 301, 1500)
    many = _steps(store, lambda: _one_poll(store, 15_000))
    assert many < 1.1 * few


def test_the_rhythm_of_polls_reads_no_aircraft_of_long_ago(store: Store) -> None:
    """Each stored aircraft may cost a glance at its row, but no query of its own."""

    def fill(first: int, last: int) -> None:
        with store.transaction():
            for number in range(first, last):
                match = WatchMatch(VISITORS, "category A5", counted=False)
                seen = observation(NOON, icao24=f"{0x780000 + number:06x}")
                observations.store_reports(store, [(seen, (match,) if number % 2 else (SILKWAY,))])

    def latest() -> None:
        assert observations.latest_reports(store, NOON + HOUR) == []

    fill(0, 20)
    few = _steps(store, latest)
    fill(20, 220)
    assert (_steps(store, latest) - few) / 200 < 8


def _page(store: Store, now: datetime) -> None:
    """What pages, listings and digests ask about the last week."""
    week = now - 7 * DAY
    landings.find(store, include_retracted=True, newest=5)
    landings.find(store, begin=week, end=now, watch="silkway", include_retracted=True)
    landings.find(store, begin=week, end=now, watch=VISITORS, include_retracted=True)
    landings.revisions(store, week, now, "silkway")
    aircraft.matched_between(store, "silkway", week, now)
    coverage_slots.answered_live(store, {"archive"}, week - DAY, week)


def _visit(store: Store, number: int, at: datetime) -> None:
    """Store a visitor's landing."""
    icao24 = f"{0x780000 + number:06x}"
    match = WatchMatch(VISITORS, "category A5", counted=False)
    observations.store_reports(store, [(observation(at, icao24=icao24), (match,))])
    found = landing(at, detection=detection(at, icao24=icao24), watches=(match,))
    found = replace(found, id=f"{icao24}-{at.date()}-1")
    landings.save(store, found, revision(found, at))


def test_a_page_about_a_week_costs_the_same_after_many_visitors(store: Store) -> None:
    now = NOON + 300 * DAY
    with store.transaction():
        for number in range(5):
            at = now - number * DAY - HOUR
            observations.store_reports(store, [(observation(at), (SILKWAY,))])
            found = landing(at)
            landings.save(store, found, revision(found, at))
            _visit(store, number, at)
        for number in range(100, 110):
            _visit(store, number, NOON + number * HOUR)
    few = _steps(store, lambda: _page(store, now))
    with store.transaction():
        for number in range(110, 300):
            _visit(store, number, NOON + number * HOUR)
    assert _steps(store, lambda: _page(store, now)) < 1.1 * few


_SMALL = {"watches", "aircraft", "a", "mutes", "conditions", "one"}
"""Tables of a handful of rows, which may be read as a whole; `one` is what the question names."""


def test_no_statement_of_a_poll_reads_a_whole_table(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        _one_poll(store, number)
    state = AlertState(
        watch="silkway",
        rule="weekly",
        window="2026-W47",
        status=Status.OK,
        count=0,
        at_most=0,
        level=0,
        begin=NOON,
        end=NOON,
        since_at=NOON,
        changed_at=NOON,
    )
    alerts.save_state(store, state)
    asked: list[tuple[str, object]] = []
    execute, execute_many = Store.execute, Store.execute_many

    def record(self: Store, sql: str, parameters: object = ()) -> object:
        asked.append((sql, parameters))
        return execute(self, sql, parameters)  # type: ignore[arg-type]

    def record_many(self: Store, sql: str, parameters: Iterable[object]) -> None:
        rows = list(parameters)
        asked.extend((sql, row) for row in rows)
        execute_many(self, sql, rows)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Store, "execute", record)
        patch.setattr(Store, "execute_many", record_many)
        _one_poll(store, 4)
    assert len(asked) > 30
    scans = {
        (step["detail"], sql)
        for sql, parameters in asked
        for step in store.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)  # type: ignore[arg-type]
        if step["detail"].startswith("SCAN") and step["detail"].split()[1] not in _SMALL
    }
    # The subqueries are the watches, reviews and stops of one landing, found by its id.
    few = {"SCAN CONSTANT ROW", *(f"SCAN (subquery-{number})" for number in (1, 3, 5))}
    assert {detail for detail, _ in scans} <= few, scans
