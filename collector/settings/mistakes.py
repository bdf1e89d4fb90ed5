"""What is wrong with the document, in plain words, and all of it at once?

The schema's errors are translated; then the wrong values are taken out and the rest is checked
again, so that what can be judged is judged in the same run.
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

_ROUNDS = 8
"""Each round takes something out, so that few are needed; a bound all the same."""

_WANTED = {
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "list_type": "must be a list in [ ]",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "date_type": "must be a date like 2019-01-21, without quotes",
}
_FOLLOWS = {"missing", "too_short"}
"""Errors that taking a wrong value out can cause: in later rounds they say nothing new."""
_GONE = object()


P = TypeVar("P", bound=BaseModel)


def checked(gathered: Gathered, root: type[P]) -> tuple[P | None, list[Mistake]]:
    """The document as far as it holds (None: not at all), and every mistake of form in it."""
    values = deepcopy(gathered.values)
    mistakes: list[Mistake] = []
    for round_ in range(_ROUNDS):
        try:
            return root.model_validate(values), mistakes
        except ValidationError as error:
            details = error.errors(include_url=False)
        mistakes += [
            _mistake(gathered, values, each, root)
            for each in details
            if not (round_ and each["type"] in _FOLLOWS)
        ]
        for each in details:
            _take_out(values, each)
        values = _without_gone(values)
    return None, mistakes


def label(values: Any, steps: Steps) -> str:
    """A path for people: `watch[silkway].rule[weekly].count`, items without a name by number."""
    text = ""
    for step in steps:
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            values = None
        if isinstance(step, int):
            text += f"[{_title(values) or step + 1}]"
        else:
            text += f".{visible(step)}" if text else visible(step)
    return text


def _title(item: Any) -> str | None:
    """What an item of a list calls itself."""
    if isinstance(item, dict):
        for key in ("name", "icao", "icao24"):
            if isinstance(item.get(key), str) and item[key]:
                return visible(item[key], 40)
    return None


def _plain_steps(location: Steps, root: type[BaseModel]) -> Steps:
    """A schema error's location without the `[key]` marks and without a plain list's index."""
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
    if kind in _WANTED:
        return f"{_WANTED[kind]}, not {_kind_word(value)}"
    shown = "" if secret or isinstance(value, dict | list) else f"{_shown(value)} "
    return shown + _reason(error)


def _reason(error: ErrorDetails) -> str:
    """Why a value of the right kind is not possible."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return f"is not known here: write {context['expected']}"
    if kind == "too_short":
        return "must not be empty"
    return "must be " + error["msg"].removeprefix("Input should be ")


def _unknown(steps: Steps, root: type[BaseModel]) -> str:
    """Refuse a key, with the nearest one that exists."""
    name = str(steps[-1])
    part = part_at(steps[:-1], root)
    known = list(part.model_fields) if part else []
    if len(steps) > 1 and name in root.model_fields and name not in known:
        return f"unknown key here; a line `{name} = …` for the whole must stand above all [tables]"
    if near := difflib.get_close_matches(name.lower(), known, 1, 0.5):
        return f"unknown key; did you mean {near[0]}?"
    return "unknown key; known here are " + ", ".join(known)


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
    return "what stands there"


def _take_out(values: Any, error: ErrorDetails) -> None:
    """Mark the wrong value, or the table that lacks something, as gone."""
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
            return  # an error of the same round has taken out what this one lies in
    if isinstance(values, dict | list):
        container: Any = values
        container[location[-1]] = _GONE


def _without_gone(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_gone(inner) for key, inner in value.items() if inner is not _GONE}
    if isinstance(value, list):
        return [_without_gone(inner) for inner in value if inner is not _GONE]
    return value
