"""How is text from the air, a feed or a file made harmless? Invisible characters are written out.

Callsigns, registrations and error texts are written by strangers. Code that shows them on a
terminal, in a mail, a page, a header or a file name passes them through `visible` or `file_name`
first. HTML must be escaped as well; the templates do that.
"""

from __future__ import annotations

import hashlib
import re

_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_FILE_NAME_LONGEST = 80


def visible(text: str, longest: int = 2000) -> str:
    r"""Return `text` on one line, every invisible character written out, cut at `longest`.

    Invisible is what Python's `isprintable` rejects: control characters, terminal escapes, line
    breaks, bidirectional and zero-width formats, odd spaces, surrogates, private and unassigned
    characters.

    >>> visible("AZQ\x1b[2J\n\u202egnp")
    'AZQ\\x1b[2J\\x0a\\u202egnp'
    >>> visible("Бакы – Ovda")
    'Бакы – Ovda'
    """
    if len(text) <= longest and text.isprintable():
        return text  # as almost every text is, and pages show thousands of them
    shown = "".join(
        char if char.isprintable() else _written_out(char) for char in text[: longest + 1]
    )
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _written_out(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def file_name(key: str, suffix: str = "") -> str:
    """Return a readable file name for `key`, different for different keys.

    The name has no separators, no leading dot, and at most 100 characters besides the suffix.

    >>> file_name("digest:2026-W47:../ops", ".eml")
    'digest-2026-W47-..-ops-a36bae09c826.eml'
    """
    words = _FILE_NAME.sub("-", key).strip("-.")[:_FILE_NAME_LONGEST]
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{words}-{digest}{suffix}" if words else f"{digest}{suffix}"
