"""Do the conditions about feeds, reception and recordings begin and end when they should?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from collector.errors import Challenged, RateLimited, StoreUnavailable, Unreachable
from collector.model.coverage import SLOT, CoverageSlot
from collector.model.reply import Reply
from collector.pipeline.ingest import IngestResult, Pipeline
from collector.recording import Recorder
from collector.store import conditions, coverage_slots, feeds, outbox
from tests.support.desk import desk
from tests.support.sky import Sky

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def test_an_empty_sky_is_told_where_polls_are_far_apart(tmp_path: Path) -> None:
    silent = Sky(silent=((WEDNESDAY, WEDNESDAY + 200 * HOUR),))
    with desk(tmp_path, WEDNESDAY, silent, per_day=60) as at:  # half an hour apart
        at.work(WEDNESDAY + 4.5 * HOUR, 5 * MINUTE)
        (key,) = at.owed()
        assert key.startswith("condition:blind:LLOV:")
        (item,) = outbox.listing(at.store)
        assert "For 3 h" in " ".join(item.owed.message.text.split())
        assert "feeds have answered and not reported any aircraft" in " ".join(
            item.owed.message.text.split()
        )


def test_an_empty_sky_longer_than_usual_is_told_with_its_length(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        usual, now = 30 * HOUR, 31.5 * HOUR
        begin = WEDNESDAY - now - usual
        slots = [
            CoverageSlot(
                feed="adsblol",
                begins_at=begin + number * SLOT,
                alive_minutes=1,
                area_minutes=1,
                cells={(119, 139, 0): 1} if number == usual // SLOT else {},
            )
            for number in range((usual + now) // SLOT)
        ]
        coverage_slots.merge_slots(at.store, slots)
        at.jobs.check_conditions()
        (condition,) = conditions.open_conditions(at.store)
        assert condition.detail.startswith("For 1 d 7 h feeds have answered")


def test_network_failures_before_do_not_make_a_first_refusal_worse(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        poller = at.jobs.pollers["adsblol"]

        def fail_once(error: Unreachable | Challenged | RateLimited) -> timedelta:
            at.clock.move_to(poller.next_poll_at())
            at.feed.error = error
            at.jobs.poll("adsblol")
            until = feeds.state(at.store, "adsblol").parked_until
            assert until is not None
            return until - at.clock.now()

        pauses = [fail_once(Unreachable("no network")) for _ in range(7)]
        assert (sorted(pauses), pauses[-1]) == (pauses, 10 * MINUTE)
        assert fail_once(Challenged("a page that tests browsers")) == 10 * MINUTE
        assert fail_once(RateLimited("429")) == MINUTE
        assert at.owed() == []
        for _ in range(4):
            fail_once(Challenged("again"))
        assert at.owed() == []
        fail_once(Challenged("for the sixth time"))
        assert [key.split(":")[1] for key in at.owed()] == ["feed-refused"]


@pytest.mark.parametrize("recorded", [False, True])
def test_a_condition_about_recordings_ends_when_nothing_is_recorded(
    tmp_path: Path, *, recorded: bool
) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        conditions.open_condition(at.store, "recording", "recordings", WEDNESDAY - HOUR, "full")
        services = at.jobs.services
        if not recorded:
            settings = replace(services.settings, recordings=None)
            at.jobs.services = replace(services, settings=settings)
        at.jobs.resume()
        assert [each.kind for each in conditions.open_conditions(at.store)] == (
            ["recording"] if recorded else []
        )


def test_a_reply_that_cannot_be_handled_is_recorded_and_keeps_no_other_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two defects: one met at once, one by a reply that waited for the database."""
    ingest, kept = Pipeline.ingest, Recorder.keep
    fault: Exception | None = None
    recorded: list[Reply] = []

    def faulty(pipeline: Pipeline, reply: Reply) -> IngestResult:
        if fault is not None:
            raise fault
        return ingest(pipeline, reply)

    def keep(recorder: Recorder, reply: Reply, *, stale: bool = False) -> None:
        recorded.append(reply)
        kept(recorder, reply, stale=stale)

    monkeypatch.setattr(Pipeline, "ingest", faulty)
    monkeypatch.setattr(Recorder, "keep", keep)
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        fault = ZeroDivisionError("a defect")
        with pytest.raises(ZeroDivisionError):
            at.jobs.poll("adsblol")
        assert len(recorded) == 1

        fault = StoreUnavailable("locked")
        with pytest.raises(StoreUnavailable):
            at.jobs.poll("adsblol")
        assert len(recorded) == 2
        fault = ZeroDivisionError("a defect")
        with capture_logs() as logged, pytest.raises(ZeroDivisionError):
            at.jobs.poll("adsblol")
        (dropped,) = [each for each in logged if each["event"].startswith("reply dropped")]
        assert dropped["recorded"]

        fault = None
        at.clock.wait(20 * SECOND)
        while at.jobs.poll("adsblol"):
            pass
        assert feeds.state(at.store, "adsblol").last_ok_at is not None
