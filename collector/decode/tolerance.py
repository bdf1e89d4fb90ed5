"""How is a row read if one of its fields does not match the format? It is read field by field.

A field that cannot be read counts as not reported. A row without identity is skipped, and counted
by the caller.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises on hostile bytes: its own errors and two others."""

_ANYTHING = msgspec.json.Decoder()
_S = TypeVar("_S", bound=msgspec.Struct)


def salvage_object(raw: msgspec.Raw, kind: type[_S]) -> _S | None:
    """Return a JSON object as `kind` without unfit fields; None if a required one is unfit."""
    try:
        values = _ANYTHING.decode(raw)
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
    try:
        values = _ANYTHING.decode(raw)
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


def _fits(value: object, kind: object) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.MsgspecError:
        return False
    return True
