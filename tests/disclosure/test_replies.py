"""Does a reply leave without what tells of the operator, and with everything else?"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from collector.disclosure.replies import ADDRESS, HEADERS, MEASURED, NAME, OTHERS, Leaving
from collector.model.coverage import PollCoverage
from collector.model.reply import Area, Ask, Everything, Fleet, Format, Outcome, Reply

AT = datetime(2026, 11, 18, 10, tzinfo=UTC)
LEAVING = Leaving(
    "600865",
    {"adsblol": "adsblol", "janes_key": "adsblol-2", "roof": "own-receiver"},
    frozenset({"roof"}),
    frozenset({"api.adsb.lol"}),
)


def reply(feed: str = "adsblol", ask: Ask | None = None, **changed: object) -> Reply:
    values: dict[str, object] = {
        "feed": feed,
        "format": Format.READSB,
        "ask": ask or Area(29.94, 34.93, 100.0),
        "url": "https://api.adsb.lol/v2/point/29.94/34.93/100",
        "received_at": AT,
        "headers": (("Content-Type", "application/json"), ("Date", "today")),
        "body": json.dumps({"now": 1, "ac": [{"hex": "600865"}, {"hex": "60086f"}]}).encode(),
    }
    return Reply(**(values | changed))  # type: ignore[arg-type]


def test_a_reply_about_a_place_leaves_as_it_is() -> None:
    assert LEAVING.of_reply(reply()) == (reply(), ())


def test_a_feed_that_has_no_name_here_stays_behind() -> None:
    assert LEAVING.of_reply(reply("opensky")) is None
    poll = PollCoverage(feed="opensky", at=AT, outcome=Outcome.REFUSED, area=True)
    assert LEAVING.of_poll(poll) is None


def test_names_headers_and_addresses_of_the_operators_own_are_taken_out() -> None:
    given = reply("janes_key", url="https://relay.example/v2/point/1/2/3")
    headers = (*given.headers, ("X-Real-IP", "198.51.100.7"))
    left = LEAVING.of_reply(reply("janes_key", url=given.url, headers=headers))
    assert left is not None
    assert left[1] == (NAME, HEADERS, ADDRESS)
    assert (left[0].feed, left[0].url) == ("adsblol-2", "urn:collector:feed:adsblol-2")
    assert (left[0].headers, left[0].body) == (given.headers, given.body)
    poll = PollCoverage(feed="janes_key", at=AT, outcome=Outcome.UNREACHABLE, area=True)
    told = LEAVING.of_poll(poll)
    assert told is not None
    assert (told[0].feed, told[0].outcome) == ("adsblol-2", Outcome.UNREACHABLE)


@pytest.mark.parametrize("asked", [("600865", "60086f"), ("60086f",)])
def test_nobody_learns_whom_else_was_asked_for(asked: tuple[str, ...]) -> None:
    left = LEAVING.of_reply(reply(ask=Fleet(asked), url="https://api.adsb.lol/v2/hex/60086f"))
    assert left is not None
    assert left[1] == (ADDRESS, OTHERS)
    assert json.loads(left[0].body) == {"now": 1, "ac": [{"hex": "600865"}]}
    assert left[0].ask == Fleet(("600865",) if "600865" in asked else ())
    assert "60086f" not in repr(left[0])


@pytest.mark.parametrize(
    ("form", "body"),
    [(Format.OPENSKY_STATES, b'{"time":1,"states":null}'), (Format.READSB, b"<html>")],
)
def test_what_cannot_be_divided_stays_behind(form: Format, body: bytes) -> None:
    given = reply(ask=Fleet(("600865", "60086f")), format=form, body=body)
    assert LEAVING.of_reply(given) is None


def test_a_full_track_leaves_if_it_is_of_this_aircraft() -> None:
    body = b'{"icao": "600865", "timestamp": 1, "trace": []}'
    track = reply(ask=Fleet(("600865",)), format=Format.TRACE, body=body)
    assert LEAVING.of_reply(track) == (track, ())
    other = reply(ask=Fleet(("60086f",)), format=Format.TRACE, body=body)
    assert LEAVING.of_reply(other) is None


@pytest.mark.parametrize("form", [Format.READSB, Format.TRACE])
def test_a_receiver_leaves_without_what_shows_where_it_stands(form: Format) -> None:
    row = {"hex": "600865", "lat": 30.0, "r_dst": 12.3, "r_dir": 45.6, "rssi": -7.5}
    last = {"lastPosition": {"lat": 30.0, "r_dst": 1.0}}
    body = {"now": 1, "lat": 31.2, "version": "of Jane's roof", "aircraft": [row | last]}
    if form is Format.TRACE:
        body = {"icao": "600865", "timestamp": 1, "trace": [[0, 30.0, 35.0, 0, 0, 0, 0, 0, row]]}
    given = reply("roof", Everything(), format=form, body=json.dumps(body).encode(), headers=())
    left = LEAVING.of_reply(given)
    assert left is not None
    assert left[1] == (NAME, ADDRESS, MEASURED)
    kept = {"hex": "600865", "lat": 30.0}
    if form is Format.READSB:
        expected = {"now": 1, "aircraft": [kept | {"lastPosition": {"lat": 30.0}}]}
        assert json.loads(left[0].body) == expected
    else:
        assert json.loads(left[0].body)["trace"][0][8] == kept
    assert "Jane" not in repr(left[0])
