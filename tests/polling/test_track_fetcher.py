"""Is a full track fetched where a landing may hide: once, in time, within the budget, and does the
landing follow? Through real HTTP on loopback, with polls every five minutes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from collector import recording
from collector.backfill import recordings
from collector.cli import main
from collector.cli import status as status_screen
from collector.clock import SystemClock
from collector.errors import StoreError
from collector.geo import destination
from collector.model import Detection, Grade
from collector.model.reply import Fleet, Format, Outcome, Reply
from collector.model.track_request import RequestReason, TrackRequest, TrackRequestState
from collector.recording.urls import recognise
from collector.services import build_services
from collector.settings import load
from collector.store import Store, feeds, landings, observations, track_requests
from tests.support import flights
from tests.support.fake_feed import Answer, v2_body
from tests.support.station import Station
from tests.support.status import status_of
from tests.support.traced import EVER, IL76, Receiver, Traced, trace_body, traced

BEGIN = datetime(2026, 11, 22, 9, 34, tzinfo=UTC)
LANDS_AT = datetime(2026, 11, 22, 9, 42, 13, tzinfo=UTC)
STAY = timedelta(hours=2)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
BOTH = ["trace_full", "trace_recent"]
FULL = "/data/traces/65/trace_full_600865.json"
NO_TRACES = ""


def heard(path: flights.Path, floor_ft: float = 0.0, **but: Any) -> Callable[[Any], Receiver]:
    """What the feed hears of a path above a floor."""
    return lambda clock: replace(Receiver(clock, path, floor_ft), **but)


def switched_off(path: flights.Path, at: datetime = LANDS_AT) -> flights.Path:
    """The same until its transponder is switched off soon after it has landed `at`: polls every
    five minutes miss it on the ground."""
    return lambda now: path(now) if now < at + timedelta(seconds=60) else None


OVDA = flights.visit(flights.LLOV, LANDS_AT, STAY)
RAMON = flights.visit(flights.LLER, LANDS_AT, STAY)


def low_pass(at: datetime) -> flights.Moment | None:
    """It comes in as if to land at Ovda, and from a minute and a half before climbs away."""
    turns_at = LANDS_AT - timedelta(seconds=90)
    if at < turns_at:
        return OVDA(at)
    last, seconds = OVDA(turns_at), (at - turns_at).total_seconds()
    if last is None or seconds > 900:
        return None
    lat, lon = destination(last.lat_deg, last.lon_deg, last.track_deg, seconds * 240 / 3600)
    altitude_ft = last.altitude_ft + seconds * 30
    return flights.Moment(lat, lon, altitude_ft, 240.0, last.track_deg, 1800.0, False)


def detections(rig: Traced) -> list[Detection]:
    """Of the landings that stand."""
    return [one.detection for one in rig.landings() if one.stands]


def states(rig: Traced) -> list[tuple[RequestReason, TrackRequestState]]:
    """What was owed, and where it stands."""
    return [(one.reason, one.state) for one in rig.track_requests()]


def test_a_landing_between_two_polls_is_confirmed_by_its_track(tmp_path: Path) -> None:
    with traced(tmp_path, heard(switched_off(OVDA)), BEGIN) as rig:
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


def test_a_silence_too_high_for_more_than_a_guess_owes_a_track_as_well(tmp_path: Path) -> None:
    with traced(tmp_path, heard(OVDA, 25_000.0), BEGIN - 10 * MINUTE) as rig:
        rig.work(LANDS_AT + 25 * MINUTE)
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.DONE)]
        assert rig.asked() == BOTH
        assert {one.grade for one in detections(rig)} <= {Grade.POSSIBLE}


def test_without_traces_nothing_is_owed_and_the_same_landing_is_only_inferred(
    tmp_path: Path,
) -> None:
    with traced(tmp_path, heard(switched_off(OVDA)), BEGIN, traces=NO_TRACES) as rig:
        rig.work(LANDS_AT + 40 * MINUTE)
        assert rig.jobs.fetcher is None
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
        with traced(tmp_path / name, heard(path, floor_ft), BEGIN, every_s=every_s, **extra) as rig:
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

    with traced(tmp_path, heard(switched_off(RAMON), instead=late), BEGIN) as rig:
        rig.work(LANDS_AT + HOUR)
        (before,) = detections(rig)
        assert before.airfield is None or before.grade is not Grade.CONFIRMED
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.OWED)]
        assert "the feed has none" in rig.track_requests()[0].detail
        rig.clock.move_to(LANDS_AT + 3.3 * HOUR)
        rig.work(LANDS_AT + 3.5 * HOUR)
        (found,) = detections(rig)
        assert (found.airfield, found.grade) == ("LLER", Grade.CONFIRMED)
        assert rig.history() == ["found", "downgraded", "upgraded"]
        assert rig.asked() == BOTH * 2


def test_a_track_that_flies_on_takes_the_landing_back(tmp_path: Path) -> None:
    def deaf(now: datetime) -> bool:
        return LANDS_AT - timedelta(seconds=80) < now < LANDS_AT + 25 * MINUTE

    def late(now: datetime) -> Answer | None:
        return Answer(status=404) if now < LANDS_AT + HOUR else None

    with traced(tmp_path, heard(low_pass, deaf=deaf, instead=late), BEGIN) as rig:
        rig.work(LANDS_AT + HOUR)
        (landing,) = rig.landings()
        assert landing.stands
        rig.clock.move_to(LANDS_AT + 4 * HOUR)
        rig.work(LANDS_AT + 4.1 * HOUR)
        assert detections(rig) == []
        assert rig.history()[-1] == "retracted"


def test_a_restart_loses_nothing_and_asks_nothing_twice(tmp_path: Path) -> None:
    feed = heard(switched_off(OVDA))
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


def test_what_a_track_tells_and_that_it_was_fetched_are_stored_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = track_requests.put

    def breaks(store: Store, changed: list[TrackRequest]) -> None:
        put(store, changed)
        if any(one.state is TrackRequestState.DONE for one in changed):
            raise StoreError("the disk is full")

    with traced(tmp_path, heard(switched_off(OVDA)), BEGIN) as rig:
        rig.work(LANDS_AT + 30 * MINUTE, fetch=False)
        rig.server.on(FULL, Answer(status=404))
        count = _rows(rig.store)
        with monkeypatch.context() as patch:
            patch.setattr(track_requests, "put", breaks)
            with pytest.raises(StoreError):
                rig.jobs.fetch_track()
        assert _rows(rig.store) == count
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.OWED)]
        rig.clock.move_to(LANDS_AT + 4 * HOUR)
        rig.jobs.fetch_track()
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.DONE)]
        assert _rows(rig.store) > count


def _rows(store: Store) -> int:
    count: int = store.execute("SELECT count(*) AS n FROM observations")[0]["n"]
    return count


def test_without_budget_it_waits_for_the_next_day(tmp_path: Path) -> None:
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    with traced(tmp_path, heard(switched_off(OVDA)), BEGIN) as rig:
        rig.work(LANDS_AT + 12 * MINUTE)
        budget, now = rig.jobs.pollers["adsblol"].feed.budget, rig.clock.now()
        budget.pay((budget.left(now) or 0) - 3, now)
        rig.work(LANDS_AT + HOUR)
        assert rig.asked() == []
        assert [one.grade for one in detections(rig)] != [Grade.CONFIRMED]
        rig.clock.move_to(midnight - 10 * MINUTE)
        rig.work(midnight)
        assert rig.asked() == []
        before = feeds.spent(rig.store, "adsblol", midnight)
        rig.work(midnight + 2 * MINUTE)
        assert rig.asked() == BOTH
        assert feeds.spent(rig.store, "adsblol", midnight) >= before + 2
        assert [one.grade for one in detections(rig)] == [Grade.CONFIRMED]


def test_what_no_feed_gives_in_time_is_given_up(tmp_path: Path) -> None:
    nothing = heard(switched_off(OVDA), instead=lambda _: Answer(status=404))
    with traced(tmp_path, nothing, BEGIN) as rig:
        rig.work(LANDS_AT + 30 * MINUTE)
        for hours in (4, 8, 12, 30):
            rig.clock.move_to(LANDS_AT + hours * HOUR)
            rig.work(LANDS_AT + hours * HOUR + 2 * MINUTE)
        assert rig.asked() == BOTH * 2
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.FAILED)]
        assert rig.history() == ["found"]


def test_a_refusal_is_taken_for_a_no_and_polls_go_on(tmp_path: Path) -> None:
    refusing = heard(OVDA, 2500.0, instead=lambda _: Answer(status=403))
    with traced(tmp_path, refusing, BEGIN) as rig:
        rig.work(LANDS_AT + 25 * MINUTE)
        rig.clock.move_to(LANDS_AT + STAY)
        rig.work(LANDS_AT + STAY + 25 * MINUTE)
        assert rig.asked() == ["trace_full"]
        assert sorted(states(rig)) == [
            (RequestReason.OUTBOUND, TrackRequestState.OWED),
            (RequestReason.INBOUND, TrackRequestState.FAILED),
        ]
        assert not feeds.state(rig.store, "adsblol").is_backing_off(rig.clock.now())
        assert feeds.state(rig.store, "adsblol").failures == 0


def test_a_limit_is_kept_to_and_is_no_try(tmp_path: Path) -> None:
    def limited(now: datetime) -> Answer | None:
        headers = {"Retry-After": "7200"}
        return Answer(status=429, headers=headers) if now < LANDS_AT + HOUR else None

    with traced(tmp_path, heard(switched_off(OVDA), instead=limited), BEGIN) as rig:
        rig.work(LANDS_AT + 25 * MINUTE)
        rig.clock.move_to(LANDS_AT + 2.1 * HOUR)
        rig.work(LANDS_AT + 2.15 * HOUR)
        assert rig.asked() == ["trace_full"]
        assert rig.track_requests()[0].tries == 0
        rig.clock.move_to(LANDS_AT + 2.35 * HOUR)
        rig.work(LANDS_AT + 2.4 * HOUR)
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.DONE)]


TIMES = [LANDS_AT - timedelta(seconds=5 * n) for n in range(60, 0, -1)]
HOSTILE = {
    "a page": b"<html>come in</html>",
    "cut short": trace_body(OVDA, TIMES)[:500],
    "another aircraft": trace_body(OVDA, TIMES, icao24="600866"),
    "still to come": trace_body(OVDA, TIMES, shift_s=86_400.0),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_body_that_is_not_that_track_changes_nothing(tmp_path: Path, body: bytes) -> None:
    hostile = heard(switched_off(OVDA), instead=lambda _: Answer(body))
    with traced(tmp_path, hostile, LANDS_AT - 12 * MINUTE) as rig:
        rig.work(LANDS_AT + 12 * MINUTE, fetch=False)
        rows = _rows(rig.store)
        rig.work(LANDS_AT + 22 * MINUTE)
        assert rig.asked() == BOTH
        assert _rows(rig.store) == rows
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.OWED)]
        assert [one.grade for one in detections(rig)] != [Grade.CONFIRMED]


def test_polled_positions_are_not_stored_a_second_time(tmp_path: Path) -> None:
    with traced(tmp_path, heard(switched_off(OVDA)), BEGIN) as rig:
        rig.work(LANDS_AT + 12 * MINUTE)
        polled = observations.span(rig.store, IL76, EVER, rig.clock.now())
        assert len(polled) > 2
        rig.work(LANDS_AT + 25 * MINUTE)
        everything = observations.span(rig.store, IL76, EVER, rig.clock.now())
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
    with traced(tmp_path, heard(switched_off(OVDA)), BEGIN) as rig:
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


def test_a_daemon_fetches_what_is_owed_and_tells_of_it(tmp_path: Path) -> None:
    """The same as an operator has it: another process, the machine's own clock."""
    lands_at = SystemClock().now() - 30 * MINUTE
    path = flights.visit(flights.LLOV, lands_at, STAY)
    receiver = heard(switched_off(path, lands_at))
    station = Station(tmp_path)
    with traced(tmp_path, receiver, lands_at - 8 * MINUTE) as rig:
        rig.work(lands_at + 5 * MINUTE, fetch=False)
        rig.clock.move_to(SystemClock().now())
        while rig.jobs.poll("adsblol"):  # so that the daemon need not
            pass
        station.run("run", "--once")
        assert rig.asked() == BOTH
    (landing,) = json.loads(_said(tmp_path, "landings", "--json"))
    assert (landing["airfield"], landing["grade"]) == ("LLOV", "confirmed")
    told = " ".join(_said(tmp_path, "explain", landing["id"]).split())
    assert "Fetched from adsblol on" in told
    assert "/trace_full_600865.json. Wanted because it fell silent inbound, last heard" in told
    assert "Full tracks, last 7 days: 1 done" in _said(tmp_path, "status")


def _said(folder: Path, *words: str) -> str:
    """What a command prints."""
    done = CliRunner().invoke(main, ["--config", str(folder / "collector.toml"), *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_explain_and_status_tell_why_there_is_none(tmp_path: Path) -> None:
    refusing = heard(switched_off(OVDA), instead=lambda _: Answer(status=403))
    with traced(tmp_path, refusing, BEGIN) as rig:
        rig.work(LANDS_AT + 25 * MINUTE)
        (landing,) = rig.landings()
        told = status_of(rig.jobs.services, rig.clock.now())
    assert told["tracks"] == {"owed": 0, "done": 0, "failed": 1, "given-up": 0}
    assert "Full tracks, last 7 days: 1 failed" in status_screen.status_text(told)
    (why,) = json.loads(_said(tmp_path, "explain", landing.id, "--json"))
    (line_told,) = why["fetched"]
    assert line_told.startswith("It could not be had from adsblol, last tried on Sun 22 Nov 2026")
    assert "refused with 403" in line_told


def test_a_track_hides_no_cached_reply(tmp_path: Path) -> None:
    """The fleet of one is asked for as that one's track is: `Fleet(("600865",))`."""
    now = LANDS_AT
    asked = Reply(
        feed="adsblol",
        format=Format.READSB,
        ask=Fleet((IL76,)),
        url="https://api.adsb.lol/v2/hex/600865",
        received_at=now,
        body=v2_body(now),
    )
    track = replace(asked, format=Format.TRACE, body=trace_body(OVDA, TIMES))
    with traced(tmp_path, heard(OVDA), BEGIN) as rig:
        take = rig.jobs.services.pipeline.ingest
        assert take(asked).coverage.outcome is Outcome.NOBODY
        assert take(track, cached=False).coverage.outcome is Outcome.HEARD
        assert take(replace(asked, received_at=now + MINUTE)).coverage.outcome is Outcome.STALE
