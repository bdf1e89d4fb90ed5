"""Does every adapter accept good replies only, keep its budget and state its terms?"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from collector.errors import (
    Malformed,
    RateLimited,
    Stale,
    Unreachable,
)
from tests.feeds.failures import HTML, failing
from tests.feeds.rigs import (
    AREA,
    NOW,
    SORTS,
    Rig,
    make,
)
from tests.support.fake_feed import Answer
from tests.support.shared import SHARED, needs_shared


def test_a_reply_says_who_was_asked_what_when(rig: Rig) -> None:
    answer = rig.good()
    rig.answers(answer)
    reply = rig.feed.fetch(rig.ask)
    assert reply.body == answer.body
    assert (reply.feed, reply.format, reply.ask) == (rig.sort.name, rig.sort.format, rig.ask)
    assert reply.status == 200
    assert reply.received_at == rig.clock.now()
    assert reply.url.split(":")[0] in ("http", "unix", "file")


def test_nobody_there_is_a_valid_reply(rig: Rig) -> None:
    rig.answers(Answer(rig.sort.nobody(NOW)))
    assert rig.feed.fetch(rig.ask).body == rig.sort.nobody(NOW)


WRONG_BODIES = {
    "empty": b"",
    "blank": b" \n",
    "html": HTML,
    "not json": b"upstream connect error",
    "error object": b'{"error": "invalid params"}',
    "other keys": b'{"planes": [], "now": 1795348800000}',
    "list": b"[]",
    "null": b"null",
    "no time": b'{"ac": [], "aircraft": [], "states": null}',
    "list is a string": b'{"ac": "x", "aircraft": "x", "states": "x", "now": 1, "time": 1}',
    "v2 list is null": b'{"ac": null, "states": 0, "now": 1795348800, "time": 1795348800}',
    "endless time": b'{"ac": [], "states": [], "now": 1e300, "time": 1e300}',
    "not utf-8": '{"ac": [], "states": [], "now": 1795348800, "time": 1795348800}'.encode("utf-16"),
    "deep": b'{"ac": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("name", WRONG_BODIES)
def test_a_200_that_is_no_data_is_malformed(rig: Rig, name: str) -> None:
    rig.answers(Answer(WRONG_BODIES[name]))
    error = failing(rig)
    assert type(error) is Malformed
    assert "\n" not in str(error)
    assert len(str(error)) < 1000


def test_a_truncated_body_is_malformed_wherever_it_ends(rig: Rig) -> None:
    whole = rig.sort.good(NOW)
    for length in range(1, len(whole), 23):
        rig.answers(Answer(whole[:length]))
        assert type(failing(rig)) is Malformed
    rig.answers(Answer(whole))
    rig.feed.fetch(rig.ask)


def test_the_same_body_again_is_stale_and_a_newer_one_is_not(rig: Rig) -> None:
    first = rig.good()
    rig.answers(first)
    rig.feed.fetch(rig.ask)
    rig.clock.wait(timedelta(seconds=20))
    rig.answers(first)
    assert type(failing(rig)) is Stale
    rig.answers(rig.good())
    rig.feed.fetch(rig.ask)


def test_an_older_body_than_the_last_is_stale(rig: Rig) -> None:
    rig.answers(Answer(rig.sort.good(NOW)))
    rig.feed.fetch(rig.ask)
    for seconds in (3, 2):
        rig.answers(Answer(rig.sort.good(NOW - timedelta(seconds=seconds))))
        assert type(failing(rig)) is Stale


def test_a_body_from_long_ago_is_stale_even_at_first(rig: Rig) -> None:
    rig.answers(Answer(rig.sort.good(NOW - timedelta(minutes=6))))
    assert type(failing(rig)) is Stale


def test_a_body_from_the_future_is_not_believed(rig: Rig) -> None:
    rig.answers(Answer(rig.sort.good(NOW + timedelta(minutes=6))))
    assert type(failing(rig)) is Malformed
    rig.answers(Answer(rig.sort.good(NOW)))
    rig.feed.fetch(rig.ask)


def test_requests_keep_their_distance(http_rig: Rig) -> None:
    http_rig.answers(http_rig.good())
    http_rig.feed.fetch(http_rig.ask)
    before = http_rig.clock.now()
    http_rig.answers(Answer(b"", 403))
    failing(http_rig)
    assert http_rig.clock.now() - before >= timedelta(seconds=1)


def test_the_budget_counts_every_request_and_is_never_exceeded(http_rig: Rig) -> None:
    cost = http_rig.feed.cost(http_rig.ask)
    http_rig.feed.budget.per_day = 4 * cost
    http_rig.answers(Answer(b"", 500))
    assert type(failing(http_rig)) is Unreachable
    assert http_rig.feed.budget.spent(http_rig.clock.now()) == 3 * cost
    error = failing(http_rig)
    assert isinstance(error, RateLimited)
    assert http_rig.asked == 4
    assert error.retry_after is not None
    assert http_rig.clock.now() + error.retry_after == NOW.replace(hour=0) + timedelta(days=1)
    http_rig.clock.wait(error.retry_after)
    http_rig.answers(http_rig.good())
    http_rig.feed.fetch(http_rig.ask)


def test_a_budget_half_spent_before_a_restart_stays_so(http_rig: Rig) -> None:
    http_rig.feed.budget.per_day = 10
    http_rig.feed.budget.resume(10, NOW)
    assert type(failing(http_rig)) is RateLimited
    assert http_rig.asked == 0


def test_every_feed_says_on_which_terms(rig: Rig) -> None:
    assert rig.feed.terms.attribution
    assert rig.feed.terms.licence
    assert rig.feed.default_poll >= timedelta(seconds=10)
    assert rig.feed.asks([], [AREA])
    assert all(rig.feed.cost(ask) >= 1 for ask in rig.feed.asks(["600865"], [AREA]))


GENUINE = {
    "v2 of adsb.lol": ("data/feeds/adsblol/mil_trimmed.json", ("adsblol", "readsb-socket")),
    "aircraft.json": ("data/feeds/dump1090fa/aircraft_rows.json", ("readsb-url", "readsb-file")),
    "states, 18 columns": (
        "data/feeds/opensky/states_all_extended_18.json",
        ("opensky", "opensky-anonymous"),
    ),
    "states, null": ("data/feeds/opensky/states_all_none.json", ("opensky", "opensky-anonymous")),
    "states, 17 columns": ("data/feeds/opensky/states_single_17.json", ("opensky",)),
}


@needs_shared
@pytest.mark.parametrize("name", GENUINE)
def test_genuine_replies_are_accepted(name: str, tmp_path: Path) -> None:
    path, sorts = GENUINE[name]
    body = (SHARED / path).read_bytes()
    told = json.loads(body)
    made = told.get("now", told.get("time"))
    for sort in SORTS:
        if sort.name not in sorts:
            continue
        one = make(sort, tmp_path)
        try:
            one.clock.move_to(
                NOW
                + timedelta(seconds=(made / 1000 if made > 1e11 else made) - NOW.timestamp() + 1)
            )
            one.answers(Answer(body))
            assert one.feed.fetch(one.ask).body == body
        finally:
            one.close()
