"""Are a server's pauses, words and bytes read correctly, whatever it sends?"""

from __future__ import annotations

import gzip
import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import Challenged, Malformed, RateLimited, Refused, Unreachable
from collector.http.etiquette import (
    INSTEAD_OF_LONGER,
    LONGEST_RETRY_AFTER,
    decoded_body,
    error_for_status,
    failure,
    kept_headers,
    obeyed_pause,
    reason_given,
    redirected,
    shown_url,
    stated_pause,
    user_agent,
)
from collector.http.request import Request
from collector.model.body import GZIP_MAGIC
from collector.secret import Secret
from collector.untrusted import visible

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OPENSKY = "x-rate-limit-retry-after-seconds"


@given(st.text(), st.text())
def test_any_wish_is_bounded_or_none(standard: str, other: str) -> None:
    wish = obeyed_pause(stated_pause({"retry-after": standard, OPENSKY: other}, NOW))
    assert wish is None or timedelta() <= wish <= LONGEST_RETRY_AFTER


@given(st.integers(0, 3600), st.integers(0, 3600))
def test_the_longer_of_two_wishes_counts(standard_s: int, other_s: int) -> None:
    date = format_datetime(NOW + timedelta(seconds=standard_s), usegmt=True)
    for spelled in (str(standard_s), date):
        wish = stated_pause({"retry-after": spelled, OPENSKY: str(other_s)}, NOW)
        assert wish == timedelta(seconds=max(standard_s, other_s))


def test_a_date_that_is_past_means_now() -> None:
    assert stated_pause({"retry-after": "Sun, 22 Nov 2020 12:00:00 GMT"}, NOW) == timedelta()


@pytest.mark.parametrize(
    ("text", "pause"),
    [
        (None, None),
        ("-5", None),
        ("nan", None),
        ("Infinity", None),
        ("1e9", None),
        ("0", timedelta()),
        ("86400", LONGEST_RETRY_AFTER),
        ("86401", INSTEAD_OF_LONGER),
        ("9" * 12, INSTEAD_OF_LONGER),
        ("Sun, 22 Nov 2099 12:00:00 GMT", INSTEAD_OF_LONGER),
        ("Mon, 23 Nov 2026 12:00:00 GMT", LONGEST_RETRY_AFTER),
    ],
)
@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_pause_of_years_is_not_obeyed_and_the_message_says_so(
    status: int, text: str | None, pause: timedelta | None
) -> None:
    headers = {} if text is None else {"retry-after": text}
    error, again = failure("where", status, headers, b"", NOW)
    if isinstance(error, RateLimited):
        assert error.retry_after == pause
    else:
        assert not pause
    assert ("polled again after 1 h" in str(error)) is (pause == INSTEAD_OF_LONGER)
    assert again is None if status == 403 else again == pause or not pause


CHALLENGES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "header": (403, {"cf-mitigated": "challenge"}, b""),
    "header under 429": (429, {"cf-mitigated": "Challenge", "retry-after": "5"}, b""),
    "page": (403, {}, b"<!DOCTYPE html><html><title>Just a moment...</title></html>"),
    "script": (503, {}, b"<html><script>window._cf_chl_opt={cvId: '3'}</script></html>"),
}


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_challenge_is_no_refusal_and_not_tried_again_at_once(name: str) -> None:
    status, headers, body = CHALLENGES[name]
    error, again = failure("where", status, headers, body, NOW)
    assert type(error) is Challenged
    assert again is None


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (403, {"cf-mitigated": "block"}, b""),
        (403, {}, b"<html><title>403 Forbidden</title></html>"),
        (403, {}, b'{"error": "just a moment"}'),
        (401, {}, b"<title>Just a moment...</title>"),
    ],
)
def test_a_refusal_is_no_challenge(status: int, headers: dict[str, str], body: bytes) -> None:
    assert type(failure("where", status, headers, body, NOW)[0]) is Refused


@given(
    st.from_regex(r"[A-Za-z0-9]{8,20}", fullmatch=True),
    st.sampled_from(["key", "api_key", "apiKey", "access_token", "TOKEN", "client_secret", "sig"]),
    st.sampled_from(["", "jv2&", "lamin=1.0&x=2&"]),
)
def test_no_credential_of_a_url_is_shown(secret: str, name: str, before: str) -> None:
    url = f"https://user:{secret}@host:8080/v2/hex/600865?{before}{name}={secret}&last=1"
    shown = shown_url(url)
    assert secret not in shown
    assert shown == f"https://host:8080/v2/hex/600865?{before}last=1"


@given(st.text())
def test_anything_can_be_shown(text: str) -> None:
    shown = shown_url(text)
    assert visible(shown, len(shown)) == shown


@given(st.text())
def test_a_contact_cannot_add_a_header(contact: str) -> None:
    agent = user_agent("1.0", contact)
    assert agent.isascii()
    assert agent.isprintable()
    assert agent.count("(") == agent.count(")") <= 1


def test_without_a_contact_we_still_say_who_we_are() -> None:
    assert user_agent("1.0", None) == "collector/1.0"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b", "http://host:81/b"),
        ("b?x=1", "http://host:81/b?x=1"),
        ("http://host:81/c", "http://host:81/c"),
        ("https://host:81/c", "https://host:81/c"),
        ("https://host/c", None),
        ("http://host/c", None),
        ("http://elsewhere:81/", None),
        ("//elsewhere/", None),
        ("http://host:81@elsewhere/", None),
        ("ftp://host:81/", None),
        ("file:///etc/passwd", None),
        ("http://host:99999/", None),
        ("http://[::1/", None),
        ("javascript:alert(1)", None),
    ],
)
def test_only_the_same_host_is_followed(location: str, target: str | None) -> None:
    if target is not None:
        assert redirected("where", "http://host:81/a", location) == target
        return
    with pytest.raises(Malformed):
        redirected("where", "http://host:81/a", location)


def test_encryption_is_never_given_up() -> None:
    with pytest.raises(Malformed):
        redirected("where", "https://host/a", "http://host/a")


@given(st.integers(100, 999).filter(lambda status: status != 200), st.text(), st.none())
def test_every_status_has_a_meaning(status: int, said: str, wish: None) -> None:
    assert str(status) in str(error_for_status("where", status, said, wish))


def test_a_server_error_with_a_time_is_a_limit() -> None:
    wish = timedelta(minutes=5)
    limited = error_for_status("where", 503, "", wish)
    assert isinstance(limited, RateLimited)
    assert limited.retry_after == wish
    assert type(error_for_status("where", 503, "", None)) is Unreachable


@given(st.binary(max_size=400))
def test_any_error_body_reads_as_one_harmless_line(body: bytes) -> None:
    text = reason_given(body)
    assert text.isprintable() or text == ""
    assert len(text) <= 300


@given(st.text(max_size=50), st.from_regex(r"[a-z0-9]{8,16}", fullmatch=True))
def test_secrets_are_cut_from_what_a_server_says(around: str, secret: str) -> None:
    request = Request(
        url="https://feed.example/",
        headers={"X-Api-Key": Secret(secret)},
        spacing=timedelta(),
        timeout=timedelta(seconds=1),
        max_bytes=1000,
    )
    for body in (f"{around}{secret}{around}", json.dumps({"message": f"{around}{secret}"})):
        read = request.read(403, {}, [body.encode("utf-8", "replace")])
        assert secret not in reason_given(read)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"msg": "no", "reason": "quota"}', "no; quota"),
        (b'{"error": "invalid_client", "error_description": "bad"}', "invalid_client; bad"),
        (b'{"type": "x", "title": "Bad", "status": 400, "detail": "radius"}', "radius; Bad"),
        (b'{"message": 7}', ""),
        (b"Too many requests\n", "Too many requests"),
        (b"  <!DOCTYPE html><p>", ""),
        (b"", ""),
        (b"[" * 50_000, None),
    ],
)
def test_the_reason_is_found(body: bytes, said: str | None) -> None:
    found = reason_given(body)
    assert found == said if said is not None else len(found) <= 300


PLAIN = st.binary(max_size=5000).filter(lambda body: not body.startswith(GZIP_MAGIC))
"""What begins as gzip does is unpacked once more: some proxies pack twice."""


@given(PLAIN, st.integers(1, 300))
def test_gzip_in_any_pieces_reads_as_it_was(body: bytes, size: int) -> None:
    packed = gzip.compress(body)
    pieces = [packed[i : i + size] for i in range(0, len(packed), size)]
    assert decoded_body(pieces, "gzip", 5000) == body
    assert decoded_body([body], None, 5000) == body


@given(st.binary(min_size=20, max_size=3000), st.data())
def test_gzip_that_ends_early_is_never_taken_for_whole(body: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(body)
    length = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(ValueError, match="gzip"):
        decoded_body([packed[:length]], "gzip", 5000)


@pytest.mark.parametrize("size", [1 << 16, 1 << 30])
def test_a_bomb_is_stopped_while_it_unpacks(size: int) -> None:
    packed = gzip.compress(b"\0" * (64 << 20), 9)
    chunks = [packed[i : i + size] for i in range(0, len(packed), size)]
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="larger"):
            decoded_body(chunks, "gzip", 1 << 20)
        assert tracemalloc.get_traced_memory()[1] < 6 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "\x1b[2J"])
def test_other_encodings_are_named(encoding: str) -> None:
    with pytest.raises(ValueError, match="only gzip") as caught:
        decoded_body([b"x"], encoding, 10)
    assert str(caught.value).isprintable()


def test_an_empty_body_may_claim_to_be_gzip() -> None:
    assert decoded_body([], "gzip", 10) == b""


def test_headers_that_describe_other_bytes_are_dropped() -> None:
    kept = kept_headers([("Content-Encoding", "gzip"), ("ETag", "x"), ("SET-COOKIE", "y")])
    assert kept == (("ETag", "x"),)
