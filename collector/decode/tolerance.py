"""How is a row read when one of its fields is not what its format says? (step 1)

Field by field: what cannot be read counts as not reported. A row that has no identity is skipped
and counted by its caller.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises on hostile bytes: beside its own errors also these two."""

_ANYTHING = msgspec.json.Decoder()
_S = TypeVar("_S", bound=msgspec.Struct)


def salvage_object(raw: msgspec.Raw, kind: type[_S]) -> _S | None:
    """A JSON object as `kind`, without the fields that do not fit; None if a required one fails."""
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
    """A JSON array as `kind`, null where an element does not fit; None if that will not do."""
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
