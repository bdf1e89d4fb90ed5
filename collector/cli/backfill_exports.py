"""How do exports of other services get in? `backfill flightradar24` and `opensky-states`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.backfill_days import AGAIN
from collector.cli.context import Invocation, now
from collector.cli.output import Problems, say

if TYPE_CHECKING:
    from collector.model.reply import Reply
    from collector.settings import Settings


@click.command(short_help="Read flights exported from Flightradar24.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--aircraft",
    required=True,
    metavar="HEX",
    help="Address (24 bits) or registration of the aircraft, which the files do not name.",
)
@AGAIN
@click.pass_obj
def flightradar24(
    invocation: Invocation, paths: tuple[Path, ...], *, aircraft: str, again: bool
) -> None:
    """Read flights exported from Flightradar24.

    PATHS are CSV files of flights of one aircraft, as downloaded. Such files may contain estimated
    positions: a landing that follows from them alone is never confirmed, and they prove no coverage
    and no silence. Reading a file again changes nothing.
    """
    from collector.archives import track_exports
    from collector.archives.csv_files import lines_of, opened
    from collector.model.imported import FLIGHTRADAR24

    icao24 = _address_of(aircraft, invocation.settings)
    points = [(field.lat_deg, field.lon_deg) for field in invocation.settings.airfields]
    problems = Problems()

    def replies_of(path: Path) -> Sequence[Reply]:
        with opened(path) as file:
            return track_exports.flightradar24(
                lines_of(file, path),
                icao24,
                points,
                lambda problem: problems(f"{path}, {problem}"),
                lambda note: say(f"collector: {path}: {note}"),
            )

    _read(invocation, paths, replies_of, f"{FLIGHTRADAR24} {icao24}", problems, again=again)


@click.command("opensky-states", short_help="Read state vectors exported from OpenSky's Trino.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@AGAIN
@click.pass_obj
def opensky_states(invocation: Invocation, paths: tuple[Path, ...], *, again: bool) -> None:
    """Read state vectors exported from OpenSky's Trino.

    PATHS are CSV files, plain or gzip, of rows of the table state_vectors_data4. Watched aircraft
    are read. The files prove no coverage. Reading a file again changes nothing.
    """
    from collector.archives import track_exports
    from collector.archives.csv_files import lines_of, opened
    from collector.model.imported import OPENSKY_TRINO
    from collector.watches.matcher import Matcher

    matcher, problems = Matcher(invocation.settings.watches), Problems()
    fleet = frozenset(matcher.fleet_addresses())
    wanted = (lambda _: True) if matcher.follows else fleet.__contains__

    def replies_of(path: Path) -> Sequence[Reply]:
        with opened(path) as file:
            return track_exports.state_vectors(
                lines_of(file, path), wanted, lambda problem: problems(f"{path}, {problem}")
            )

    _read(invocation, paths, replies_of, OPENSKY_TRINO, problems, again=again)


def _read(
    invocation: Invocation,
    paths: Sequence[Path],
    replies_of: Callable[[Path], Sequence[Reply]],
    source: str,
    problems: Problems,
    *,
    again: bool,
) -> None:
    from collector.backfill.track_exports import read_exports

    invocation.configure_logs()
    with invocation.open_for_writing(past=True, create=True) as services:
        done = read_exports(
            services, paths, replies_of, source=source, now=now(), report=problems, again=again
        )
    say(
        f"{done.files} files ({done.read_before} more were read before): {done.reports} reports, "
        f"{done.changes} changes to landings"
    )
    if problems.count:
        say("collector: everything else is stored")
        raise SystemExit(1)


def _address_of(text: str, settings: Settings) -> str:
    """Return the address that is given, or that of the registration. Raises BadParameter."""
    from collector.model.sighting import address, plain_registration

    plain = plain_registration(text)
    for watch in settings.watches:
        for aircraft in watch.fleet:
            if plain is not None and plain == plain_registration(aircraft.registration):
                return aircraft.icao24
    try:
        return address(text.removeprefix("0x"))
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is neither a 24-bit address (six hexadecimal digits) nor the registration "
            "of an aircraft in a fleet file",
            param_hint="--aircraft",
        ) from error
