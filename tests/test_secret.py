"""Is a secret found however somebody writes it, and is nothing else taken for one?"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from collector.secret import MASK, redacted

SECRETS = st.text(st.characters(exclude_categories=["Cs"]), min_size=8, max_size=40)
AROUND = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)

WAYS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "JSON": json.dumps,
    "JSON, not escaped": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON, slashes escaped": lambda text: json.dumps(text).replace("/", "\\/"),
    "HTML": html.escape,
    "URL": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "query": lambda text: urlencode({"key": text}),
    "Base64": lambda text: base64.b64encode(text.encode()).decode(),
}


@pytest.mark.parametrize("way", WAYS)
@given(secret=SECRETS, before=AROUND, after=AROUND)
def test_a_secret_is_found_in_each_form(way: str, secret: str, before: str, after: str) -> None:
    quoted = WAYS[way](f"{before}{secret}{after}")
    form = WAYS[way](secret).strip('"=')
    # "00000000" after an escape that ends in 0 lies there twice, and the first takes a digit of it.
    assume(quoted.find(form) == quoted.rfind(form))
    for found in (redacted(quoted, [secret]), redacted(quoted.encode(), [secret]).decode()):
        assert MASK in found
        if secret not in MASK:
            assert WAYS["plain"](secret) not in found
        if way.startswith("JSON"):
            assert isinstance(json.loads(found), str), "the document can still be read"


@given(text=st.text(max_size=200), secret=SECRETS)
def test_other_text_stays(text: str, secret: str) -> None:
    forms = [way(secret) for way in WAYS.values()]
    if not any(form.strip('"=') and form.strip('"=')[3:-3] in text for form in forms):
        assert redacted(text, [secret]) == text


def test_what_is_too_short_for_a_secret_is_no_reason_to_change_data() -> None:
    body = b'{"now": 1795305600, "ac": [{"hex": "600865"}]}'
    assert redacted(body, ["", "1", "600", "ac"]) == body


def test_a_longer_secret_is_replaced_before_one_that_it_contains() -> None:
    token = "abcdefgh-ijklmnop"
    assert redacted(f"Bearer {token}", [f"Bearer {token}", token, "abcdefgh"]) == MASK
