"""What can be handed on? `export` writes tables for programs, and the evidence of a landing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from collector.cli.context import Invocation, now, say_of_the_past
from collector.cli.export_evidence import evidence
from collector.cli.output import as_document, say
from collector.cli.parameters import (
    Edge,
    Week,
    check_order,
    check_span,
    span_in,
    span_options,
    watches_named,
)

if TYPE_CHECKING:
    from collector.queries.exports import ExportQuery
    from collector.reports.exports.table import Export

F = TypeVar("F", bound=Callable[..., Any])

INSTANT = timedelta(microseconds=1)
FORMATS = ("csv", "json", "geojson", "kml")


@click.group()
def export() -> None:
    """Write tables for other programs, or the evidence for a landing.

    A landing leaves a day after the aircraft departed, or three days after its touchdown where no
    departure was heard. Visitors and aircraft whose operator nobody names never leave, and neither
    does anything about reviewers, recipients, people who reported sightings, or own receivers.
    docs/exports.md explains every column.
    """


export.add_command(evidence)


def _table_options(formats: Sequence[str]) -> Callable[[F], F]:
    """Add the options of a single table: watch, format, file and decimal commas."""

    def add(command: F) -> F:
        for option in (
            click.option(
                "--decimal-comma",
                is_flag=True,
                help="CSV with semicolons and decimal commas, for spreadsheets that write 1,5.",
            ),
            click.option(
                "--out",
                type=click.Path(path_type=Path, dir_okay=False),
                metavar="FILE",
                help="Write into this file instead of printing.",
            ),
            click.option(
                "--format",
                "form",
                type=click.Choice(formats),
                default="csv",
                show_default=True,
                help="The form of the file.",
            ),
            click.option("--watch", metavar="NAME", help="Only this watch."),
        ):
            command = option(command)
        return command

    return add


@export.command()
@span_options
@_table_options(FORMATS)
@click.pass_obj
def landings(
    invocation: Invocation,
    /,
    *,
    begin: Edge | None,
    end: Edge | None,
    watch: str | None,
    **form: Any,
) -> None:
    """Write one row for each landing, whatever it counts for."""
    with _query(invocation, watch, begin, end) as query:
        table = query.landings()
    _write(table, **form)


@export.command()
@click.option("--from", "first", type=Week(), help="From this week, day, month or year.")
@click.option(
    "--to", "last", type=Week(end=True), help="To this week, day, month or year (included)."
)
@_table_options(FORMATS)
@click.pass_obj
def weeks(
    invocation: Invocation,
    /,
    *,
    first: str | None,
    last: str | None,
    watch: str | None,
    **form: Any,
) -> None:
    """Write one row for each watch, place and week.

    A week leaves eight days after it has ended, when each of its landings may leave.
    """
    check_order(first, last)
    with _query(invocation, watch) as query:
        table = query.weeks(first, last)
    _write(table, **form)


@export.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@span_options
@click.option(
    "--restricted",
    is_flag=True,
    help="Also positions that may not be passed on; the column open_data marks them.",
)
@_table_options(FORMATS)
@click.pass_obj
def fixes(
    invocation: Invocation,
    /,
    *,
    ids: tuple[str, ...],
    begin: Edge | None,
    end: Edge | None,
    restricted: bool,
    watch: str | None,
    **form: Any,
) -> None:
    """Write the positions of the aircraft around each landing, or around those named."""
    with _query(invocation, watch, begin, end) as query:
        leaving = {row["id"] for row in query.landings().rows}
        missing = [landing_id for landing_id in ids if landing_id not in leaving]
        if missing:
            raise click.BadParameter(
                f"no landing that may leave has the ID {missing[0]!r}; "
                "`collector export landings` lists those that may",
                param_hint="ID",
            )
        table = query.fixes(ids, restricted=restricted)
    _write(table, **form)


@export.command()
@span_options
@_table_options(FORMATS[:2])
@click.pass_obj
def aircraft(
    invocation: Invocation,
    /,
    *,
    begin: Edge | None,
    end: Edge | None,
    watch: str | None,
    **form: Any,
) -> None:
    """Write one row for each watched airframe, with its operator and landings."""
    with _query(invocation, watch, begin, end) as query:
        table = query.aircraft()
    _write(table, **form)


@export.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@span_options
@click.option("--watch", metavar="NAME", help="Only this watch.")
@click.pass_obj
def package(
    invocation: Invocation,
    /,
    *,
    folder: Path,
    begin: Edge | None,
    end: Edge | None,
    watch: str | None,
) -> None:
    """Write all tables into a folder, with schema, licences and maps.

    The folder gets CSV files with a Data Package, GeoJSON, KML, a description for Datasette and a
    page to read first.
    """
    from collector.reports.exports.package import package_files
    from collector.weeks import week_of

    with _query(invocation, watch, begin, end) as query:
        zone = query.watches[0].zone
        first = None if query.begin is None else week_of(query.begin, zone)
        last = None if query.end is None else week_of(query.end - INSTANT, zone)
        tables = [query.landings(), query.weeks(first, last), query.fixes(), query.aircraft()]
    for table in tables:
        _announce(table)
    _write_files(folder, package_files(tables))


@export.command()
@click.pass_obj
def datasette(invocation: Invocation) -> None:
    """Print a description of the database with ready queries for Datasette.

    It is for the operator alone: the database names recipients and reviewers. Others get a package
    (collector export package), which has a description of its own.
    """
    from collector.reports.exports.datasette import of_database

    described = of_database(invocation.settings.database.stem)
    click.echo(as_document(described))


@contextmanager
def _query(
    invocation: Invocation,
    watch: str | None,
    begin: Edge | None = None,
    end: Edge | None = None,
) -> Iterator[ExportQuery]:
    """Open the database and yield the tables of the watch, or of all. Raises StoreError."""
    from collector.queries.exports import ExportQuery

    settings = invocation.settings
    watches_named(watch, settings.watches)
    first, last = span_in(begin, end, settings, watch)
    check_span(first, last)
    with invocation.open_read_only() as services:
        say_of_the_past(services)
        yield ExportQuery(
            services.store,
            services.weeks,
            watches_named(watch, services.settings.watches),
            settings.airfields,
            services.digests.terms,
            settings.disclosure,
            now(),
            first,
            last,
        )


def _write(table: Export, *, form: str, out: Path | None, decimal_comma: bool) -> None:
    from collector.reports.exports import documents, kml, spreadsheet

    if decimal_comma and form != "csv":
        raise click.UsageError("--decimal-comma is for CSV alone")
    text = {
        "csv": lambda: spreadsheet.csv_text(table, decimal_comma=decimal_comma),
        "json": lambda: documents.json_text(table),
        "geojson": lambda: documents.geojson_text(table),
        "kml": lambda: kml.kml_text(table),
    }[form]().encode()
    _announce(table)
    if out is None:
        click.echo(text, nl=False)
    else:
        _write_files(out.parent, {out.name: text})


def _announce(table: Export) -> None:
    """Tell the operator what goes into a table and what stays behind, before it is written."""
    from collector.untrusted import visible

    origins = "; ".join(origin.attribution for origin in table.origins) or "none"
    say(f"collector: {table.table.name}: {table.size}; sources: {visible(origins)}")
    for sentence in table.left_out:
        say(f"collector: {table.table.name}: left out: {visible(sentence)}")


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files and name each on stderr. Raises CollectorError."""
    from collector.errors import CollectorError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
            click.echo(str(folder / name), err=True)
    except OSError as error:
        raise CollectorError(
            f"the export cannot be written into {folder}: {error.strerror}; name another place"
        ) from error
