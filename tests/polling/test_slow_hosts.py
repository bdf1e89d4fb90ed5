"""Is every request answered again and again by a host that limits us, and also after a restart?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.feeds import build
from collector.model.reply import Area
from collector.polling.poller import POLLS_BEFORE_TRACK
from collector.settings import load
from collector.store import coverage_slots, feeds, observations
from tests.support.desk import Desk, desk
from tests.support.fake_feed import Answer, FakeFeed, Seen, v2_body
from tests.support.sky import Sky
from tests.support.station import Station

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
AREAS = [Area(29.0 + number, 34.0, 100.0) for number in range(4)]
ROW = {"hex": "600865", "lat": 29.9, "lon": 34.9, "alt_baro": 4000, "seen": 0.3, "seen_pos": 0.4}


@dataclass
class SlowHost:
    """A host that admits one request in `every`, by the collector's clock."""

    server: FakeFeed
    every: timedelta
    last_at: datetime = WEDNESDAY - HOUR
    log: list[tuple[datetime, str, int]] = field(default_factory=list)

    def serve(self, at: Desk) -> None:
        """Let the feed of this desk poll the host."""

        def reply(seen: Seen) -> Answer:
            now, what = at.clock.now(), "/".join(seen.path.split("/")[2:4])
            good = now - self.last_at >= self.every
            self.log.append((now, what, 200 if good else 429))
            if good:
                self.last_at = now
            return Answer(v2_body(now, [ROW])) if good else Answer(b"slow down", 429)

        self.server.on("/*", reply)
        attach(at, self.server)

    def answered(self, since: datetime) -> set[str]:
        """The requests that were answered since then."""
        return {what for at, what, status in self.log if status == 200 and at >= since}

    def limited(self, since: datetime) -> int:
        """The number of 429s since then."""
        return sum(status == 429 and at >= since for at, _, status in self.log)


def attach(at: Desk, server: FakeFeed) -> None:
    """Let the poller of this desk poll a real server."""
    (described,) = load(Station(at.jobs.services.settings.database.parents[1], feed_url=server.url)
                        .config, environ={}).feeds  # fmt: skip
    at.jobs.pollers["adsblol"].feed = build(described, at.jobs.http, at.clock)


def poll_round(at: Desk) -> None:
    """Make every request that is due."""
    while at.jobs.poll("adsblol"):
        pass


@pytest.mark.parametrize("every_s", [3.5, 70])
def test_every_place_is_covered_however_slow_the_host_is(tmp_path: Path, every_s: float) -> None:
    with FakeFeed() as server, desk(tmp_path, WEDNESDAY, Sky()) as at:
        host = SlowHost(server, every_s * SECOND)
        host.serve(at)
        at.jobs.pollers["adsblol"].areas = AREAS
        while len(host.log) < 40:
            poll_round(at)
            at.clock.wait(5 * SECOND)
        half = host.log[20][0]
        assert len(host.answered(half)) == 1 + len(AREAS)
        assert host.limited(half) <= 3
        (pace,) = at.jobs.http.lanes.paces().values()
        assert pace.pause >= every_s * SECOND * 0.9
    with FakeFeed(), desk(tmp_path, at.clock.now(), Sky()) as again:
        assert again.jobs.http.lanes.paces() == {server.url.removeprefix("http://"): pace}


def test_a_round_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with FakeFeed() as server, desk(tmp_path, WEDNESDAY, Sky()) as at:
        attach(at, server)
        good = [Answer(v2_body(WEDNESDAY + number * SECOND, [ROW])) for number in range(3)]
        server.on("/v2/hex/*", *good)
        server.on("/v2/point/*", Answer(b"", 429), *good)
        while len(server.requests) < 4:
            poll_round(at)
            at.clock.wait(5 * SECOND)
        asked = [seen.path.split("/")[2] for seen in server.requests]
        assert asked[:4] == ["hex", "point", "point", "hex"]


def test_a_slow_host_is_asked_at_its_pace_after_a_restart(tmp_path: Path) -> None:
    with FakeFeed() as server:
        host, now = SlowHost(server, 70 * SECOND), WEDNESDAY
        for _ in range(2):
            with desk(tmp_path, now, Sky()) as at:
                host.serve(at)
                restarted_at = now
                begun = len(host.log)
                while len(host.log) < begun + 16:
                    poll_round(at)
                    at.clock.wait(5 * SECOND)
                now = at.clock.now() + HOUR
        assert host.limited(WEDNESDAY) >= 5, "it had to be learned"
        assert host.limited(restarted_at) <= 1, "and was not forgotten"


FAULTS: dict[str, Callable[[], Answer]] = {
    "a page": lambda: Answer(b"<html>Oops</html>"),
    "404": lambda: Answer(b"", 404),
    "503": lambda: Answer(b"", 503),
    "always 429": lambda: Answer(b"", 429),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_request_that_always_fails_does_not_starve_the_others(tmp_path: Path, name: str) -> None:
    with FakeFeed() as server, desk(tmp_path, WEDNESDAY, Sky()) as at:
        attach(at, server)
        server.on("/v2/hex/*", FAULTS[name]())
        server.on("/v2/point/*", lambda _: Answer(v2_body(at.clock.now(), [ROW])))
        while at.clock.now() < WEDNESDAY + HOUR / 3:
            poll_round(at)
            at.clock.wait(20 * SECOND)
        places = [seen for seen in server.requests if "/point/" in seen.path]
        assert len(places) >= (3 if name == "always 429" else 10)


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_challenge_parks_the_feed_for_less_than_an_hour(tmp_path: Path, status: int) -> None:
    with FakeFeed() as server, desk(tmp_path, WEDNESDAY, Sky()) as at:
        attach(at, server)
        server.on("/*", Answer(b"<html>", status, {"CF-Mitigated": "challenge"}))
        at.jobs.poll("adsblol")
        until = at.jobs.pollers["adsblol"].next_poll_at()
        assert until - at.clock.now() == timedelta(minutes=10)
        assert at.owed() == []
        while at.clock.now() < WEDNESDAY + 5 * HOUR:
            at.jobs.poll("adsblol")
            at.clock.wait(60 * SECOND)
        assert len(server.requests) >= 6
        assert [key.split(":")[1] for key in at.owed()] == ["feed-refused"], "it does not pass"


def test_a_pause_of_years_lasts_an_hour_and_says_so(tmp_path: Path) -> None:
    with FakeFeed() as server, desk(tmp_path, WEDNESDAY, Sky()) as at:
        attach(at, server)
        server.on("/*", Answer(b"", 429, {"Retry-After": "315360000"}))
        at.jobs.poll("adsblol")
        state = feeds.state(at.store, "adsblol")
        assert state.parked_until is not None
        assert state.parked_until - at.clock.now() == HOUR
        assert "asks for a pause of 3650 days" in (state.parked_why or "")


def test_a_reply_that_comes_late_proves_no_coverage_of_now(tmp_path: Path) -> None:
    with FakeFeed() as server, desk(tmp_path, WEDNESDAY, Sky()) as at:
        attach(at, server)
        for minutes, header in ((4, {}), (30, {"Age": "1800"})):
            began_at = at.clock.now()
            made_at = began_at - minutes * 60 * SECOND
            server.on("/*", Answer(v2_body(made_at, [ROW]), headers=header))
            while at.jobs.poll("adsblol"):
                pass
            slots = coverage_slots.slots_between(at.store, began_at - SECOND, began_at + HOUR)
            assert not any(slot.alive_minutes for slot in slots if slot.begins_at >= began_at)
            assert observations.reports_between(at.store, "600865", made_at - SECOND, made_at)
            at.clock.move_to(began_at + 2 * HOUR)
        early = coverage_slots.slots_between(at.store, WEDNESDAY - HOUR, WEDNESDAY)
        assert [slot.alive_minutes.bit_count() for slot in early] == [1]


def test_full_tracks_wait_for_polls_but_not_for_ever(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        poller = at.jobs.pollers["adsblol"]
        assert poller.leaves_turn_to_track(), "no round is in progress"
        poller.areas = [Area(float(number), 34.0, 100.0) for number in range(12)]
        for polls in range(1, POLLS_BEFORE_TRACK + 1):
            poller.poll_one()
            assert poller.leaves_turn_to_track() is (polls == POLLS_BEFORE_TRACK)
        poller.note_track_turn()
        assert not poller.leaves_turn_to_track()
