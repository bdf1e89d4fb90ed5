"""What does docs/configuration.md say? Every key with its meaning and default, from the schema.

`python -m collector.settings.reference` prints the page; a test compares the output with the file.
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

Written by `python -m collector.settings.reference` from the schema in `collector/settings/`; do not
edit this page by hand.

`config/collector.example.toml` holds the same keys as a commented file. `collector init` writes a
copy of this file for you, `collector check` lists every mistake in your copy, and
`collector check --explain` shows each value in force and where it comes from.

## Where values come from

A value may come from four places. The first of them that has a value decides.

1. **The environment.** A variable is named `COLLECTOR_` and the key, with two underscores between a
   table and its key: `COLLECTOR_MAIL__PORT=2525`, `COLLECTOR_FEEDS__ADSBLOL__ENABLED=false`. The
   items of a list are separated by commas. Tables that repeat (`watch`, `recipient`, `airfield`)
   are written as TOML, all of them in one variable, which replaces those of the file:
   `COLLECTOR_RECIPIENT='[{name = "desk", address = "desk@example.org"}]'`.
2. **Credential files**, for secrets only. A credential file is named after its key, like
   `mail.password`, and lies in the folder `$CREDENTIALS_DIRECTORY`, which systemd fills:
   `LoadCredential=mail.password:/etc/collector/credentials/mail.password`.
3. **The TOML file.** `--config` names the file; the default is `./config/collector.toml`, or else
   `/etc/collector/collector.toml`. Secrets are refused in this file.
4. **The defaults** below. The collector also runs without a file.

Unknown keys, variables that resemble a key, and unknown credential files are refused; the message
suggests the nearest known name. All mistakes are listed at once, each with its place, and the exit
code is 78.
"""
_FLEETS = """\
## Fleet files: `fleets/NAME.toml`

A fleet file holds one `[[aircraft]]` for each airframe and period. A file `fleets/NAME.toml` beside
the configuration replaces a shipped fleet file of that name.
"""
_HEADINGS = {
    "mail": "How mails are sent",
    "webhooks.NAME": "Webhooks",
    "apprise.NAME": "Chat and push services",
    "recipient[]": "Recipients of mails",
    "watch[]": "Watches",
    "watch[].rule[]": "Rules: when a count is unusual",
    "visitors": "Unlisted visitors",
    "feeds.NAME": "Feeds",
    "recording": "Recordings",
    "retention": "What is pruned",
    "polling": "How often feeds are polled",
    "archives": "Archives of past data",
    "health": "When operators get a mail",
    "web": "The pages",
    "publishing": "When landings may leave",
    "stamps.NAME": "Time stamps",
    "rivals": "Airfields that may be confused",
    "airfield[]": "Airfields of your own",
    "airfield[].runways[]": "Runways of your own airfields",
}


def reference() -> str:
    """Return the whole page in Markdown."""
    parts = [_INTRODUCTION, "## Keys outside any table\n", _table(Document, ())]
    parts += [text for key in _tables(Document, ()) for text in _section(key)]
    return "\n".join([*parts, _FLEETS, _table(AircraftPart, ())])


def _section(key: Key) -> Iterator[str]:
    last, name = key.path[-1], ".".join(key.path).replace("[]", "")
    written = f"[[{name}]]" if last.endswith("[]") else f"[{name}]"
    yield f"## {_HEADINGS[key.text]}: `{written}`\n"
    part = key.kind.part or Document
    meaning = [_sentence((part.__doc__ or "").partition("\n")[0])]
    _, _, left_out = (key.field.description or "").partition("if left out, ")
    if left_out:
        meaning.append(f"Default: {left_out}.")
    yield " ".join(meaning) + "\n"
    yield _table(part, key.path)


def _tables(part: type[BaseModel], path: tuple[str, ...]) -> Iterator[Key]:
    """Yield the tables of the schema, in its order, each before the tables inside."""
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
