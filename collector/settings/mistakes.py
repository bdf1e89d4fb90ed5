"""What is wrong with a document? All mistakes of form at once, in plain words.

The schema's errors are translated. Then the wrong values are removed and the document is checked
again, so that one run finds every mistake.
"""

from __future__ import annotations

import difflib
from copy import deepcopy
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from collector.errors import Mistake
from collector.settings.keys import kind_at, part_at
from collector.settings.sources import Gathered, Steps
from collector.untrusted import visible

_MAX_ROUNDS = 8
"""Each round removes wrong values, so that few rounds are needed."""

_EXPECTED = {
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "list_type": "must be a list in [ ]",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "date_type": "must be a date like 2019-01-21, without quotes",
}
_CONSEQUENCES = {"missing", "too_short"}
"""Errors that the removal of a wrong value can cause. After the first round they are ignored."""
_REMOVED = object()


P = TypeVar("P", bound=BaseModel)


def checked(gathered: Gathered, root: type[P]) -> tuple[P | None, list[Mistake]]:
    """Return the document without its wrong values, and every mistake of form.

    The document is None if nothing of it can be used.
    """
    values = deepcopy(gathered.values)
    mistakes: list[Mistake] = []
    for round_ in range(_MAX_ROUNDS):
        try:
            return root.model_validate(values), mistakes
        except ValidationError as invalid:
            details = invalid.errors(include_url=False)
        mistakes += [
            _mistake(gathered, values, error, root)
            for error in details
            if not (round_ and error["type"] in _CONSEQUENCES)
        ]
        for error in details:
            _mark_removed(values, error)
        values = _without_removed(values)
    return None, mistakes


def label(values: Any, steps: Steps) -> str:
    """Return a path like `watch[silkway].rule[weekly].count`; an unnamed item has its number."""
    text = ""
    for step in steps:
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            values = None
        if isinstance(step, int):
            text += f"[{_name_of(values) or step + 1}]"
        else:
            text += f".{visible(step)}" if text else visible(step)
    return text


def _name_of(item: Any) -> str | None:
    """Return the name or code of an item of a list; None if the item has none."""
    if isinstance(item, dict):
        for key in ("name", "icao", "icao24"):
            if isinstance(item.get(key), str) and item[key]:
                return visible(item[key], 40)
    return None


def _plain_steps(location: Steps, root: type[BaseModel]) -> Steps:
    """Return the path of a schema error without `[key]` marks and without a plain list's index."""
    steps = tuple(step for step in location if step != "[key]")
    if steps and isinstance(steps[-1], int):
        kind = kind_at(steps[:-1], root)
        if kind and kind.shape == "list":
            return steps[:-1]
    return steps


def _mistake(
    gathered: Gathered, values: Any, error: ErrorDetails, root: type[BaseModel]
) -> Mistake:
    steps = _plain_steps(error["loc"], root)
    kind = kind_at(steps, root)
    what = _what(error, steps, root, secret=bool(kind and kind.secret))
    if steps:
        return Mistake(gathered.where(steps, label(values, steps)), what)
    return Mistake(str(gathered.file or "configuration"), what)


def _what(error: ErrorDetails, steps: Steps, root: type[BaseModel], *, secret: bool) -> str:
    kind, value = error["type"], error["input"]
    if kind == "extra_forbidden":
        return _unknown(steps, root)
    if kind == "missing":
        part = part_at(steps[:-1], root)
        field = part.model_fields.get(str(steps[-1])) if part else None
        return f"is missing: {field.description}" if field else "is missing"
    if kind in _EXPECTED:
        return f"{_EXPECTED[kind]}, not {_kind_word(value)}"
    shown = "" if secret or isinstance(value, dict | list) else f"{_shown(value)} "
    return shown + _reason(error)


def _reason(error: ErrorDetails) -> str:
    """Return why a value of the right type is refused."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return f"is not possible here; write {context['expected']}"
    if kind == "too_short":
        return "must not be empty"
    if kind in {"too_long", "string_too_long"}:
        what = "characters" if isinstance(error["input"], str) else "entries"
        return f"has more than {context['max_length']} {what}"
    return "must be " + error["msg"].removeprefix("Input should be ")


def _unknown(steps: Steps, root: type[BaseModel]) -> str:
    """Return the message for an unknown key, with the nearest key that exists."""
    name = str(steps[-1])
    part = part_at(steps[:-1], root)
    keys = list(part.model_fields) if part else []
    if len(steps) > 1 and name in root.model_fields and name not in keys:
        return f"unknown key in this table; the line `{name} = …` must stand above all [tables]"
    if near := difflib.get_close_matches(name.lower(), keys, 1, 0.5):
        return f"unknown key; did you mean {near[0]}?"
    return "unknown key; choose from: " + ", ".join(keys)


def _shown(value: Any) -> str:
    return f'"{visible(value, 80)}"' if isinstance(value, str) else visible(str(value), 80)


def _kind_word(value: Any) -> str:
    for kinds, word in (
        (bool, "true or false"),
        (str, "text in quotes"),
        (int, "a whole number"),
        (float, "a number with a point"),
        (date, "a date"),
        (list, "a list"),
        (dict, "a table"),
    ):
        if isinstance(value, kinds):
            return word
    return "this value"


def _mark_removed(values: Any, error: ErrorDetails) -> None:
    """Mark the wrong value, or the table in which a key is missing, as removed."""
    location = tuple(step for step in error["loc"] if step != "[key]")
    if error["type"] == "missing":
        location = location[:-1]
    if not location:
        values.clear()
        return
    for step in location[:-1]:
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            return  # another error of this round has removed the table around the value
    if isinstance(values, dict | list):
        container: Any = values
        container[location[-1]] = _REMOVED


def _without_removed(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_removed(inner) for key, inner in value.items() if inner is not _REMOVED
        }
    if isinstance(value, list):
        return [_without_removed(inner) for inner in value if inner is not _REMOVED]
    return value
