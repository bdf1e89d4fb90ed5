"""What does each HTTP status mean to every adapter that speaks HTTP, and how long does it wait?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from collector.errors import (
    Challenged,
    Malformed,
    PaymentRequired,
    RateLimited,
    Refused,
    Unreachable,
)
from collector.feeds import outcome_of
from collector.model.reply import Outcome
from tests.feeds.failures import CONTACT_US, FORBIDDEN, HTML, failing
from tests.feeds.rigs import (
    NOW,
    Rig,
)
from tests.support.fake_feed import Answer

STATUSES = {
    "400": (Answer(b"", 400), Malformed, 1),
    "402": (Answer(b'{"msg": "no plan", "reason": "quota"}', 402), PaymentRequired, 1),
    "403 with airplanes.live's answer": (Answer(CONTACT_US, 403), Refused, 1),
    "403 page": (Answer(FORBIDDEN, 403), Refused, 1),
    "403 with a challenge": (Answer(HTML, 403), Challenged, 1),
    "403 with Cloudflare's header": (
        Answer(b"", 403, {"cf-mitigated": "challenge"}),
        Challenged,
        1,
    ),
    "503 with a challenge": (Answer(HTML, 503), Challenged, 1),
    "403 that names a time": (Answer(b"", 403, {"Retry-After": "600"}), RateLimited, 1),
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


@pytest.mark.parametrize("value", ["soon", "-5", "NaN", "1e3"])
def test_nonsense_for_a_wish_is_none(http_rig: Rig, value: str) -> None:
    http_rig.answers(Answer(b"", 429, {"Retry-After": value}))
    error = failing(http_rig)
    assert isinstance(error, RateLimited)
    assert error.retry_after is None
    assert http_rig.asked == 1


@pytest.mark.parametrize("value", ["0", "Sun, 22 Nov 2020 12:00:00 GMT"])
def test_a_wish_for_no_time_is_not_tried_again_at_once(http_rig: Rig, value: str) -> None:
    http_rig.answers(Answer(b"", 429, {"Retry-After": value}))
    assert type(failing(http_rig)) is RateLimited
    assert http_rig.asked == 1


def test_a_redirect_to_a_challenge_elsewhere_is_malformed(http_rig: Rig) -> None:
    location = "https://challenges.cloudflare.example/cdn-cgi/x"
    http_rig.answers(Answer(b"", 302, {"Location": location}))
    error = failing(http_rig)
    assert type(error) is Malformed
    assert "challenges.cloudflare.example" in str(error)
