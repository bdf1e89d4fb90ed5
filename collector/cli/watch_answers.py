"""What does an answer to `watch new` mean, and is it one? Notes go to stderr."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.output import say

if TYPE_CHECKING:
    from collector.settings import Settings
    from collector.settings.airfield_names import KnownAirfield
    from collector.settings.new_watch import Wanted

Recipients = tuple[tuple[str, ...] | None, tuple[tuple[str, str], ...]]
"""Names (None: all), and the name and address of each recipient to be added."""
EVERYBODY = "all"


def meant(text: str) -> Wanted:
    """Return the aircraft that an answer names, which may be the path of a list."""
    from collector.settings.new_watch import understood

    path = Path(text.strip()).expanduser()
    if ("/" in text or path.suffix in (".csv", ".txt", ".tsv")) and path.is_file():
        return read_list(path)
    return understood(text)


def read_list(path: Path) -> Wanted:
    """Return the aircraft of a list. Raises UsageError if it names none or cannot be read."""
    from collector.errors import os_words
    from collector.settings.new_watch import listed

    try:
        found = listed(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path} cannot be read: {os_words(error)}") from error
    if not found.anything:
        raise click.UsageError(f"{path} names no aircraft: no address and no registration")
    return found


def checked_aircraft(wanted: Wanted, settings: Settings, *, asked: bool) -> Wanted:
    """Return the aircraft, with notes on stderr on doubtful ones.

    Raises UsageError for none, for what the configuration cannot hold, for an address that may be
    one of a privacy programme, and if whoever is asked does not want a doubtful type after all.
    """
    from collector.settings.new_watch import private_addresses, similar, unnamed, unusable

    if not wanted.anything:
        raise click.UsageError("that names no aircraft")
    for key in ("icao24", "registrations", "types", "operators"):
        if mistakes := unusable(key, list(getattr(wanted, key))):
            raise click.UsageError("; ".join(mistakes))
    if refused := private_addresses(wanted):
        raise click.UsageError(
            f"{', '.join(refused)}: refused, since it may be a temporary address of the privacy "
            "programme of the United States, which no public list tells from others; name the "
            "registration instead"
        )
    fleet = [aircraft for each in settings.watches for aircraft in each.fleet]
    doubtful = _doubtful_types(wanted, settings)
    if doubtful and asked and not click.confirm("Is it right all the same?", err=True):
        raise click.UsageError("then name the aircraft again")
    operators = {each.operator for each in fleet if each.operator}
    for name in wanted.operators:
        if near := similar(name, operators):
            say(
                f"collector: note: no fleet has the operator {name!r}; did you mean {near[0]}?",
            )
    known = [word for each in fleet for word in (each.icao24, each.registration or "")]
    if alone := unnamed(wanted, known):
        shown = ", ".join(alone[:5]) + (", …" if len(alone) > 5 else "")
        say(
            f"collector: note: nothing here says who operates {shown}. To follow a private "
            "person's aircraft may be against the law; landings of aircraft whose operator is not "
            "named never leave your own pages",
        )
    return wanted


def _other_letters(code: str, other: str) -> bool:
    """Return whether a code has other letters, and not only another order of them."""
    return sorted(code) != sorted(other)


def _doubtful_types(wanted: Wanted, settings: Settings) -> bool:
    """Say of each type that is not known here what may be meant; return whether there is one."""
    from collector.settings.new_watch import shipped_types, similar

    fleet = [aircraft for each in settings.watches for aircraft in each.fleet]
    known = shipped_types() | {each.type_code for each in fleet if each.type_code}
    doubtful = [each for each in wanted.types if each not in known]
    for code in doubtful:
        near = similar(code, sorted(known), len(known))
        near.sort(key=partial(_other_letters, code))
        hint = f"did you mean {near[0]}?" if near else "it matches only if feeds state it like this"
        say(
            f"collector: note: no aircraft of type {code} is in the shipped fleets; {hint}",
        )
    return bool(doubtful)


def checked_title(text: str) -> str:
    """Return a title. Raises UsageError if the configuration cannot hold it."""
    from collector.settings.new_watch import unusable

    if mistakes := unusable("title", text):
        raise click.UsageError("; ".join(mistakes))
    return text


def places_meant(text: str, settings: Settings) -> list[list[KnownAirfield]]:
    """Return the places between commas, each with its airfields. Raises UsageError."""
    return [_airfields(word, settings) for word in text.split(",") if word.strip()] or [
        _airfields(text, settings)
    ]


def _airfields(text: str, settings: Settings) -> list[KnownAirfield]:
    """Return the airfields of a place. Raises UsageError, with suggestions, for an unknown one."""
    from collector.settings.airfield_names import airfields_meant

    found = []
    for word in re.split(r"\s+or\s+", text.strip()):
        airfield, near = airfields_meant(word, settings.airfields)
        if airfield is None:
            hint = f"did you mean {', '.join(map(str, near))}?" if near else "write its ICAO code"
            raise click.UsageError(f"no airfield is called {word!r}; {hint}")
        found.append(airfield)
    return found


def recipients_meant(words: Sequence[str], settings: Settings) -> Recipients:
    """Return the recipients' names (None: all), and those to be added. Raises UsageError."""
    from collector.settings.new_watch import unusable_address

    names = {each.name for each in settings.recipients}
    by_address = {each.address: each.name for each in settings.recipients}
    chosen, added = [], []
    for word in (each.strip() for each in words):
        if word in names or word in by_address:
            chosen.append(by_address.get(word, word))
        elif "@" in word:
            if mistake := unusable_address(word):
                raise click.UsageError(mistake)
            name = _name(word.partition("@")[0])
            name = name if name not in names else _name(word.replace("@", "-at-"))
            names.add(name)
            added.append((name, word))
            chosen.append(name)
        elif word and word != EVERYBODY:
            raise click.UsageError(
                f"no recipient is called {word!r}; choose from {', '.join(sorted(names))}, or "
                "give a mail address"
            )
    return tuple(chosen) or None, tuple(added)


def _name(text: str) -> str:
    """Return text as a recipient's name, which becomes part of file names."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).lstrip("._-")[:40] or "reader"
