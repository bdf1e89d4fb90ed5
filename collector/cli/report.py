"""What happened in a time, and what was published about it? `report` puts the two side by side."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, now, say_of_the_past
from collector.cli.output import emit, json_option, progress, say
from collector.cli.parameters import Day, as_of_option, watches_named

if TYPE_CHECKING:
    from collector.reports.period.report import PeriodReport

BEFORE_DAYS = 14
MAX_BEFORE_DAYS = 366


@click.command()
@click.option("--from", "first", type=Day(), help="From this year, month, week or day.")
@click.option("--to", "last", type=Day(end=True), help="To this year, month, week or day.")
@click.option("--watch", metavar="NAME", help="Only this watch.")
@click.option(
    "--before",
    "before_days",
    type=click.IntRange(0, MAX_BEFORE_DAYS),
    default=BEFORE_DAYS,
    show_default=True,
    metavar="DAYS",
    help="Days before the fighting that are counted as shortly before it.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write HTML, text and pictures into this folder instead of printing the text.",
)
@as_of_option
@json_option
@click.pass_obj
def report(
    invocation: Invocation,
    *,
    first: date | None,
    last: date | None,
    watch: str | None,
    before_days: int,
    out: Path | None,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Report the landings of any time beside the published record.

    The landings are counted by week, month and year, and compared with what was published and with
    times of fighting. The default is from the first day of which anything is known until today.
    Without a database, the report rests on the published record alone and says so.
    """
    from collector.queries import period_report
    from collector.queries.as_of import as_of_note, landings_known_at
    from collector.reports.period import period_json
    from collector.reports.period import report as report_text

    watches_named(watch, invocation.settings.watches)
    at = min(as_of or now(), now())
    with invocation.open_read_only_or_empty() as services, progress("looking back") as step:
        watches = watches_named(watch, services.settings.watches)
        try:
            history_report = period_report.read_period_report(
                services.store,
                watches,
                invocation.settings.airfields,
                services.digests.terms,
                first=first,
                last=last,
                before_days=before_days,
                now=at,
                as_of=as_of is not None,
                progress=step,
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        say_of_the_past(services)
        if as_of is not None:
            known = [landings_known_at(services.store, at, watch=each.name) for each in watches]
            note = f"{as_of_note(at, known)}, and so is what was published"
    if as_of is not None:
        say(f"collector: {note}")
    if out is not None:
        _write(out, history_report)
    if as_json or out is None:
        emit(
            period_json.report_json(history_report),
            as_json=as_json,
            text=lambda: report_text.render(history_report, brief=True).text,
        )


def _write(out: Path, report: PeriodReport) -> None:
    """Write the report as HTML and text, with its pictures."""
    from collector.errors import CollectorError
    from collector.reports.period import report as report_text
    from collector.untrusted import file_name

    days = f"report-{report.first}-{report.last}"
    name = f"{days}-{report_text.headlines(report)}"
    pictures, drawn = _pictures(report, days)
    message = report_text.render(report, pictures)
    texts = {
        file_name(name, ".html"): message.html.encode(),
        file_name(name, ".txt"): message.text.encode(),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        for file, content in (texts | drawn).items():
            (out / file).write_bytes(content)
            click.echo(str(out / file), err=True)
    except OSError as error:
        raise CollectorError(
            f"the report cannot be written into {out}: {error.strerror}; name another folder"
        ) from error


def _pictures(
    report: PeriodReport, name: str
) -> tuple[dict[tuple[str, str], str], dict[str, bytes]]:
    """Draw the weeks of each place that the report shows: as SVG for the page, and as files."""
    from collector.reports.period.chart import draw_years
    from collector.reports.period.report import headline, picture_footer, shown_places
    from collector.untrusted import file_name

    pictures: dict[tuple[str, str], str] = {}
    files: dict[str, bytes] = {}
    lines = picture_footer(report)
    for history in report.watches:
        for place_history in shown_places(history.places):
            whose = headline(report, history.watch, place_history.place)
            stem = f"{name}-{whose}"
            for suffix in ("svg", "png"):
                content = draw_years(
                    place_history,
                    report.fighting,
                    report.before_days,
                    suffix,
                    headline=whose,
                    footer=lines,
                )
                files[file_name(stem, f".{suffix}")] = content
                if suffix == "svg":
                    svg = content.decode()
                    pictures[history.watch.name, place_history.place.name] = svg[
                        svg.index("<svg") :
                    ]
    return pictures, files
