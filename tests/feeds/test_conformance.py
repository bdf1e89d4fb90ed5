"""What must every adapter do, whatever happens? One suite; each adapter passes all of it."""

from __future__ import annotations

import gzip
import json
import logging
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from collector.errors import (
    FeedError,
    Malformed,
    PaymentRequired,
    RateLimited,
    Refused,
    Stale,
    Unreachable,
)
from collector.feeds import outcome_of
from collector.model.reply import Outcome
from tests.feeds.rigs import (
    API_KEY,
    AREA,
    CLIENT_SECRET,
    HTTP_SORTS,
    NOW,
    SORTS,
    TOKEN,
    Rig,
    make,
)
from tests.support.fake_feed import Answer, Fault
from tests.support.shared import SHARED, needs_shared

HTML = b"<!DOCTYPE html><html><title>Just a moment...</title></html>"
CONTACT_US = json.dumps(
    {"error": "Please contact us at contact@airplanes.live. Your email MUST include any links"}
).encode()


@pytest.fixture(params=SORTS, ids=lambda sort: sort.name)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """Every adapter."""
    one = make(request.param, tmp_path)
    yield one
    one.close()


@pytest.fixture(params=HTTP_SORTS, ids=lambda sort: sort.name)
def http_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """Every adapter that speaks HTTP, over TCP or a unix socket."""
    one = make(request.param, tmp_path)
    yield one
    one.close()


@pytest.fixture(params=HTTP_SORTS, ids=lambda sort: sort.name)
def hasty_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """The same, with time-outs that a test can wait for."""
    one = make(request.param, tmp_path, timeout=timedelta(seconds=0.15))
    yield one
    one.close()


def failing(rig: Rig) -> FeedError:
    """The error that asking ends with."""
    with pytest.raises(FeedError) as caught:
        rig.feed.fetch(rig.ask)
    return caught.value


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
    "not utf-8": b'{"ac": ["\xff"], "states": ["\xff"], "now": 1795348800, "time": 1795348800}',
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


STATUSES = {
    "400": (Answer(b"", 400), Malformed, 1),
    "402": (Answer(b'{"msg": "no plan", "reason": "quota"}', 402), PaymentRequired, 1),
    "403 with airplanes.live's answer": (Answer(CONTACT_US, 403), Refused, 1),
    "403 page": (Answer(HTML, 403), Refused, 1),
    "404": (Answer(HTML, 404), Malformed, 1),
    "414": (Answer(b'{"msg": "too long"}', 414), Malformed, 1),
    "201 with an empty body": (Answer(b"", 201), Malformed, 1),
    "500": (Answer(b"", 500), Unreachable, 3),
    "502 page": (Answer(HTML, 502), Unreachable, 3),
    "503": (Answer(b"", 503), Unreachable, 3),
    "504": (Answer(b"", 504), Unreachable, 3),
    "501 is not tried again": (Answer(b"", 501), Unreachable, 1),
    "522 is not tried again": (Answer(b"", 522), Unreachable, 1),
    "429 that names no time": (Answer(b"", 429), RateLimited, 1),
}


@pytest.mark.parametrize("name", STATUSES)
def test_other_statuses(http_rig: Rig, name: str) -> None:
    answer, expected, tries = STATUSES[name]
    http_rig.answers(answer)
    error = failing(http_rig)
    assert type(error) is expected
    assert http_rig.asked == tries
    assert outcome_of(error) is not Outcome.HEARD


def test_401_is_refused(http_rig: Rig) -> None:
    http_rig.answers(Answer(b"", 401))
    assert type(failing(http_rig)) is Refused
    renewed = 1 if "client_id" in http_rig.sort.extra else 0
    assert http_rig.asked == 1 + renewed


def test_the_feeds_own_words_reach_the_operator(http_rig: Rig) -> None:
    http_rig.answers(Answer(CONTACT_US, 403))
    assert "contact@airplanes.live" in str(failing(http_rig))


def test_words_of_a_feed_cannot_steer_a_terminal(http_rig: Rig) -> None:
    http_rig.answers(Answer(b'{"error": "\\u001b[2J\\nadmin: all fine"}', 403))
    text = str(failing(http_rig))
    assert text.isprintable()


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "7"},
        {"X-Rate-Limit-Retry-After-Seconds": "7"},
        {"Retry-After": "Sun, 22 Nov 2026 12:00:07 GMT"},
        {"Retry-After": "2", "X-Rate-Limit-Retry-After-Seconds": "7"},
    ],
    ids=["seconds", "opensky", "date", "both"],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_short_wish_is_waited_out(http_rig: Rig, headers: dict[str, str], status: int) -> None:
    http_rig.answers(Answer(b"", status, headers), http_rig.good())
    http_rig.feed.fetch(http_rig.ask)
    assert timedelta(seconds=7) <= http_rig.clock.now() - NOW < timedelta(seconds=20)


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "3600"},
        {"X-Rate-Limit-Retry-After-Seconds": "3600"},
        {"Retry-After": "Sun, 22 Nov 2026 13:00:00 GMT"},
    ],
    ids=["seconds", "opensky", "date"],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_long_wish_is_handed_on(http_rig: Rig, headers: dict[str, str], status: int) -> None:
    http_rig.answers(Answer(b"", status, headers))
    error = failing(http_rig)
    assert isinstance(error, RateLimited)
    assert error.retry_after is not None
    if "GMT" in next(iter(headers.values())):
        assert http_rig.clock.now() + error.retry_after == NOW + timedelta(hours=1)
    else:
        assert error.retry_after == timedelta(hours=1)
    assert http_rig.asked == 1


def test_nonsense_for_a_wish_is_none(http_rig: Rig) -> None:
    http_rig.answers(Answer(b"", 429, {"Retry-After": "soon"}))
    error = failing(http_rig)
    assert isinstance(error, RateLimited)
    assert error.retry_after is None


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.CLOSE, Fault.CUT])
def test_a_broken_connection_is_tried_again(http_rig: Rig, fault: Fault) -> None:
    broken = Answer(http_rig.good().body, fault=fault)
    http_rig.answers(broken, broken, http_rig.good())
    http_rig.feed.fetch(http_rig.ask)
    assert http_rig.asked == 3
    http_rig.answers(broken)
    assert type(failing(http_rig)) is Unreachable


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP, Fault.DRIP_HEADERS])
def test_a_slow_answer_has_an_end(hasty_rig: Rig, fault: Fault) -> None:
    hasty_rig.answers(Answer(hasty_rig.good().body, fault=fault))
    error = failing(hasty_rig)
    assert type(error) is Unreachable
    assert "within" in str(error)


def test_nobody_listening_is_unreachable(http_rig: Rig) -> None:
    assert http_rig.server is not None
    http_rig.server.close()
    assert type(failing(http_rig)) is Unreachable
    http_rig.server = None


@pytest.mark.parametrize(
    ("compress", "chunked"), [(True, False), (False, True), (True, True)], ids=str
)
def test_encodings_are_undone(http_rig: Rig, compress: bool, chunked: bool) -> None:
    body = http_rig.good().body
    http_rig.answers(Answer(body, compress=compress, chunked=chunked))
    reply = http_rig.feed.fetch(http_rig.ask)
    assert reply.body == body
    names = {name.lower() for name, _ in reply.headers}
    assert not names & {"content-encoding", "content-length", "transfer-encoding"}


GZIP = {"Content-Encoding": "gzip"}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(gzip.compress(b" " * (40 << 20)), headers=GZIP),
        Answer(gzip.compress(b" " * (8 << 20)) * 5, headers=GZIP),
        Answer(b" " * ((32 << 20) + 1)),
        Answer(b"{}", headers=GZIP),
        Answer(gzip.compress(b'{"ac": [], "now": 1}')[:-9], headers=GZIP),
        Answer(b"{}", headers={"Content-Encoding": "br"}),
        Answer(gzip.compress(gzip.compress(b"{}")), headers={"Content-Encoding": "gzip, gzip"}),
    ],
    ids=["bomb", "bomb in parts", "oversize", "no gzip", "half a gzip", "brotli", "twice"],
)
def test_a_body_that_cannot_be_unpacked_is_malformed(http_rig: Rig, answer: Answer) -> None:
    http_rig.answers(answer)
    assert type(failing(http_rig)) is Malformed
    assert http_rig.asked == 1


def test_an_unchanged_resource_is_stale_not_empty(http_rig: Rig) -> None:
    http_rig.answers(Answer(http_rig.good().body, headers={"ETag": '"a"'}))
    http_rig.feed.fetch(http_rig.ask)
    http_rig.clock.wait(timedelta(seconds=20))
    assert type(failing(http_rig)) is Stale
    assert http_rig.server is not None
    assert http_rig.server.requests[-1].headers["if-none-match"] == '"a"'


def test_a_bad_body_is_not_vouched_for_by_a_later_304(http_rig: Rig) -> None:
    http_rig.answers(Answer(b"{}", headers={"ETag": '"a"'}))
    assert type(failing(http_rig)) is Malformed
    assert type(failing(http_rig)) is Malformed


def test_a_redirect_elsewhere_is_not_followed(http_rig: Rig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        target = f"http://127.0.0.1:{other.getsockname()[1]}/"
        http_rig.answers(Answer(b"", 302, {"Location": target}))
        assert type(failing(http_rig)) is Malformed
        other.setblocking(False)
        with pytest.raises(BlockingIOError):
            other.accept()


def test_a_redirect_on_the_same_host_is_followed(http_rig: Rig) -> None:
    assert http_rig.server is not None
    http_rig.answers(Answer(b"", 301, {"Location": "/moved"}))
    http_rig.server.on("/moved", http_rig.good())
    http_rig.feed.fetch(http_rig.ask)


def test_redirects_in_a_circle_end(http_rig: Rig) -> None:
    http_rig.answers(Answer(b"", 302, {"Location": "/again"}))
    assert type(failing(http_rig)) is Malformed
    assert http_rig.asked == 4


def test_proxies_of_the_environment_are_not_used(
    http_rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.upper(), "http://127.0.0.1:9")
    http_rig.answers(http_rig.good())
    http_rig.feed.fetch(http_rig.ask)


def test_every_request_says_who_asks(http_rig: Rig) -> None:
    assert http_rig.server is not None
    http_rig.answers(Answer(b"", 500))
    failing(http_rig)
    for seen in http_rig.server.requests:
        assert seen.headers["user-agent"] == "collector/9.9 (contact ops@example.org)"
        assert seen.headers["accept-encoding"] == "gzip"
        assert "cookie" not in seen.headers


def test_cookies_are_not_sent_back(http_rig: Rig) -> None:
    assert http_rig.server is not None
    http_rig.answers(Answer(b"", 500, {"Set-Cookie": "id=1"}), http_rig.good())
    reply = http_rig.feed.fetch(http_rig.ask)
    assert not any("cookie" in seen.headers for seen in http_rig.server.requests)
    assert not any(name.lower() == "set-cookie" for name, _ in reply.headers)


def secret_of(rig: Rig) -> str | None:
    """What this feed sends along and must never show."""
    if "api_key" in rig.sort.extra:
        return API_KEY
    return TOKEN if rig.sort.extra else None


@pytest.mark.parametrize(
    "answer",
    [
        Answer(f'{{"error": "bad key {API_KEY} or token {TOKEN}"}}'.encode(), 403),
        Answer(f"bad key {API_KEY} or token {TOKEN}".encode(), 500),
        Answer(b"", 302, {"Location": f"http://{API_KEY}:{TOKEN}@elsewhere.invalid/"}),
        Answer(b"", 404, {"Bad Header": "x"}),
        Answer(b"", fault=Fault.RESET),
    ],
    ids=["403", "500", "redirect", "bad header", "reset"],
)
def test_no_secret_is_in_any_message_or_log(
    http_rig: Rig, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    http_rig.answers(answer)
    error: BaseException | None = failing(http_rig)
    texts = [caplog.text, repr(http_rig.feed), repr(http_rig.http)]
    while error is not None:
        texts += [str(error), repr(error)]
        error = error.__cause__ or error.__context__
    for secret in filter(None, (secret_of(http_rig), CLIENT_SECRET)):
        assert not any(secret in text for text in texts)


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
