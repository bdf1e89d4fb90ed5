"""How does a story become a watch? `watch new` asks at most five questions and writes it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from collector.cli.context import Invocation

if TYPE_CHECKING:
    from collector.settings import Settings
    from collector.settings.airfield_names import KnownAirfield
    from collector.settings.new_watch import Wanted

T = TypeVar("T")
Recipients = tuple[tuple[str, ...] | None, tuple[tuple[str, str], ...]]
"""Names (None: all), and the name and address of each recipient to be added."""

DEFAULT_PATH = Path("config/collector.toml")
DEFAULT_COUNT = 2
EVERYBODY = "all"


@click.group()
def watch() -> None:
    """Add a watch to the configuration."""


@watch.command()
@click.option("--hex", "icao24", multiple=True, metavar="ADDRESS", help="An ICAO 24-bit address.")
@click.option("--registration", multiple=True, metavar="MARK", help="A registration.")
@click.option("--operator", multiple=True, metavar="NAME", help="An operator, as feeds state it.")
@click.option("--type", "type_", multiple=True, metavar="CODE", help="An ICAO type designator.")
@click.option(
    "--list",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A list of addresses or registrations, as CSV or text.",
)
@click.option(
    "--at", "places", multiple=True, metavar="PLACE", help="An airfield, by code or name."
)
@click.option(
    "--count",
    type=click.IntRange(1, 1000),
    metavar="N",
    help=f"Landings in a week that are unusual (default: {DEFAULT_COUNT}).",
)
@click.option(
    "--to",
    "whom",
    multiple=True,
    metavar="WHO",
    help="A recipient or a mail address (default: all).",
)
@click.option("--title", metavar="TEXT", help="What mails and pages call these aircraft.")
@click.pass_obj
def new(
    invocation: Invocation,
    *,
    icao24: tuple[str, ...],
    registration: tuple[str, ...],
    operator: tuple[str, ...],
    type_: tuple[str, ...],
    lists: tuple[Path, ...],
    places: tuple[str, ...],
    count: int | None,
    whom: tuple[str, ...],
    title: str | None,
) -> None:
    """Write a checked watch from at most five questions.

    What is given as an option is not asked. If aircraft and an airfield are given, nothing is
    asked. The watch is added at the end of the configuration, whose comments stay, and only if the
    whole can be used. Interrupted, it changes nothing.
    """
    from collector.settings import SEARCHED
    from collector.settings.adding import add_to
    from collector.settings.new_watch import NewWatch, Wanted

    path = invocation.config or next((p for p in SEARCHED if p.is_file()), DEFAULT_PATH)
    before = _present(path)
    wanted = Wanted(
        tuple(each.lower().removeprefix("0x") for each in icao24),
        tuple(each.upper() for each in registration),
        tuple(each.upper() for each in type_),
        operator,
    )
    for file in lists:
        wanted = wanted.joined(_read_list(file))
    asking = not (wanted.anything and places)
    wanted = _checked_aircraft(wanted, before) if wanted.anything else _ask_aircraft(before)
    fields = [_airfields(each, before) for each in places] or [_ask_place(before)]
    if count is None:
        count = _ask_count() if asking else DEFAULT_COUNT
    recipients, added = _ask_whom(before) if asking and not whom else _recipients(whom, before)
    if title is None:
        title = _title(wanted)
        if asking:
            title = click.prompt("5. What shall mails call them?", default=title, err=True)
    asked_for = NewWatch(
        title=title,
        wanted=wanted,
        places=tuple(" or ".join(field.code for field in place) for place in fields),
        zone=fields[0][0].zone,
        count=count,
        recipients=recipients,
        new_recipients=added,
    )
    where = " and ".join(" or ".join(map(str, place)) for place in fields)
    click.echo(f"{asked_for.title} at {where}", err=True)
    after = add_to(path, asked_for.toml(), os.environ)
    _tell(path, asked_for.name, before, after)


def _ask_aircraft(settings: Settings) -> Wanted:
    return _ask(
        "1. Which aircraft? Addresses, registrations, types, operators, or a file with a list",
        lambda text: _checked_aircraft(_meant(text), settings),
    )


def _ask_place(settings: Settings) -> list[KnownAirfield]:
    return _ask(
        "2. Where? An airfield by code or name, or several like LLOV or LLER",
        lambda text: _airfields(text, settings),
    )


def _ask_count() -> int:
    asked = "3. From how many landings in a week on is it unusual?"
    count: int = click.prompt(asked, default=DEFAULT_COUNT, type=click.IntRange(1, 1000), err=True)
    return count


def _ask_whom(settings: Settings) -> Recipients:
    names = ", ".join(each.name for each in settings.recipients)
    return _ask(
        f"4. Whom to tell? Names ({names}) or mail addresses",
        lambda text: _recipients(text.split(","), settings),
        default=EVERYBODY,
    )


def _ask(question: str, read: Callable[[str], T], default: str | None = None) -> T:
    """Ask until the answer can be read; say each time what is wrong with it."""
    while True:
        try:
            return read(click.prompt(question, default=default, err=True))
        except click.UsageError as error:
            click.echo(f"collector: {error.message}", err=True)


def _present(path: Path) -> Settings:
    """Return the settings as they are now. Raises ConfigError: a broken file is not added to."""
    from collector.settings import load

    return load(path if path.is_file() else None, environ=os.environ, secrets_needed=False)


def _meant(text: str) -> Wanted:
    """Return the aircraft that an answer names, which may be the path of a list."""
    from collector.settings.new_watch import understood

    path = Path(text.strip()).expanduser()
    if ("/" in text or path.suffix in (".csv", ".txt", ".tsv")) and path.is_file():
        return _read_list(path)
    return understood(text)


def _read_list(path: Path) -> Wanted:
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


def _checked_aircraft(wanted: Wanted, settings: Settings) -> Wanted:
    """Return the aircraft, with notes on stderr on doubtful ones.

    Raises UsageError for none, and for an address that may be one of a privacy programme.
    """
    from collector.settings.new_watch import private_addresses, similar, unnamed

    if not wanted.anything:
        raise click.UsageError("that names no aircraft")
    if refused := private_addresses(wanted):
        raise click.UsageError(
            f"{', '.join(refused)}: refused, since it may be a temporary address of the privacy "
            "programme of the United States, which no public list tells from others; name the "
            "registration instead"
        )
    fleet = [aircraft for each in settings.watches for aircraft in each.fleet]
    operators = {each.operator for each in fleet if each.operator}
    for name in wanted.operators:
        if near := similar(name, operators):
            click.echo(
                f"collector: note: no fleet has the operator {name!r}; did you mean {near[0]}?",
                err=True,
            )
    known = [word for each in fleet for word in (each.icao24, each.registration or "")]
    if alone := unnamed(wanted, known):
        shown = ", ".join(alone[:5]) + (", …" if len(alone) > 5 else "")
        click.echo(
            f"collector: note: nothing here says who operates {shown}. To follow a private "
            "person's aircraft may be against the law; landings of aircraft whose operator is not "
            "named never leave your own pages",
            err=True,
        )
    return wanted


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


def _recipients(words: Sequence[str], settings: Settings) -> Recipients:
    """Return the recipients' names (None: all), and those to be added. Raises UsageError."""
    names = {each.name for each in settings.recipients}
    by_address = {each.address: each.name for each in settings.recipients}
    chosen, added = [], []
    for word in (each.strip() for each in words):
        if word in names or word in by_address:
            chosen.append(by_address.get(word, word))
        elif "@" in word:
            name = word.partition("@")[0]
            name = name if name not in names else word.replace("@", "-at-")
            added.append((name, word))
            chosen.append(name)
        elif word and word != EVERYBODY:
            raise click.UsageError(
                f"no recipient is called {word!r}; choose from {', '.join(sorted(names))}, or "
                "give a mail address"
            )
    return tuple(chosen) or None, tuple(added)


def _title(wanted: Wanted) -> str:
    """Return a title from what names the aircraft."""
    words = [*wanted.operators, *wanted.types] or [*wanted.registrations, *wanted.icao24]
    more = "" if len(words) <= 3 else f" and {len(words) - 3} more"
    return (", ".join(words[:3]) + more)[:60]


def _tell(path: Path, name: str, before: Settings, after: Settings) -> None:
    """Say what was written, what is no longer in force, and what to do next."""
    click.echo(f'{path}: the watch "{name}" is written, and the whole file was checked', err=True)
    here = {each.name for each in after.watches}
    for gone in (each for each in before.watches if each.name not in here):
        click.echo(
            f'collector: note: the shipped watch "{gone.name}" is no longer in force, since it '
            "holds only while the file has no watch",
            err=True,
        )
    click.echo("Next: start the collector, or restart it, and it watches them", err=True)
