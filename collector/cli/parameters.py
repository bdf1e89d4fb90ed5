"""Which values may an option take? Days, weeks, months, years, spans of them, and watch names.

A value of the wrong form ends the command with a usage error (exit code 2) that shows the form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collector.model import Watch
    from collector.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

_MONTH_OR_YEAR = re.compile(r"\d{4}(-\d{2})?")


def _is_day_or_longer(text: str) -> bool:
    """Return whether a text stands for whole days, and not for a time.

    >>> [_is_day_or_longer(text) for text in ("2026-11-22", "2026-W47", "2026", "2026-11-22 14")]
    [True, True, True, False]
    """
    is_day = len(text) == len("2026-11-22")
    return "-W" in text or is_day or _MONTH_OR_YEAR.fullmatch(text) is not None


class Moment(click.ParamType[datetime]):
    """A day, time, week, month or year, read as a time in UTC.

    A day or longer stands for its beginning, or with `end` for the midnight after its last day.
    """

    name = "when"

    def __init__(self, *, end: bool = False) -> None:
        self._end = end

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        try:
            if "-W" in text:
                from collector.weeks import week_bounds

                return week_bounds(text, "UTC")[1 if self._end else 0]
            if _is_day_or_longer(text):
                day = _day(text, end=self._end)
                midnight = datetime.combine(day, time(), UTC)
                return midnight + timedelta(days=1) if self._end else midnight
            at = datetime.fromisoformat(text)
        except (ValueError, OverflowError):
            self.fail(
                f"{text!r} is neither a day (2026-11-22), a time (2026-11-22T14:00Z), a week "
                "(2026-W47), a month (2026-11) nor a year (2026)",
                param,
                ctx,
            )
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


class Week(click.ParamType[str]):
    """A week's key, or a day in that week.

    A month or year stands for its first week, or with `end` for its last.
    """

    name = "week"

    def __init__(self, *, end: bool = False) -> None:
        self._end = end

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from collector.weeks import week_bounds, week_of

        text = str(value).strip()
        try:
            if "-W" not in text:
                noon = datetime.combine(_day(text, end=self._end), time(12), UTC)
                return week_of(noon, "UTC")
            week_bounds(text, "UTC")
        except (ValueError, OverflowError):
            self.fail(
                f"{text!r} is neither a week (2026-W47), a day (2026-11-22), a month (2026-11) nor "
                "a year (2026)",
                param,
                ctx,
            )
        return text


class Day(click.ParamType[date]):
    """A day, week, month or year, read as its first day, or with `end` as its last."""

    name = "when"

    def __init__(self, *, end: bool = False) -> None:
        self._end = end

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        from collector.model.sighting import period

        if isinstance(value, date):
            return value
        text = str(value).strip()
        try:
            span = period(text)
            day = span.last if self._end else span.first
            if day is None or "/" in text:
                raise ValueError(f"{text!r} is no day, week, month or year")
        except ValueError:
            self.fail(
                f"{text!r} is neither a year (2016), a month (2016-04), a week (2016-W14) nor a "
                "day (2016-04-06)",
                param,
                ctx,
            )
        return day


def _day(text: str, *, end: bool) -> date:
    """Return a day, or the first day (`end`: the last) of a month or year. Raises ValueError."""
    from collector.model.sighting import period

    if not _MONTH_OR_YEAR.fullmatch(text):
        return date.fromisoformat(text)
    span = period(text)
    day = span.last if end else span.first
    if day is None:
        raise ValueError(f"{text!r} has no days")
    return day


@dataclass(frozen=True, slots=True)
class Edge:
    """One end of a span: a time, or the midnight of a zone that is known later."""

    at: datetime | date
    """A day stands for the midnight at which it begins."""

    def in_zone(self, zone: str) -> datetime:
        """Return the time, aware UTC; that midnight by the clocks of `zone`."""
        from collector.weeks import local_midnight

        return self.at if isinstance(self.at, datetime) else local_midnight(self.at, zone)


class LocalMoment(Moment):
    """As `Moment`, but a day or longer is one of a watch's time zone, as `weeks` counts."""

    def convert(  # type: ignore[override]
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Edge:
        if isinstance(value, Edge):
            return value
        at = super().convert(value, param, ctx)
        whole_days = not isinstance(value, datetime) and _is_day_or_longer(str(value).strip())
        return Edge(at.date() if whole_days else at)


def span_options(command: F) -> F:
    """Add `--from` and `--to`; a day or longer is taken as a whole, by the clocks of a watch."""
    until = click.option(
        "--to",
        "end",
        type=LocalMoment(end=True),
        help="To this day, week, month or year (included), local to the watch, or to this time, "
        "UTC.",
    )
    since = click.option(
        "--from",
        "begin",
        type=LocalMoment(),
        help="From this day, week, month or year, local to the watch, or from this time, UTC.",
    )
    return since(until(command))


def span_in(
    begin: Edge | None, end: Edge | None, settings: Settings, watch: str | None = None
) -> tuple[datetime | None, datetime | None]:
    """Return the span by the clocks of a watch, or of the first one, as the pages take it."""
    zones = [each.zone for each in settings.watches if watch in (None, each.name)]
    zone = zones[0] if zones else "UTC"
    first, last = (None if edge is None else edge.in_zone(zone) for edge in (begin, end))
    return first, last


def as_of_option(command: F) -> F:
    """Add `--as-of`: a day means what was known at its end, UTC."""
    return click.option(
        "--as-of",
        "as_of",
        type=Moment(end=True),
        help="As it was known at the end of this day, or at this time (UTC).",
    )(command)


def check_order(first: Any, last: Any) -> None:
    """Raise UsageError for a span that ends before it begins; None is an open end."""
    if first is not None and last is not None and first > last:
        raise click.UsageError("--from is later than --to")


def check_span(first: datetime | None, last: datetime | None) -> None:
    """Raise UsageError if no time lies in a span of `span_in`, whose end is not part of it."""
    check_order(first, last)
    if first is not None and first == last:
        raise click.UsageError("no time lies between --from and --to")


def watches_named(name: str | None, watches: Sequence[Watch]) -> list[Watch]:
    """Return the watch of that name, or every watch if the name is None.

    Raises BadParameter if no watch has the name, or if there is no watch at all.
    """
    named = [watch for watch in watches if name in (None, watch.name)]
    if named:
        return named
    names = ", ".join(watch.name for watch in watches)
    what = "there is no watch" if name is None else f"there is no watch {name!r}"
    hint = f"choose from: {names}" if names else "the configuration has none"
    raise click.BadParameter(f"{what}; {hint}", param_hint="--watch")


def check_watch(name: str | None, watches: Sequence[Watch]) -> None:
    """Raise BadParameter if a name is given and no watch has it."""
    if name is not None:
        watches_named(name, watches)
