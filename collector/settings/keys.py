"""Which keys does the schema have? Paths of keys, for checks, variables and documentation."""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from collector.settings.schema import Document


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a key: a table, several tables, a list or a single value."""

    shape: str
    """`table`, `tables`, `named tables`, `names`, `list` or `value`."""
    part: type[BaseModel] | None
    """The keys of the table, if the key holds tables."""
    value: type | None
    """The type of the single value, or of a list's values."""
    choices: tuple[str, ...] = ()

    @property
    def secret(self) -> bool:
        """Whether the value must never be in TOML nor be printed."""
        return self.value is SecretStr


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the schema. In its path, a table that repeats is `watch[]` or `feeds.NAME`."""

    path: tuple[str, ...]
    field: FieldInfo
    kind: Kind

    @property
    def text(self) -> str:
        """`watch[].rule[].count`"""
        return ".".join(self.path)


def kind_of(annotation: Any) -> Kind:
    """Return the kind of key that an annotation of the schema describes."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return kind_of(args[0])
    if origin in (Union, types.UnionType):
        return kind_of(next(arg for arg in args if arg is not type(None)))
    if origin in (list, dict):
        inner = kind_of(args[-1])
        tables, values = ("tables", "list") if origin is list else ("named tables", "names")
        return Kind(tables if inner.part else values, inner.part, inner.value, inner.choices)
    if origin is Literal:
        return Kind("value", None, str, tuple(args))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Kind("table", annotation, None)
    return Kind("value", None, annotation)


def keys_of(part: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[Key]:
    """Yield every key of a table and of the tables inside, tables after plain values."""
    keys = [(name, field, kind_of(field.annotation)) for name, field in part.model_fields.items()]
    for name, field, kind in sorted(keys, key=lambda key: key[2].part is not None):
        if kind.part is None:
            yield Key((*path, name), field, kind)
            continue
        here = {
            "table": (*path, name),
            "tables": (*path, f"{name}[]"),
            "named tables": (*path, name, "NAME"),
        }[kind.shape]
        yield Key(here, field, kind)
        yield from keys_of(kind.part, here)


def part_at(path: Sequence[str | int], root: type[BaseModel] = Document) -> type[BaseModel] | None:
    """Return the table to which a path of a document leads; None if the path leads to no table."""
    part: type[BaseModel] | None = root
    skip = False
    for step in path:
        if skip:
            skip = False
            continue
        field = part.model_fields.get(str(step)) if part else None
        if field is None:
            return None
        kind = kind_of(field.annotation)
        part, skip = kind.part, kind.shape in ("tables", "named tables")
    return None if skip else part


def kind_at(path: Sequence[str | int], root: type[BaseModel] = Document) -> Kind | None:
    """Return the kind of the key at a path of a document; None if there is no such key."""
    part = part_at(path[:-1], root) if path else None
    field = part.model_fields.get(str(path[-1])) if part else None
    return kind_of(field.annotation) if field else None
