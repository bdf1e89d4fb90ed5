"""What do all commands share? The configuration, the database, and how results are printed."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collector.model import Watch
    from collector.services import Services
if TYPE_CHECKING:
    from collector.model import Watch
    from collector.services import Services

if TYPE_CHECKING:
    from collector.services import Services
    from collector.settings import Settings
    from collector.store import Store

F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class Invocation:
    """One invocation: what was said before the command's name."""

    config: Path | None
    level: str = "info"

    def logging(self) -> None:
        """Send logs to stderr: for commands that work for a while."""
        from collector.cli import logs

        logs.configure(self.level)

    @cached_property
    def settings(self) -> Settings:
        """The configuration. Raises ConfigError with every mistake."""
        from collector.settings import load

        return load(self.config, environ=os.environ)

    @contextmanager
    def reading(self) -> Iterator[Services]:
        """The stored state, unchanging while it is looked at. Raises StoreError."""
        from collector.services import build_services
        from collector.store import Store

        settings = self.settings
        with Store.open(settings.database, read_only=True) as store, store.transaction():
            yield build_services(settings, store)

    @contextmanager
    def writing(self) -> Iterator[Services]:
        """The stored state, to be changed. Raises StoreError."""
        from collector.services import build_services

        with self.store() as store:
            yield build_services(self.settings, store)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The database, created and migrated as needed. Raises StoreError."""
        from collector.store import Store

        with Store.open(self.settings.database) as store:
            yield store


def json_option(command: F) -> F:
    """`--json`: one JSON array on stdout, and nothing else there."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON array on stdout.")(
        command
    )


def emit(
    rows: Sequence[dict[str, Any]],
    *,
    as_json: bool,
    text: Callable[[], str],
    none: str = "nothing to list",
) -> None:
    """Print a listing for machines or for people; an empty one says why on stderr: `none`."""
    if as_json:
        click.echo(json.dumps(list(rows), ensure_ascii=False, indent=2))
    elif not rows:
        click.echo(f"collector: {none}", err=True)
    else:
        shown = text()
        if shown:
            click.echo(shown, nl=not shown.endswith("\n"))


class Progress:
    """A bar on stderr, on terminals only. Call it once a step, with what is being done."""

    def __init__(self, bar: Any = None) -> None:
        self._bar = bar

    def __call__(self, shown: str) -> None:
        if self._bar is not None:
            self._bar.update(1, shown)

    def steps(self, count: int) -> None:
        """How many steps there are, once it is known."""
        if self._bar is not None:
            self._bar.length = max(1, count)


@contextmanager
def progress(label: str, steps: int = 1) -> Iterator[Progress]:
    """A bar of so many steps, shown on a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield Progress()
        return
    with click.progressbar(
        length=max(1, steps),
        label=label,
        file=sys.stderr,
        item_show_func=lambda shown: None if shown is None else str(shown),
    ) as bar:
        yield Progress(bar)


_MONTH_OR_YEAR = re.compile(r"\d{4}(-\d{2})?")


class Moment(click.ParamType[datetime]):
    """A day, time, week, month or year, as a time; `end`: of what is no time, when it is over."""

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
            if _MONTH_OR_YEAR.fullmatch(text) or len(text) == len("2026-11-22"):
                day = _day(text, end=self._end)
                midnight = datetime.combine(day, time(), UTC)
                return midnight + timedelta(days=1) if self._end else midnight
            at = datetime.fromisoformat(text)
        except (ValueError, OverflowError):
            self.fail(
                f"{text!r} is neither a day (2026-11-22), a time (2026-11-22T14:00Z), a week "
                "(2026-W47), a month (2026-11) nor a year",
                param,
                ctx,
            )
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _day(text: str, *, end: bool) -> date:
    """A day, or the first (`end`: the last) of a month or year. Raises ValueError."""
    from collector.model.sighting import period

    if not _MONTH_OR_YEAR.fullmatch(text):
        return date.fromisoformat(text)
    found = period(text)
    day = found.last if end else found.first
    if day is None:
        raise ValueError(f"{text!r} has no days")
    return day


class Week(click.ParamType[str]):
    """A week's key, or a day in it; of a month or year the first week, with `end` the last."""

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
                "a year",
                param,
                ctx,
            )
        return text


def span_options(command: F) -> F:
    """`--from` and `--to`, days and weeks as wholes, in UTC."""
    until = click.option(
        "--to",
        "end",
        type=Moment(end=True),
        help="Until this day, week, month or year (included) or time, UTC.",
    )
    since = click.option(
        "--from", "begin", type=Moment(), help="From this day, week, month, year or time, UTC."
    )
    return since(until(command))


def ordered(first: Any, last: Any) -> None:
    """Refuse a span that ends before it begins; None is open. Raises UsageError."""
    if first is not None and last is not None and first > last:
        raise click.UsageError("--from is later than --to")


def now() -> datetime:
    """The present, for commands that are asked about it."""
    from collector.clock import SystemClock

    return SystemClock().now()


class Problems:
    """Says on stderr what could not be read; after many, only how many."""

    SHOWN = 50

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, problem: str) -> None:
        from collector.untrusted import visible

        self.count += 1
        if self.count <= self.SHOWN:
            click.echo(f"collector: {visible(problem)}", err=True)
        elif self.count == self.SHOWN + 1:
            click.echo("collector: and more that is not shown", err=True)


def check_watch(watch: str | None, watches: tuple[Watch, ...]) -> None:
    if watch is not None and all(one.name != watch for one in watches):
        names = ", ".join(one.name for one in watches) or "none"
        raise click.BadParameter(f"there is no watch {watch!r}: {names}", param_hint="--watch")


@contextmanager
def reading_if_there(tool: Invocation) -> Iterator[Services]:
    """The stored state, or an empty one where there is no database yet. Raises StoreError."""
    from collector.services import build_services
    from collector.store import Store

    if _is_there(tool.settings.database):
        with tool.reading() as found:
            yield found
        return
    click.echo(
        f"collector: there is no database at {tool.settings.database} yet: nothing was tracked",
        err=True,
    )
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "empty.sqlite") as store:
        yield build_services(tool.settings, store)


def _is_there(path: Path) -> bool:
    """False only if it is certain; what cannot be reached is told of when it is opened."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
