"""How is a row read if one of its fields does not match the format? It is read field by field.

A field that cannot be read counts as not reported. A row without identity is skipped, and counted
by the caller. A reply whose JSON is broken is repaired first (`decode.repair`).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import TypeVar

import msgspec

from collector.decode.repair import UNREADABLE, repaired, repaired_reply
from collector.errors import DecodeError

_ANYTHING = msgspec.json.Decoder()
_S = TypeVar("_S", bound=msgspec.Struct)
_T = TypeVar("_T")


def decode_loosely(
    body: bytes, decoder: msgspec.json.Decoder[_T], lists: Sequence[str], what: str
) -> tuple[_T, int]:
    """Return an envelope with undecoded rows, and how many rows were left out as broken.

    `lists` are the keys that may hold the rows. Raises DecodeError, which calls the reply `what`,
    if it is cut short, damaged elsewhere than in its rows, or of another kind.
    """
    with suppress(*UNREADABLE):
        return decoder.decode(body), 0
    try:
        whole, left_out = repaired_reply(body, lists)
        return decoder.decode(whole), left_out
    except (DecodeError, *UNREADABLE) as error:
        raise DecodeError(f"not {what} ({error}): it begins {body[:60]!r}") from error


def salvage_object(raw: msgspec.Raw, kind: type[_S]) -> _S | None:
    """Return a JSON object as `kind` without unfit fields; None if a required one is unfit."""
    with suppress(*UNREADABLE):
        decoder: msgspec.json.Decoder[_S] = _typed(kind)
        return decoder.decode(raw)
    try:
        values = _decoded(raw)
        if not isinstance(values, dict):
            return None
        fields = msgspec.structs.fields(kind)
        kept = {
            field.encode_name: values[field.encode_name]
            for field in fields
            if field.encode_name in values and _fits(values[field.encode_name], field.type)
        }
        return msgspec.convert(kept, kind)
    except UNREADABLE:
        return None


def salvage_array(raw: msgspec.Raw, kind: type[_S]) -> _S | None:
    """Return a JSON array as `kind`, with null for elements that do not fit; None if it fails."""
    with suppress(*UNREADABLE):
        decoder: msgspec.json.Decoder[_S] = _typed(kind)
        return decoder.decode(raw)
    try:
        values = _decoded(raw)
        if not isinstance(values, list):
            return None
        fields = msgspec.structs.fields(kind)
        kept = [
            value if _fits(value, field.type) else None
            for value, field in zip(values, fields, strict=False)
        ]
        return msgspec.convert(kept, kind)
    except UNREADABLE:
        return None


@cache
def _typed(kind: type[_S]) -> msgspec.json.Decoder[_S]:
    return msgspec.json.Decoder(kind)


def _decoded(raw: msgspec.Raw) -> object:
    try:
        return _ANYTHING.decode(raw)
    except UNREADABLE:
        return _ANYTHING.decode(repaired(bytes(raw)))


def _fits(value: object, kind: object) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.MsgspecError:
        return False
    return True
