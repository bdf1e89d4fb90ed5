"""Where does each value come from? TOML, credential files and the environment form one document.

The environment wins over credential files, and these win over TOML; a secret is refused in TOML.
The source of every value is kept, for `explain` and for the place of a mistake.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from collector.errors import Mistake
from collector.settings.keys import Kind, keys_of, kind_at
from collector.settings.salvaging import NO_TOML, salvaged
from collector.settings.schema import Document
from collector.untrusted import visible

PREFIX = "COLLECTOR_"
DIRECTORY = "CREDENTIALS_DIRECTORY"
"""Where systemd puts the service's secrets; nobody else has it in the environment."""
_CREDENTIAL_MAX_BYTES = 64 * 1024
"""A longer file cannot be a key or password."""

_EMPTY = (
    "is empty, so nothing says what to watch and whom to tell; restore it, or write a new one with "
    "`collector init`"
)

Steps = tuple[str | int, ...]


@dataclass(slots=True)
class Gathered:
    """The raw document of all sources, before the check against the schema."""

    file: Path | None
    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[Steps, str] = field(default_factory=dict)
    """The source of each value that is not from TOML."""
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    salvaged: bool = False
    """Whether the file is no valid TOML, so that `values` lacks some of what it was to say."""

    def origin(self, steps: Steps) -> str:
        """Return the source of a value: a file, variable, credential file, or `default`."""
        for end in range(len(steps), 0, -1):
            if steps[:end] in self.origins:
                return self.origins[steps[:end]]
        if _lookup(self.values, steps) is None:
            return "default"
        return str(self.file) if self.file else "default"

    def prefix(self, key: str) -> str:
        """Return the beginning of a mistake's place within a key: the variable that holds its
        tables, else the file, if there is one."""
        holds = self.origins.get((key,)) or self.file
        return f"{holds}: " if holds else ""

    def tables(self, key: str) -> list[dict[str, Any]]:
        """Return the raw tables `[[key]]`, including those with mistakes."""
        tables = self.values.get(key)
        if not isinstance(tables, list):
            return []
        return [table for table in tables if isinstance(table, dict)]

    def where(self, steps: Steps, label: str) -> str:
        """Return the place of a mistake: file and key, or the variable or credential file; the key
        too within a variable that holds tables."""
        origin = self.origin(steps)
        if origin == "default":
            return f"{self.file}: {label}" if self.file else label
        within = len(steps) > 1 and steps[:1] in self.origins
        return f"{origin}: {label}" if within or origin == str(self.file) else origin


def gather(path: Path | None, environ: Mapping[str, str]) -> Gathered:
    """Return the values of all sources together. Raises nothing: mistakes are in the result."""
    gathered = Gathered(path)
    if path is not None:
        _read_toml(gathered, path)
    _read_credentials(gathered, environ)
    _read_environment(gathered, environ)
    return gathered


def where_to_put(path: Sequence[str]) -> str:
    """Return where a missing secret belongs, as the end of a mistake's sentence."""
    key = ".".join(path)
    return (
        f"; put it into a credential file named {key} or into the environment variable "
        f"{variable(path)}; if the service has it already, name the folder of its credential files "
        f"for this command: {DIRECTORY}=/etc/collector/credentials"
    )


def variable(path: Sequence[str]) -> str:
    """Return the environment variable of a key.

    >>> variable(("mail", "password"))
    'COLLECTOR_MAIL__PASSWORD'
    """
    return PREFIX + "__".join(path).upper()


def _read_toml(gathered: Gathered, path: Path) -> None:
    content = b""
    try:
        content = path.read_bytes()
        gathered.values = tomllib.loads(content.decode())
    except NO_TOML as error:
        gathered.mistakes.append(Mistake(str(path), f"is no valid TOML: {error}"))
        gathered.values, gathered.salvaged = salvaged(content.decode(errors="replace")), True
    except OSError as error:
        why = error.strerror or error
        gathered.mistakes.append(Mistake(str(path), f"cannot be read: {why}"))
    else:
        if not content.strip():  # a full disk does that to a file that is being saved
            gathered.mistakes.append(Mistake(str(path), _EMPTY))
    for steps, value in list(_leaves(gathered.values)):
        if (kind := kind_at(steps)) and kind.secret:
            _remove(gathered.values, steps)
            gathered.mistakes.append(_secret_in_toml(path, steps))
        elif isinstance(value, str) and _carries_password(value):
            _remove(gathered.values, steps)
            gathered.mistakes.append(_password_in_url(path, steps))


def _secret_in_toml(path: Path, steps: Steps) -> Mistake:
    words = tuple(str(step) for step in steps)
    key = ".".join(words)
    return Mistake(
        f"{path}: {key}",
        "is a secret and does not belong in this file; remove it, change the secret if others "
        f"could read this file, and put it into a credential file named {key} (systemd: "
        f"LoadCredential={key}:/etc/collector/credentials/{key}) or into the environment "
        f"variable {variable(words)}",
    )


def _password_in_url(path: Path, steps: Steps) -> Mistake:
    key = ".".join(str(step) for step in steps)
    return Mistake(
        f"{path}: {key}",
        "carries a user name or password before the @ of its address, and a secret does not belong "
        "in this file; use a proxy that adds the password, or a feed that takes a key",
    )


def _carries_password(text: str) -> bool:
    scheme, separator, rest = text.partition("://")
    return bool(separator) and scheme.isalnum() and "@" in rest.partition("/")[0]


def _read_credentials(gathered: Gathered, environ: Mapping[str, str]) -> None:
    """Read the credential files; each is named after its key, like `mail.password`."""
    if not environ.get(DIRECTORY):
        return
    folder = Path(environ[DIRECTORY])
    try:
        files = sorted(file for file in folder.iterdir() if not file.name.startswith("."))
    except OSError as error:
        why = error.strerror or error
        gathered.mistakes.append(
            Mistake(
                f"${DIRECTORY}", f"the folder {folder} cannot be read: {why}", missing_secret=True
            )
        )
        return
    for file in files:
        steps = tuple(file.name.split("."))
        place = f"credential file {visible(file.name)}"
        kind = kind_at(steps)
        if kind is None or not kind.secret:
            gathered.mistakes.append(Mistake(place, _no_credential(file.name, kind)))
            continue
        try:
            text = file.read_bytes()[:_CREDENTIAL_MAX_BYTES].decode().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            missing = isinstance(error, OSError)
            what = "cannot be read as text (UTF-8)"
            gathered.mistakes.append(Mistake(place, what, missing_secret=missing))
            continue
        _store(gathered, steps, text, place)


def _no_credential(name: str, kind: Kind | None) -> str:
    if kind is not None:
        return "is a key of the configuration but not a secret; write it into the TOML file"
    near = difflib.get_close_matches(name, list(_secret_names(name)), 1)
    hint = f"did you mean {near[0]}?" if near else "choose from: " + ", ".join(_secret_names(""))
    return f"no secret has this name; {hint}"


def _secret_names(name: str) -> Iterator[str]:
    """Yield the names of all secrets, with the feed that `name` contains."""
    feed = name.split(".")[1] if name.startswith("feeds.") and name.count(".") == 2 else "NAME"
    for key in keys_of(Document):
        if key.kind.secret:
            yield key.text.replace("NAME", feed)


def _read_environment(gathered: Gathered, environ: Mapping[str, str]) -> None:
    for name in sorted(environ):
        if not name.startswith(PREFIX):
            continue
        steps = tuple(name.removeprefix(PREFIX).lower().split("__"))
        place = f"environment variable {visible(name)}"
        kind = kind_at(steps)
        if kind is None:
            _unknown_variable(gathered, name, steps)
        elif kind.shape in ("tables", "names"):  # their keys have no variables of their own
            try:
                _store(gathered, steps, _toml_value(environ[name]), place)
            except NO_TOML as error:
                what = f"must hold TOML, as after `{'.'.join(steps)} = `: {error}"
                gathered.mistakes.append(Mistake(place, what))
        elif kind.shape not in ("value", "list"):
            gathered.mistakes.append(Mistake(place, "names a table; name a single key of it"))
        else:
            _store(gathered, steps, _parsed(environ[name], kind), place)


def _unknown_variable(gathered: Gathered, name: str, steps: Sequence[str]) -> None:
    """Refuse a name that resembles a key's; warn about any other, which other software may use."""
    place = f"environment variable {visible(name)}"
    variables = {known.removeprefix(PREFIX): known for known in _variables(steps)}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), list(variables), 1)
    if near:
        what = f"is no key of the configuration; did you mean {variables[near[0]]}?"
        gathered.mistakes.append(Mistake(place, what))
    else:
        gathered.warnings.append(f"{place} is no key of the configuration and has no effect")


def _variables(steps: Sequence[str]) -> Iterator[str]:
    feed = steps[1] if len(steps) == 3 and steps[0] == "feeds" else "NAME"
    for key in keys_of(Document):
        if key.kind.part is None and not any(step.endswith("[]") for step in key.path):
            yield variable([feed if step == "NAME" else step for step in key.path])


def _parsed(text: str, kind: Kind) -> Any:
    """Return a variable's text as the type of value that TOML would give."""
    if kind.shape == "list":
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind.value in (bool, int, float):
        try:
            return _toml_value(text.strip().lower())
        except NO_TOML:
            return text
    return text


def _toml_value(text: str) -> Any:
    """Return the value that stands in this text, and nothing else. Raises one of `NO_TOML`."""
    value = tomllib.loads(f"value = {text}")
    if len(value) > 1:
        raise ValueError(f"after its value it goes on with `{list(value)[1]}`")
    return value["value"]


def _store(gathered: Gathered, steps: Sequence[str], value: Any, place: str) -> None:
    table: Any = gathered.values
    for step in steps[:-1]:
        if not isinstance(table.setdefault(step, {}), dict):
            return  # TOML holds another type there, which is a mistake of its own
        table = table[step]
    table[steps[-1]] = value
    gathered.origins[tuple(steps)] = place


def _leaves(value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*steps, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*steps, index))
    else:
        yield steps, value


def _lookup(values: Any, steps: Steps) -> Any:
    for step in steps:
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            return None
    return values


def _remove(values: Any, steps: Steps) -> None:
    del _lookup(values, steps[:-1])[steps[-1]]
