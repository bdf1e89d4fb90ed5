"""Where does each value come from? TOML, credential files and the environment, made one.

The environment wins over credential files, these over TOML; a secret never stands in TOML. Every
value remembers its source, for `explain` and for the place in a mistake.
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
from collector.settings.schema import Document
from collector.untrusted import visible

PREFIX = "COLLECTOR_"
DIRECTORY = "CREDENTIALS_DIRECTORY"
_CREDENTIAL_MAX_BYTES = 64 * 1024
"""A key or password is far shorter; anything longer is some other file."""

Steps = tuple[str | int, ...]


@dataclass(slots=True)
class Gathered:
    """The raw document of all sources together, not yet checked against the schema."""

    file: Path | None
    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[Steps, str] = field(default_factory=dict)
    """For values not from TOML: what they came from."""
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def origin(self, steps: Steps) -> str:
        """What a value came from, in words."""
        for end in range(len(steps), 0, -1):
            if steps[:end] in self.origins:
                return self.origins[steps[:end]]
        if _lookup(self.values, steps) is None:
            return "default"
        return str(self.file) if self.file else "default"

    @property
    def prefix(self) -> str:
        """What the place of a mistake begins with: the file, if there is one."""
        return f"{self.file}: " if self.file else ""

    def tables(self, key: str) -> list[dict[str, Any]]:
        """The raw tables `[[key]]`, also those that turn out to be wrong."""
        tables = self.values.get(key)
        return (
            [each for each in tables if isinstance(each, dict)] if isinstance(tables, list) else []
        )

    def where(self, steps: Steps, label: str) -> str:
        """The place to name in a mistake: file and key path, or the variable or credential."""
        origin = self.origin(steps)
        if origin == "default":
            return f"{self.file}: {label}" if self.file else label
        return f"{origin}: {label}" if origin == str(self.file) else origin


def gather(path: Path | None, environ: Mapping[str, str]) -> Gathered:
    """Everything that was said, by all sources. Raises nothing: mistakes are in the result."""
    gathered = Gathered(path)
    if path is not None:
        _read_toml(gathered, path)
    _read_credentials(gathered, environ)
    _read_environment(gathered, environ)
    return gathered


def variable(path: Sequence[str]) -> str:
    """The environment variable of a key.

    >>> variable(("mail", "password"))
    'COLLECTOR_MAIL__PASSWORD'
    """
    return PREFIX + "__".join(path).upper()


def _read_toml(gathered: Gathered, path: Path) -> None:
    try:
        with path.open("rb") as file:
            gathered.values = tomllib.load(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        gathered.mistakes.append(Mistake(str(path), f"is no valid TOML: {error}"))
    except OSError as error:
        why = error.strerror or error
        gathered.mistakes.append(Mistake(str(path), f"cannot be read: {why}"))
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
        "is a secret and does not belong in this file: take it out, change it if others could "
        f"read it here, and put it into a credential file named {key} (systemd: "
        f"LoadCredential={key}:/etc/collector/credentials/{key}) or into the environment "
        f"variable {variable(words)}",
    )


def _password_in_url(path: Path, steps: Steps) -> Mistake:
    key = ".".join(str(step) for step in steps)
    return Mistake(
        f"{path}: {key}",
        "carries a user name or password before the @ of its address: a secret does not belong "
        "in this file; put a proxy that knows it in front, or use a feed that takes a key",
    )


def _carries_password(text: str) -> bool:
    scheme, separator, rest = text.partition("://")
    return bool(separator) and scheme.isalnum() and "@" in rest.partition("/")[0]


def _read_credentials(gathered: Gathered, environ: Mapping[str, str]) -> None:
    """Each file is named after its key: `mail.password`."""
    if not environ.get(DIRECTORY):
        return
    folder = Path(environ[DIRECTORY])
    try:
        files = sorted(file for file in folder.iterdir() if not file.name.startswith("."))
    except OSError as error:
        why = error.strerror or error
        gathered.mistakes.append(
            Mistake(f"${DIRECTORY}", f"the folder {folder} cannot be read: {why}")
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
        except (OSError, UnicodeDecodeError):
            gathered.mistakes.append(Mistake(place, "cannot be read as text (UTF-8)"))
            continue
        _put(gathered, steps, text, place)


def _no_credential(name: str, kind: Kind | None) -> str:
    if kind is not None:
        return "is a key of the configuration but no secret: write it into the TOML file"
    near = difflib.get_close_matches(name, list(_secret_names(name)), 1)
    hint = f"did you mean {near[0]}?" if near else "known are " + ", ".join(_secret_names(""))
    return f"no secret has this name; {hint}"


def _secret_names(name: str) -> Iterator[str]:
    """The names of all secrets; that of the feed is taken over from `name`."""
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
        elif kind.shape not in ("value", "list"):
            gathered.mistakes.append(
                Mistake(place, "holds tables, which only the TOML file can; name a single key")
            )
        else:
            _put(gathered, steps, _parsed(environ[name], kind), place)


def _unknown_variable(gathered: Gathered, name: str, steps: Sequence[str]) -> None:
    """A name like a key's is a slip and refused; any other may be somebody else's, and is said."""
    place = f"environment variable {visible(name)}"
    known = {each.removeprefix(PREFIX): each for each in _variables(steps)}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), list(known), 1)
    if near:
        what = f"no key of the configuration; did you mean {known[near[0]]}?"
        gathered.mistakes.append(Mistake(place, what))
    else:
        gathered.warnings.append(f"{place} is no key of the configuration and does nothing")


def _variables(steps: Sequence[str]) -> Iterator[str]:
    feed = steps[1] if len(steps) == 3 and steps[0] == "feeds" else "NAME"
    for key in keys_of(Document):
        if key.kind.part is None and not any(step.endswith("[]") for step in key.path):
            yield variable([feed if step == "NAME" else step for step in key.path])


def _parsed(text: str, kind: Kind) -> Any:
    """A variable's text as the kind of value that TOML would have given."""
    if kind.shape == "list":
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind.value in (bool, int, float):
        try:
            return tomllib.loads(f"value = {text.strip().lower()}")["value"]
        except tomllib.TOMLDecodeError:
            return text
    return text


def _put(gathered: Gathered, steps: Sequence[str], value: Any, place: str) -> None:
    table: Any = gathered.values
    for step in steps[:-1]:
        if not isinstance(table.setdefault(step, {}), dict):
            return  # TOML holds something else there, which is reported as its own mistake
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
