"""Which airframes belong to a fleet? A fleet file lists them; an operator's own comes first."""

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
    """The rows of a fleet file, and the mistakes in the file."""

    aircraft: tuple[Aircraft, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


def folders(configuration: Path | None) -> list[Path]:
    """Return the folders in which fleet files are searched, in order."""
    own = [configuration.parent / "fleets"] if configuration else []
    return [*own, shipped_file("fleets")]


def read(name: str, configuration: Path | None, where: str) -> Fleet:
    """Return the fleet of that name. `where` is the key that names the fleet, for a mistake."""
    for folder in folders(configuration):
        path = folder / f"{name}.toml"
        if os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises where a folder is closed
            return _read(name, path)
    names = sorted(
        {file.stem for folder in folders(configuration) for file in folder.glob("*.toml")}
    )
    near = difflib.get_close_matches(name, names, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else "choose from: " + ", ".join(names)
    searched = " nor in ".join(str(folder) for folder in folders(configuration))
    return Fleet(
        mistakes=(
            Mistake(where, f'there is no fleet "{name}": no {name}.toml in {searched}; {hint}'),
        )
    )


def _read(name: str, path: Path) -> Fleet:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
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
    """Return a mistake for each address that occurs twice for the same days."""
    mistakes = []
    for index, later in enumerate(aircraft):
        for earlier in aircraft[:index]:
            if later.icao24 == earlier.icao24 and _overlap(later, earlier):
                mistakes.append(
                    Mistake(
                        f"{path}: aircraft[{later.icao24}]",
                        "occurs twice for the same days; merge the two rows, or give both a "
                        "`valid_from` or `valid_to` so that they do not overlap",
                    )
                )
    return mistakes


def _overlap(row: Aircraft, other: Aircraft) -> bool:
    return not (
        (row.valid_to and other.valid_from and row.valid_to <= other.valid_from)
        or (other.valid_to and row.valid_from and other.valid_to <= row.valid_from)
    )
