"""`report` and `recount`: any time's landings beside what was published of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import Invocation, emit, json_option, now, progress, reading_if_there

if TYPE_CHECKING:
    from collector.model import Watch
    from collector.reports.period.report import PeriodReport

BEFORE_DAYS = 14
MOST_BEFORE_DAYS = 366


class Day(click.ParamType[date]):
    """A day, week, month or year; its first day, or with `end` its last."""

    name = "when"

    def __init__(self, *, end: bool = False) -> None:
        self._end = end

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        from collector.model.sighting import period

        if isinstance(value, date):
            return value
        text = str(value).strip()
        try:
            found = period(text)
            day = found.last if self._end else found.first
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


@click.command()
@click.option("--from", "first", type=Day(), help="From this year, month, week or day.")
@click.option("--to", "last", type=Day(end=True), help="To this year, month, week or day.")
@click.option("--watch", help="Only this watch.")
@click.option(
    "--before",
    "before_days",
    type=click.IntRange(0, MOST_BEFORE_DAYS),
    default=BEFORE_DAYS,
    show_default=True,
    metavar="DAYS",
    help="So many days before the fighting are shortly before it.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write HTML, text and pictures into this folder, instead of printing the text.",
)
@json_option
@click.pass_obj
def report(
    tool: Invocation,
    *,
    first: date | None,
    last: date | None,
    watch: str | None,
    before_days: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Any time's landings: weeks, months, years, beside the published record and the fighting.

    By default from the first day that anything is known of until today. Needs no database: the
    published record alone makes a report, which says so.
    """
    from collector.queries import period_report
    from collector.reports.period import report as recount_report

    watches = _watches(tool, watch)
    at = now()
    with reading_if_there(tool) as services, progress("looking back") as step:
        try:
            told = period_report.read_period_report(
                services.store,
                watches,
                tool.settings.airfields,
                services.digests.terms,
                first=first,
                last=last,
                before_days=before_days,
                now=at,
                progress=step,
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    if out is not None:
        _write(out, told)
    if as_json or out is None:
        emit(
            recount_report.report_json(told),
            as_json=as_json,
            text=lambda: recount_report.render(told).text,
        )


def _watches(tool: Invocation, watch: str | None) -> Sequence[Watch]:
    found = [one for one in tool.settings.watches if watch in (None, one.name)]
    if not found:
        names = ", ".join(one.name for one in tool.settings.watches) or "none"
        raise click.BadParameter(f"there is no watch {watch!r}: {names}", param_hint="--watch")
    return found


def _write(out: Path, told: PeriodReport) -> None:
    from collector.errors import CollectorError
    from collector.reports.period import report as recount_report
    from collector.reports.picture import drawable

    name = f"report-{told.first}-{told.last}"
    pictures: dict[tuple[str, str], str] | None = None
    drawn: dict[str, bytes] = {}
    if drawable():
        pictures, drawn = _pictures(told, name)
    message = recount_report.render(told, pictures)
    texts = {f"{name}.html": message.html.encode(), f"{name}.txt": message.text.encode()}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for file, content in (texts | drawn).items():
            (out / file).write_bytes(content)
            click.echo(str(out / file), err=True)
    except OSError as error:
        raise CollectorError(
            f"the report cannot be written into {out}: {error.strerror}; name another folder"
        ) from error
    if pictures is None:
        from collector.reports.picture.canvas import HOW_TO_DRAW

        click.echo(f"collector: without pictures; to have them: {HOW_TO_DRAW}", err=True)


def _pictures(told: PeriodReport, name: str) -> tuple[dict[tuple[str, str], str], dict[str, bytes]]:
    """The weeks of each place that anything is told of: for the page, and as files."""
    from collector.reports.period.chart import draw_years
    from collector.reports.period.report import picture_footer, shown_places
    from collector.untrusted import file_name

    pictures: dict[tuple[str, str], str] = {}
    files: dict[str, bytes] = {}
    lines = picture_footer(told)
    for one in told.watches:
        for each in shown_places(one.places):
            stem = f"{name}-{one.watch.name}-{each.place.name}"
            for suffix in ("svg", "png"):
                content = draw_years(each, told.fighting, told.before_days, suffix, footer=lines)
                files[file_name(stem, f".{suffix}")] = content
                if suffix == "svg":
                    svg = content.decode()
                    pictures[one.watch.name, each.place.name] = svg[svg.index("<svg") :]
    return pictures, files
