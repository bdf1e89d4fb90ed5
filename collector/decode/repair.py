"""How is a reply read that has an odd byte in it? The oddity is replaced, or its row is left out.

Receivers and databases write what JSON forbids: `NaN`, raw control characters, bytes that are no
UTF-8, half a surrogate pair, numbers that no machine can hold. `repaired` replaces them where the
structure is whole. `repaired_reply` leaves out rows whose structure is broken. Nothing is ever
closed that the sender left open, so a reply that is cut short stays unreadable. The work is linear
in the length of the body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isfinite

import msgspec

from collector.errors import DecodeError

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises on hostile bytes: its own errors and two others."""

BOM = b"\xef\xbb\xbf"
"""The byte order mark that some web servers put before a text."""

_UNKNOWN = "\N{REPLACEMENT CHARACTER}".encode()

_SOUND_ESCAPE = (
    rb'\\["\\/bfnrt]|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4}'
    rb"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_SOUND = re.compile(
    rb"(?:[ \t\r\n{}\[\]:,]++"
    rb'|"(?:[^"\\\x00-\x1f]++|' + _SOUND_ESCAPE + rb')*+"'
    rb"|-?(?:0|[1-9][0-9]{0,15}+)(?:\.[0-9]{1,40}+)?+(?:[eE][+-]?[0-9]{1,2})?+(?![\w.+\-\x80-\xff])"
    rb"|(?:true|false|null)(?![\w.+\-\x80-\xff])"
    rb")*+"
)
"""The longest run of tokens that need no repair. Possessive, so that it never goes back."""

_ODD = re.compile(
    rb'(?P<text>"(?:[^"\\]++|\\.)*+")|(?P<word>[\w.+\-\x80-\xff]++)|(?P<control>[\x00-\x1f]++)',
    re.DOTALL,
)
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+")
_IN_TEXT = re.compile(
    rb"(?P<sound>" + _SOUND_ESCAPE + rb")"
    rb"|(?P<broken>\\u[0-9a-fA-F]{0,4})|\\(?P<kept>[^\x00-\x1f])|[\x00-\x1f]++|\\",
    re.DOTALL,
)

_ANY_JSON = msgspec.json.Decoder(msgspec.Raw)
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])

_BOUNDARY = {
    b"{": re.compile(rb',(?:(?<=\},)\s*+(?=\{)|\s*+(?=\{"hex"))'),
    b"[": re.compile(rb",(?<=\],)\s*+(?=\[)"),
}
_LIST_END = {b"{": re.compile(rb"(?<=\})\s*+\]"), b"[": re.compile(rb"(?<=\])\s*+\]")}
MAX_REPAIRS = 100_000
"""Replacements in one text; so many oddities are no accident, and the rest stays as it is."""

MAX_ROWS_LEFT_OUT = 10_000
_LONGEST_TAIL_BYTES = 1 << 16
_MAX_LIST_ENDS = 16
_KEYS_OF_ROWS = frozenset({"hex", "flight", "alt_baro", "lat", "lon", "seen", "gs", "squawk"})
"""A tail with one of these keys belongs to a row: the reply is cut within it."""


def repaired(body: bytes) -> bytes:
    r"""Return JSON with every oddity replaced, and unchanged from the first one that cannot be.

    Invalid UTF-8 and lone surrogates become U+FFFD, control characters become spaces, and values
    that are no JSON (`NaN`) or no finite number become null.

    >>> repaired(b'{"gs":-nan,"t":1e999,"flight":"A\tB\\ud800"}').decode()
    '{"gs":null,"t":null,"flight":"A B\ufffd"}'
    """
    body = body.removeprefix(BOM).decode("utf-8", "replace").encode()
    pieces: list[bytes] = []
    at = 0
    for _ in range(MAX_REPAIRS):
        sound = _SOUND.match(body, at)
        end = at if sound is None else sound.end()
        odd = _ODD.match(body, end)
        if odd is None:  # the end, or a string that is never closed
            break
        pieces += (body[at:end], _replacement(odd))
        at = odd.end()
    return b"".join((*pieces, body[at:]))


def _replacement(odd: re.Match[bytes]) -> bytes:
    if odd["text"] is not None:
        return _IN_TEXT.sub(_replacement_in_text, odd["text"], MAX_REPAIRS)
    if odd["control"] is not None:
        return b" "
    word = odd["word"]
    sound = _NUMBER.fullmatch(word) is not None and isfinite(float(word))
    return word if sound or word in (b"true", b"false", b"null") else b"null"


def _replacement_in_text(odd: re.Match[bytes]) -> bytes:
    if odd["sound"] is not None:
        return odd["sound"]
    if odd["broken"] is not None:
        return _UNKNOWN
    return odd["kept"] or b" " * len(odd[0])


def repaired_reply(body: bytes, lists: Sequence[str]) -> tuple[bytes, int]:
    """Return the reply as valid JSON, and how many rows had to be left out of its list.

    `lists` are the keys that may hold the list of rows. Raises DecodeError if the reply is cut
    short, if it is broken elsewhere than in its rows, or if too many or all of its rows are.
    """
    whole = repaired(body)
    if _is_json(whole):
        return whole, 0
    body = body.removeprefix(BOM).decode("utf-8", "replace").encode()
    keys = "|".join(lists).encode()
    begin = re.search(rb'"(?:' + keys + rb')"\s*+:\s*+\[\s*+(?=([\[{]))', body)
    if begin is None:
        raise DecodeError("its JSON is damaged or cut short")
    kind = begin[1]
    *rows, last = _BOUNDARY[kind].split(body[begin.end() :])
    row, skeleton = _ending(body[: begin.end()], last, kind)
    kept, left_out = [], 0
    for raw in (*rows, row):
        sound = raw if _is_json(raw) else repaired(raw)
        if sound[:1] == kind and (sound is raw or _is_json(sound)):
            kept.append(sound)
        else:
            left_out += 1
        if left_out > MAX_ROWS_LEFT_OUT:
            break
    if not kept or left_out > MAX_ROWS_LEFT_OUT:
        raise DecodeError(f"its JSON is damaged: {left_out:,} rows cannot be read")
    return skeleton[0] + b",".join(kept) + skeleton[1], left_out


def _ending(head: bytes, last: bytes, kind: bytes) -> tuple[bytes, tuple[bytes, bytes]]:
    """Return the last row, and the reply before and after its rows.

    Raises DecodeError unless the reply without its rows is whole.
    """
    before = repaired(head)
    hidden = max(0, len(last) - _LONGEST_TAIL_BYTES)
    ends = [found.end() for found in _LIST_END[kind].finditer(last, hidden)]
    for end in reversed(ends[-_MAX_LIST_ENDS:]):
        after = b"]" + repaired(last[end:])
        try:
            keys = _OBJECT.decode(before + after).keys()
        except UNREADABLE:
            continue
        if kind == b"[" or not keys & _KEYS_OF_ROWS:
            return last[: end - 1].rstrip(), (before, after)
    raise DecodeError("its JSON is damaged or cut short")


def _is_json(text: bytes) -> bool:
    try:
        _ANY_JSON.decode(text)
    except UNREADABLE:
        return False
    return True
