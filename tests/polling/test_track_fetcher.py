"""Is a full track fetched where it may show a landing, once, and does the landing follow?

Through real HTTP on loopback, with polls every five minutes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from collector import recording
from collector.backfill import recordings
from collector.errors import StoreError
from collector.model import Grade
from collector.model.track_request import RequestReason, TrackRequest, TrackRequestState
from collector.recording.urls import recognise
from collector.services import build_services
from collector.settings import load
from collector.store import Store, landings, observations, track_requests
from tests.polling.silent_flights import (
    BEGIN,
    BOTH,
    HOUR,
    LANDS_AT,
    MINUTE,
    OVDA,
    RAMON,
    detections,
    low_pass,
    receiver_of,
    report_count,
    states,
    switched_off,
)
from tests.support import flights
from tests.support.fake_feed import Answer
from tests.support.traced import EVER, IL76, traced

FULL = "/data/traces/65/trace_full_600865.json"

NO_TRACES = ""


def test_a_landing_between_two_polls_is_confirmed_by_its_track(tmp_path: Path) -> None:
    with traced(tmp_path, receiver_of(switched_off(OVDA)), BEGIN) as rig:
        rig.work(LANDS_AT + 12 * MINUTE)
        assert (rig.asked(), rig.landings()) == ([], [])
        rig.work(LANDS_AT + 40 * MINUTE)
        (found,) = detections(rig)
        assert (found.airfield, found.grade) == ("LLOV", Grade.CONFIRMED)
        assert abs(found.touchdown_at - LANDS_AT) < timedelta(seconds=15)
        rig.clock.move_to(LANDS_AT + 4 * HOUR)
        rig.work(LANDS_AT + 4.1 * HOUR)
        assert rig.asked() == BOTH
        (done,) = rig.track_requests()
        assert (done.reason, done.state, done.tries) == (
            RequestReason.INBOUND,
            TrackRequestState.DONE,
            1,
        )
        assert done.owed_at - done.begins_at < 20 * MINUTE, "the rules judged it first"
        assert done.last_at is not None
        assert abs(done.last_at - (LANDS_AT + timedelta(seconds=60))) < timedelta(seconds=6)


def test_a_silence_too_high_for_more_than_a_guess_requests_a_track_as_well(tmp_path: Path) -> None:
    with traced(tmp_path, receiver_of(OVDA, 25_000.0), BEGIN - 10 * MINUTE) as rig:
        rig.work(LANDS_AT + 25 * MINUTE)
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.DONE)]
        assert rig.asked() == BOTH
        assert {one.grade for one in detections(rig)} <= {Grade.POSSIBLE}


def test_without_traces_nothing_is_requested_and_the_landing_is_only_inferred(
    tmp_path: Path,
) -> None:
    with traced(tmp_path, receiver_of(switched_off(OVDA)), BEGIN, traces=NO_TRACES) as rig:
        rig.work(LANDS_AT + 40 * MINUTE)
        assert rig.jobs.track_fetcher is None
        assert (rig.asked(), rig.track_requests()) == ([], [])
        (found,) = detections(rig)
        assert found.grade is not Grade.CONFIRMED


@pytest.mark.parametrize(
    ("path", "floor_ft"), [(OVDA, 0.0), (RAMON, 2500.0)], ids=["ovda-heard", "ramon-unheard"]
)
def test_sparse_polls_with_tracks_are_as_good_as_dense_ones(
    tmp_path: Path, path: flights.Path, floor_ft: float
) -> None:
    results = {}
    for name, every_s in (("sparse", 300), ("dense", 60)):
        (tmp_path / name).mkdir()
        extra = {"traces": NO_TRACES} if name == "dense" else {}
        with traced(
            tmp_path / name, receiver_of(path, floor_ft), BEGIN, every_s=every_s, **extra
        ) as rig:
            rig.work(LANDS_AT + 35 * MINUTE)
            (results[name],) = detections(rig)
    sparse, dense = results["sparse"], results["dense"]
    assert (sparse.airfield, sparse.grade) == (dense.airfield, dense.grade)
    # A poll may happen to come at the very last moment; a track has a point every five seconds.
    assert sparse.uncertainty_s <= 1.05 * dense.uncertainty_s
    off_s = abs((sparse.touchdown_at - LANDS_AT).total_seconds())
    assert off_s <= sparse.uncertainty_s


def test_a_track_that_comes_later_upgrades_moves_and_says_so(tmp_path: Path) -> None:
    def late(now: datetime) -> Answer | None:
        return Answer(status=404) if now < LANDS_AT + HOUR else None

    with traced(tmp_path, receiver_of(switched_off(RAMON), instead=late), BEGIN) as rig:
        rig.work(LANDS_AT + HOUR)
        (before,) = detections(rig)
        assert before.airfield is None or before.grade is not Grade.CONFIRMED
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.OWED)]
        assert "the feed has none" in rig.track_requests()[0].detail
        rig.clock.move_to(LANDS_AT + 3.3 * HOUR)
        rig.work(LANDS_AT + 3.5 * HOUR)
        (found,) = detections(rig)
        assert (found.airfield, found.grade) == ("LLER", Grade.CONFIRMED)
        assert rig.history() == ["found", "upgraded"]
        assert rig.asked() == BOTH * 2


def test_a_track_that_flies_on_takes_the_landing_back(tmp_path: Path) -> None:
    def deaf(now: datetime) -> bool:
        return LANDS_AT - timedelta(seconds=80) < now < LANDS_AT + 25 * MINUTE

    def late(now: datetime) -> Answer | None:
        return Answer(status=404) if now < LANDS_AT + HOUR else None

    with traced(tmp_path, receiver_of(low_pass, deaf=deaf, instead=late), BEGIN) as rig:
        rig.work(LANDS_AT + HOUR)
        (landing,) = rig.landings()
        assert landing.stands
        rig.clock.move_to(LANDS_AT + 4 * HOUR)
        rig.work(LANDS_AT + 4.1 * HOUR)
        assert detections(rig) == []
        assert rig.history()[-1] == "retracted"


def test_a_restart_loses_nothing_and_asks_nothing_twice(tmp_path: Path) -> None:
    feed = receiver_of(switched_off(OVDA))
    with traced(tmp_path, feed, BEGIN) as rig:
        rig.work(LANDS_AT + 30 * MINUTE, fetch=False)
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.OWED)]
    with traced(tmp_path, feed, LANDS_AT + HOUR) as rig:
        rig.work(LANDS_AT + HOUR + 5 * MINUTE)
        assert rig.asked() == BOTH
        assert [one.grade for one in detections(rig)] == [Grade.CONFIRMED]
    with traced(tmp_path, feed, LANDS_AT + 2 * HOUR) as rig:
        rig.work(LANDS_AT + 2 * HOUR + 5 * MINUTE)
        assert rig.asked() == []
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.DONE)]


def test_a_track_and_the_end_of_its_request_are_stored_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = track_requests.store_requests

    def breaks(store: Store, changed: list[TrackRequest]) -> None:
        original(store, changed)
        if any(one.state is TrackRequestState.DONE for one in changed):
            raise StoreError("the disk is full")

    with traced(tmp_path, receiver_of(switched_off(OVDA)), BEGIN) as rig:
        rig.work(LANDS_AT + 30 * MINUTE, fetch=False)
        rig.server.on(FULL, Answer(status=404))
        count = report_count(rig.store)
        with monkeypatch.context() as patch:
            patch.setattr(track_requests, "store_requests", breaks)
            with pytest.raises(StoreError):
                rig.jobs.fetch_track()
        assert report_count(rig.store) == count
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.OWED)]
        rig.clock.move_to(LANDS_AT + 4 * HOUR)
        rig.jobs.fetch_track()
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.DONE)]
        assert report_count(rig.store) > count


def test_polled_positions_are_not_stored_a_second_time(tmp_path: Path) -> None:
    with traced(tmp_path, receiver_of(switched_off(OVDA)), BEGIN) as rig:
        rig.work(LANDS_AT + 12 * MINUTE)
        polled = observations.reports_between(rig.store, IL76, EVER, rig.clock.now())
        assert len(polled) > 2
        rig.work(LANDS_AT + 25 * MINUTE)
        everything = observations.reports_between(rig.store, IL76, EVER, rig.clock.now())
        assert len(everything) > 50
        for one in polled:
            again = [
                other
                for other in everything
                if (other.lat_deg, other.lon_deg) == (one.lat_deg, one.lon_deg)
                and abs(other.at - one.at) < timedelta(seconds=60)
            ]
            assert len(again) == 1
        assert {one.feed for one in everything} == {"adsblol"}


def test_a_replay_of_what_was_recorded_gives_the_same_landing(tmp_path: Path) -> None:
    with traced(tmp_path, receiver_of(switched_off(OVDA)), BEGIN) as rig:
        rig.work(LANDS_AT + 40 * MINUTE)
        live = detections(rig)
    (tmp_path / "again").mkdir()
    config = tmp_path / "again" / "collector.toml"
    config.write_text(
        (tmp_path / "collector.toml")
        .read_text()
        .replace(f"{tmp_path}/var", f"{tmp_path}/again/var")
    )
    settings = load(config, environ={})
    with Store.open(settings.database) as store:
        records = recording.read(
            [tmp_path / "var" / "recordings"],
            recognise=lambda url: recognise(url, settings.hosts),
        )
        recordings.replay(build_services(settings, store), records)
        assert [one.detection for one in landings.find(store)] == live
        assert track_requests.overlapping(store, IL76, EVER, LANDS_AT + 9 * HOUR) == []
