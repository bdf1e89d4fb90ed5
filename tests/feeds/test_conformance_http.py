"""Does every adapter that speaks HTTP bear broken connections, encodings, redirects and secrets?"""

from __future__ import annotations

import gzip
import logging
import socket
from datetime import timedelta

import pytest

from collector.errors import (
    Malformed,
    Stale,
    Unreachable,
)
from tests.feeds.failures import failing
from tests.feeds.rigs import (
    API_KEY,
    CLIENT_SECRET,
    TOKEN,
    Rig,
)
from tests.support.fake_feed import Answer, Fault


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
        Answer(gzip.compress(b" " * (40 << 20), 1), headers=GZIP),
        Answer(gzip.compress(b" " * (8 << 20), 1) * 5, headers=GZIP),
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
