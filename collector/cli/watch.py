"""How does a story become a watch? `watch new` asks at most five questions and writes it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from collector.cli.context import Invocation
from collector.cli.output import say
from collector.cli.watch_answers import (
    EVERYBODY,
    Recipients,
    checked_aircraft,
    checked_title,
    meant,
    places_meant,
    read_list,
    recipients_meant,
)

if TYPE_CHECKING:
    from collector.settings import Settings
    from collector.settings.airfield_names import KnownAirfield
    from collector.settings.new_watch import Wanted

T = TypeVar("T")
DEFAULT_PATH = Path("config/collector.toml")
DEFAULT_COUNT = 2


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
        wanted = wanted.joined(read_list(file))
    asking = not (wanted.anything and places)
    wanted = (
        checked_aircraft(wanted, before, asked=False) if wanted.anything else _ask_aircraft(before)
    )
    fields = [place for each in places for place in places_meant(each, before)] or _ask_places(
        before
    )
    if count is None:
        count = _ask_count() if asking else DEFAULT_COUNT
    recipients, added = _ask_whom(before) if asking and not whom else recipients_meant(whom, before)
    if title is None:
        title = _title(wanted)
        if asking:
            title = _ask("5. What shall mails call them?", checked_title, default=title)
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
    say(f"{asked_for.title} at {where}")
    after = add_to(path, asked_for.toml(), os.environ)
    _tell(path, asked_for.name, before, after)


def _ask_aircraft(settings: Settings) -> Wanted:
    return _ask(
        "1. Which aircraft? Addresses, registrations, types, operators, or a file with a list",
        lambda text: checked_aircraft(meant(text), settings, asked=somebody_answers()),
    )


def _ask_places(settings: Settings) -> list[list[KnownAirfield]]:
    return _ask(
        "2. Where? An airfield by code or name, or several like LLOV or LLER",
        lambda text: places_meant(text, settings),
    )


def _ask_count() -> int:
    return _ask(
        "3. From how many landings in a week on is it unusual?",
        _count,
        default=str(DEFAULT_COUNT),
    )


def _count(text: str) -> int:
    """Return a count. Raises UsageError."""
    number: int = click.IntRange(1, 1000)(text)
    return number


def _ask_whom(settings: Settings) -> Recipients:
    names = ", ".join(each.name for each in settings.recipients)
    return _ask(
        f"4. Whom to tell? Names ({names}) or mail addresses",
        lambda text: recipients_meant(text.split(","), settings),
        default=EVERYBODY,
    )


def _ask(question: str, read: Callable[[str], T], default: str | None = None) -> T:
    """Ask until the answer can be read; say each time what is wrong with it.

    Answers from a file or a pipe are asked for once: another question would take the answer to the
    next one. Raises UsageError for one that cannot be read.
    """
    if not somebody_answers():
        return read(
            click.prompt(question, default=default or "", show_default=bool(default), err=True)
        )
    while True:
        try:
            return read(click.prompt(question, default=default, err=True))
        except click.UsageError as error:
            say(f"collector: {error.message}")


def somebody_answers() -> bool:
    """Return whether a person can be asked again."""
    return sys.stdin.isatty()


def _present(path: Path) -> Settings:
    """Return the settings as they are now. Raises ConfigError: a broken file is not added to."""
    from collector.settings import load

    return load(path if path.is_file() else None, environ=os.environ, secrets_needed=False)


def _title(wanted: Wanted) -> str:
    """Return a title from what names the aircraft."""
    words = [*wanted.operators, *wanted.types] or [*wanted.registrations, *wanted.icao24]
    more = "" if len(words) <= 3 else f" and {len(words) - 3} more"
    return (", ".join(words[:3]) + more)[:60]


def _tell(path: Path, name: str, before: Settings, after: Settings) -> None:
    """Say what was written, what is no longer in force, and what to do next."""
    say(f'{path}: the watch "{name}" is written, and the whole file was checked')
    here = {each.name for each in after.watches}
    for gone in (each for each in before.watches if each.name not in here):
        say(
            f'collector: note: the shipped watch "{gone.name}" is no longer in force, since it '
            "holds only while the file has no watch",
        )
    say("Next: start the collector, or restart it, and it watches them")
