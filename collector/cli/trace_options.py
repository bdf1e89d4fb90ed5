"""How are traces to be read? The options of the commands that do, as one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import F, Invocation

if TYPE_CHECKING:
    from collector.backfill.search import Search


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceOptions:
    """How traces are to be read: what `trace_options` were given."""

    jobs: int | None
    dask: str | None
    sample: float | None
    sample_of: str | None
    any_aircraft: bool
    again: bool
    plan: bool
    as_json: bool


def trace_options(command: F) -> F:
    """The options of every command that reads traces; they arrive as one `TraceOptions`."""

    @wraps(command)
    def gathered(*args: Any, **options: Any) -> Any:
        names = TraceOptions.__dataclass_fields__
        reading = TraceOptions(**{name: options.pop(name) for name in names})
        return command(*args, reading=reading, **options)

    wrapped: Any = gathered
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    found: F = wrapped
    return found


_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--jobs",
        type=click.IntRange(1, 256),
        help="Processes that read (default: one a core; 1: none but this).",
    ),
    click.option(
        "--dask", metavar="ADDRESS", help="Read on this Dask cluster (tcp://…); it sees the paths."
    ),
    click.option(
        "--sample",
        type=click.FloatRange(0, 1),
        help="Share of the region's aircraft that is read as proof of hearing (default 0.25).",
    ),
    click.option(
        "--sample-of",
        metavar="RANGES",
        help="Whose: ranges of addresses, 738000-73ffff,740000-747fff, or `all` "
        "(default: the states around the watched airfields).",
    ),
    click.option(
        "--any-aircraft",
        is_flag=True,
        help="Look for landings of every aircraft at the watched airfields.",
    ),
    click.option("--again", is_flag=True, help="Also what was read before."),
    click.option("--plan", is_flag=True, help="Tell how much and how long; change nothing."),
    click.option("--json", "as_json", is_flag=True, help="The plan as one JSON array on stdout."),
)


def search_of(tool: Invocation, reading: TraceOptions) -> Search:
    """What the configuration and the options look for. Raises UsageError."""
    from collector.backfill.sample import ALL_ADDRESSES, DEFAULT_SHARE, Sample, ranges, region_of
    from collector.backfill.search import search_for

    settings = tool.settings
    if reading.sample_of is None:
        radius_nm = settings.polling.area_radius_nm
        of = region_of(settings.watched, settings.airfields, radius_nm)
    elif reading.sample_of == "all":
        of = ALL_ADDRESSES
    else:
        try:
            of = ranges(reading.sample_of)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--sample-of") from error
    share = DEFAULT_SHARE if reading.sample is None else reading.sample
    return search_for(settings, Sample(share, of), any_aircraft=reading.any_aircraft)
