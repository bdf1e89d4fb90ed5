"""What does docs/configuration.md say? Every key with its meaning and default, from the schema.

`python -m collector.settings.reference` prints it; a test compares it with the file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from collector.settings.keys import Key, kind_of
from collector.settings.schema import Document
from collector.settings.sources import variable
from collector.settings.watch_schema import AircraftPart

_INTRODUCTION = """\
# Configuration

Written by `python -m collector.settings.reference` from the schema in
`collector/settings/schema.py`; do not edit it by hand.

`config/collector.example.toml` is the same in the form of a file, with more words. `collector init`
writes it for you, `collector check` lists every mistake in yours, and `collector check --explain`
shows what is in force and where it comes from.

## Where values come from

1. **The environment.** `COLLECTOR_` and the key, tables separated by two underscores:
   `COLLECTOR_MAIL__PORT=2525`, `COLLECTOR_FEEDS__ADSBLOL__ENABLED=false`. A list is written with
   commas. Whole tables (`watch`, `recipient`, `airfield`, `rule`) can only stand in the file.
2. **Credential files**, for secrets only. Each is named after its key, `mail.password`, in the
   folder `$CREDENTIALS_DIRECTORY`, which systemd fills:
   `LoadCredential=mail.password:/etc/collector/credentials/mail.password`.
3. **The TOML file**: the one that `--config` names, else `./config/collector.toml`, else
   `/etc/collector/collector.toml`. Secrets are refused there.
4. **The defaults** below. No file at all is a working configuration.

What stands higher wins: a variable set for one run is meant for that run, and a credential file may
be replaced without touching it.

Unknown keys, variables that look like a key, and unknown credential files are refused, with the
nearest known name. All mistakes are reported at once, with their place; the exit code is then 78.
"""
_FLEETS = """\
## Fleet files: `fleets/NAME.toml`

A file `fleets/NAME.toml` beside the configuration comes before a shipped one of that name. It holds
one `[[aircraft]]` for each airframe and period:
"""
_HEADINGS = {
    "mail": "How mail leaves",
    "recipient[]": "Who is told",
    "watch[]": "What is watched",
    "watch[].rule[]": "When a count is unusual",
    "visitors": "Who else is followed",
    "feeds.NAME": "Whom to ask",
    "recording": "What is kept",
    "polling": "How closely to listen",
    "archives": "Where past data come from",
    "health": "When operators are told",
    "web": "The status page",
    "rivals": "Airfields that landings are confused with",
    "airfield[]": "Airfields of your own",
    "airfield[].runways[]": "Their runways",
}


def reference() -> str:
    """The whole page, in Markdown."""
    parts = [_INTRODUCTION, "## The whole\n", _table(Document, ())]
    parts += [text for key in _tables(Document, ()) for text in _section(key)]
    return "\n".join([*parts, _FLEETS, _table(AircraftPart, ())])


def _section(key: Key) -> Iterator[str]:
    last, name = key.path[-1], ".".join(key.path).replace("[]", "")
    written = f"[[{name}]]" if last.endswith("[]") else f"[{name}]"
    yield f"## {_HEADINGS[key.text]}: `{written}`\n"
    part = key.kind.part or Document
    meaning = [_sentence((part.__doc__ or "").partition("\n")[0])]
    _, _, left_out = (key.field.description or "").partition("left out: ")
    if left_out:
        meaning.append(f"Left out: {left_out}.")
    yield " ".join(meaning) + "\n"
    yield _table(part, key.path)


def _tables(part: type[BaseModel], path: tuple[str, ...]) -> Iterator[Key]:
    """The tables of the schema, in its order, each before those in it."""
    marks = {"tables": "[]", "table": "", "named tables": ".NAME"}
    for name, field in part.model_fields.items():
        kind = kind_of(field.annotation)
        if kind.part is not None:
            here = (*path, *f"{name}{marks[kind.shape]}".split("."))
            yield Key(here, field, kind)
            yield from _tables(kind.part, here)


def _table(part: type[BaseModel], path: tuple[str, ...]) -> str:
    lines = ["| key | default | meaning |", "|---|---|---|"]
    for name, field in part.model_fields.items():
        key = Key((*path, name), field, kind_of(field.annotation))
        if key.kind.part is None:
            lines.append(f"| `{name}` | {_default(key)} | {_cell(key)} |")
    return "\n".join(lines) + "\n"


def _default(key: Key) -> str:
    value = key.field.default
    if key.kind.secret:
        return "secret"
    if value is PydanticUndefined:
        return "required"
    if value in (None, [], {}):
        return "–"
    if isinstance(value, list):
        return f"`{', '.join(value)}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _cell(key: Key) -> str:
    text = _sentence(key.field.description or "")
    if key.kind.secret:
        name = ".".join(key.path)
        text += f" Credential file `{name}` or `{variable(key.path)}`."
    return text.replace("|", "\\|")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


if __name__ == "__main__":
    sys.stdout.write(reference())
