"""How are credentials kept out of logs, recordings and pages? A `Secret` prints as stars.

`redacted` replaces credentials that somebody quotes: a feed or a mail server that repeats what we
sent, a library's log. It is applied where text of others enters (`http`, `mail`), before anything
is stored, shown, recorded or mailed, and to every line of the log. `without_credentials` removes
credentials from a URL, and `is_secret` names the headers and query fields that may hold one.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from typing import TypeVar
from urllib.parse import quote, quote_plus, unquote, urlsplit

MASK = "********"
SHORTEST_REDACTED = 6
"""Characters. A shorter text is no credential, and would be found in what is none, such as 1."""


class Secret:
    """A credential that printing, formatting, logging and pickling never show.

    >>> str(Secret("hunter2")), repr(Secret("hunter2")), f"{Secret('hunter2')}"
    ('********', 'Secret(********)', '********')
    >>> Secret("hunter2").reveal()
    'hunter2'
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the credential itself. Call it only where the credential is sent to a server."""
        return self._value

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> str:
        raise TypeError("a Secret is never written anywhere: reveal() it where it is used")


_SECRET = re.compile(
    r"key|token|secret|auth|pass|pwd|credential|session|cookie|sig(?:n|$)", re.IGNORECASE
)
_FIELD = re.compile(r"([^=&;]+)(?:=[^&;]*)?[&;]?")


def without_credentials(url: str) -> str:
    """Return the URL without user information, fragment, and query fields that may be secrets.

    >>> without_credentials("https://me:pw@host:8080/v2/hex/600865?api_key=1&jv2#x")
    'https://host:8080/v2/hex/600865?jv2'
    """
    parts = urlsplit(url)
    query = _FIELD.sub(lambda field: "" if is_secret(field[1]) else field[0], parts.query)
    query = query.strip("&;") if query != parts.query else query
    slashes = "//" if url.partition(":")[2].startswith("//") else ""
    place = f"{parts.scheme}:{slashes}{parts.netloc.rpartition('@')[2]}" if parts.scheme else ""
    bare = place + parts.path + ("?" if query.strip("&;") else "") + query
    return quote(bare, safe="%/:=&?~#+!$,;'@()*[]")


def is_secret(name: str) -> bool:
    """Return whether a header or query field of that name may hold a credential.

    >>> is_secret("X-Api-Key"), is_secret("Set-Cookie"), is_secret("lamin")
    (True, True, False)
    """
    return _SECRET.search(unquote(name)) is not None


T = TypeVar("T", str, bytes)

_ESCAPE = re.compile(r"%[0-9A-F]{2}")
_JSON_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def redacted(text: T, secrets: Iterable[str]) -> T:
    """Return text or bytes (UTF-8) with stars instead of the secrets, however they are written.

    Found are a secret as it is, and as it stands in a URL, in JSON, in HTML and in Base64 (which
    carries logins over HTTP and SMTP). The stars have the same meaning in each of these.

    >>> redacted('{"error": "unknown key a/b+c\\u00fcd"}', ["a/b+cüd"])
    '{"error": "unknown key ********"}'
    >>> redacted(b"GET /?key=a%2fb%2bc%c3%bcd", ["a/b+cüd"])
    b'GET /?key=********'
    """
    for form in sorted(set(_forms(secrets)), key=len, reverse=True):
        text = _replaced(text, form)
    return text


def _replaced(text: T, form: str) -> T:
    if isinstance(text, str):
        return text.replace(form, MASK)
    return text.replace(form.encode("utf-8", "surrogatepass"), MASK.encode())


def _forms(secrets: Iterable[str]) -> Iterable[str]:
    for secret in secrets:
        if len(secret) < SHORTEST_REDACTED:
            continue
        raw = secret.encode("utf-8", "surrogatepass")
        in_url = {quote(raw, safe=""), quote(raw), quote_plus(raw)}
        yield secret
        yield from in_url
        yield from (_ESCAPE.sub(lambda found: found[0].lower(), form) for form in in_url)
        for in_json in (json.dumps(secret), json.dumps(secret, ensure_ascii=False)):
            yield in_json[1:-1]
            yield in_json[1:-1].replace("/", "\\/")
            yield _JSON_ESCAPE.sub(lambda found: rf"\u{found[1].upper()}", in_json[1:-1])
        yield from (html.escape(secret), html.escape(secret, quote=False))
        yield from _in_base64(raw)


def _in_base64(secret: bytes) -> Iterable[str]:
    """Yield what of a secret stands in Base64 wherever it begins in a group of three bytes.

    The first and the last character may also carry bits of its neighbours, and are left out.
    """
    for before in range(3):
        text = base64.b64encode(bytes(before) + secret).decode().rstrip("=")
        end = len(text) - bool((before + len(secret)) % 3)
        if len(form := text[(0, 2, 3)[before] : end]) >= SHORTEST_REDACTED:
            yield form
