"""Which days does a backfill fetch, and how did the run end?

Backfills that ask an archive on the net take the options `--from`, `--to` and `--again`, and end
with a line that counts the outcomes.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import click

from collector.cli.output import say
from collector.cli.parameters import Moment

if TYPE_CHECKING:
    from collector.backfill.session import Session

AGAIN = click.option("--again", is_flag=True, help="Also repeat what an earlier run did.")
SINCE = click.option(
    "--from",
    "begin",
    type=Moment(),
    required=True,
    help="From this day, week, month or year, UTC.",
)
UNTIL = click.option(
    "--to",
    "end",
    type=Moment(end=True),
    required=True,
    help="To this day, week, month or year (included), UTC.",
)


def days_of_span(begin: datetime, end: datetime) -> list[date]:
    """Return every day (UTC) from `--from` to `--to`. Raises UsageError if there is no day."""
    from collector.backfill.session import days_between

    days = days_between(begin.astimezone(UTC).date(), _day_after(end))
    if not days:
        raise click.UsageError("--from is later than --to")
    return days


def print_summary(run: Session, unit: str) -> None:
    """Print on stderr how many days, requests or files (`unit`) ended in which way, in one line."""
    counts = sorted((outcome, count) for outcome, count in run.ended.items() if count)
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in counts)
    result = (
        f"{run.traces} traces and {run.sampled} of the sample, {run.reports} reports, "
        f"{run.changes} changes to landings"
    )
    if unit != "days":
        result = f"{run.arrivals} arrivals of watched aircraft found"
    say(f"{unit}: {outcomes or 'none'}; {result}")


def _day_after(end: datetime) -> date:
    """Return the day after the last one; a time within a day includes that day."""
    day = end.astimezone(UTC)
    midnight = day == day.replace(hour=0, minute=0, second=0, microsecond=0)
    return day.date() if midnight else day.date() + timedelta(days=1)
