"""How are traces to be read? The options of the commands that read traces, as one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from collector.cli.context import Invocation

if TYPE_CHECKING:
    from collector.backfill.search import Search

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceOptions:
    """The values of the options that `trace_options` adds."""

    jobs: int | None
    dask: str | None
    sample: float | None
    sample_of: str | None
    any_aircraft: bool
    again: bool
    plan: bool
    as_json: bool


def trace_options(command: F) -> F:
    """Add the options of every command that reads traces; pass them as one `options`."""

    @wraps(command)
    def with_options(*args: Any, **values: Any) -> Any:
        names = TraceOptions.__dataclass_fields__
        options = TraceOptions(**{name: values.pop(name) for name in names})
        return command(*args, options=options, **values)

    wrapped: Any = with_options
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    decorated: F = wrapped
    return decorated


_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--jobs",
        type=click.IntRange(1, 256),
        metavar="N",
        help="Number of reading processes (default: one per core; 1: read in this process).",
    ),
    click.option(
        "--dask",
        metavar="ADDRESS",
        help="Read on this Dask cluster (tcp://…), which must see the same paths.",
    ),
    click.option(
        "--sample",
        type=click.FloatRange(0, 1),
        metavar="SHARE",
        help="Share of the region's other aircraft that is read to prove coverage (default 0.25).",
    ),
    click.option(
        "--sample-of",
        metavar="RANGES",
        help="Address ranges to sample from, like 738000-73ffff,740000-747fff, or `all` "
        "(default: those of the states around the watched airfields).",
    ),
    click.option(
        "--any-aircraft",
        is_flag=True,
        help="Look for landings of every aircraft at the watched airfields.",
    ),
    click.option("--again", is_flag=True, help="Also read what was read before."),
    click.option("--plan", is_flag=True, help="Only estimate size and duration; change nothing."),
    click.option("--json", "as_json", is_flag=True, help="Print the plan as one JSON array."),
)


def search_of(invocation: Invocation, options: TraceOptions) -> Search:
    """Return the search that the configuration and the options describe. Raises UsageError."""
    from collector.backfill.sample import ALL_ADDRESSES, DEFAULT_SHARE, Sample, ranges, region_of
    from collector.backfill.search import search_for

    settings = invocation.settings
    if options.sample_of is None:
        radius_nm = settings.polling.area_radius_nm
        sampled = region_of(settings.watched, settings.airfields, radius_nm)
    elif options.sample_of == "all":
        sampled = ALL_ADDRESSES
    else:
        try:
            sampled = ranges(options.sample_of)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--sample-of") from error
    share = DEFAULT_SHARE if options.sample is None else options.sample
    return search_for(settings, Sample(share, sampled), any_aircraft=options.any_aircraft)
