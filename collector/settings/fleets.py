"""Which airframes does a fleet file name? One file a fleet, an own one before the shipped one."""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from collector.errors import Mistake
from collector.model import Aircraft
from collector.resources import shipped_file
from collector.settings.mistakes import checked
from collector.settings.sources import Gathered
from collector.settings.watch_schema import FleetFile


@dataclass(frozen=True, slots=True)
class Fleet:
    """A fleet file as read: its rows, or why it cannot be used."""

    aircraft: tuple[Aircraft, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


def folders(configuration: Path | None) -> list[Path]:
    """Where fleet files are looked for, in order."""
    own = [configuration.parent / "fleets"] if configuration else []
    return [*own, shipped_file("fleets")]


def read(name: str, configuration: Path | None, where: str) -> Fleet:
    """The fleet of that name. `where` is the key that names it, for the mistake."""
    for folder in folders(configuration):
        path = folder / f"{name}.toml"
        if os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises where a folder is closed
            return _read(name, path)
    known = sorted({file.stem for each in folders(configuration) for file in each.glob("*.toml")})
    near = difflib.get_close_matches(name, known, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else "known are " + ", ".join(known)
    looked = " nor in ".join(str(folder) for folder in folders(configuration))
    return Fleet(
        mistakes=(Mistake(where, f'no fleet "{name}": no {name}.toml in {looked}; {hint}'),)
    )


def _read(name: str, path: Path) -> Fleet:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return Fleet(mistakes=(Mistake(str(path), f"is no valid TOML: {error}"),))
    except OSError as error:
        return Fleet(mistakes=(Mistake(str(path), f"cannot be read: {error.strerror}"),))
    document, mistakes = checked(Gathered(path, values), FleetFile)
    aircraft = tuple(
        Aircraft(
            icao24=row.icao24,
            registration=row.registration,
            type_code=row.type,
            operator=row.operator,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            source=row.source,
            fleet=name,
            old_registrations=tuple(row.old_registrations),
        )
        for row in (document.aircraft if document else ())
    )
    return Fleet(aircraft, (*mistakes, *_overlaps(path, aircraft)))


def _overlaps(path: Path, aircraft: tuple[Aircraft, ...]) -> list[Mistake]:
    """An address may occur twice only for periods that don't overlap."""
    mistakes = []
    for index, one in enumerate(aircraft):
        for other in aircraft[:index]:
            if one.icao24 == other.icao24 and _together(one, other):
                mistakes.append(
                    Mistake(
                        f"{path}: aircraft[{one.icao24}]",
                        "stands twice for the same days: make one row of them, or give both "
                        "`valid_from` and `valid_to` that don't overlap",
                    )
                )
    return mistakes


def _together(one: Aircraft, other: Aircraft) -> bool:
    return not (
        (one.valid_to and other.valid_from and one.valid_to <= other.valid_from)
        or (other.valid_to and one.valid_from and other.valid_to <= one.valid_from)
    )
