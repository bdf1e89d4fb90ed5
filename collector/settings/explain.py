"""Which values are in force, and where do they come from? Every key, with secrets masked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, SecretStr

from collector.secret import MASK
from collector.settings.mistakes import label
from collector.settings.schema import Document
from collector.settings.sources import Gathered, Steps
from collector.settings.values import Explained, Settings
from collector.untrusted import visible


def explain(settings: Settings) -> list[Explained]:
    """Return every key with its value and source, in the order of the documentation."""
    return list(settings.explained)


def rows(document: Document, gathered: Gathered) -> tuple[Explained, ...]:
    """Return every value of a checked document with its source."""
    plain = document.model_dump()
    return tuple(
        Explained(label(plain, steps), _shown(value), gathered.origin(steps))
        for steps, value in _values(document, ())
    )


def _values(value: Any, steps: Steps) -> Iterator[tuple[Steps, Any]]:
    """Yield plain values before tables, in the order of the file."""
    items: list[tuple[str | int, Any]]
    if isinstance(value, BaseModel):
        items = [(name, getattr(value, name)) for name in type(value).model_fields]
    elif isinstance(value, dict) and value:
        items = list(value.items())
    elif isinstance(value, list) and value and isinstance(value[0], BaseModel):
        items = [(index, inner) for index, inner in enumerate(value)]
    else:
        yield steps, value
        return
    for name, inner in sorted(items, key=lambda item: isinstance(item[1], BaseModel | dict)):
        yield from _values(inner, (*steps, name))


def _shown(value: Any) -> str:
    if isinstance(value, SecretStr):
        return MASK
    if value is None:
        return "-"
    if isinstance(value, list):
        return ", ".join(visible(str(item)) for item in value) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return visible(str(value))
