"""How are credentials kept out of logs, recordings and pages? A `Secret` prints as stars.

`without_credentials` removes credentials from a URL, and `is_secret` names the headers and query
fields that may hold one.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

MASK = "********"


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
