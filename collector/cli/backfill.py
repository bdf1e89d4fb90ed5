"""`backfill`: what do archives know of the past? Each kind of archive is a subcommand."""

from __future__ import annotations

import click

from collector.cli.backfill_arrivals import arrivals, flightlist, opensky_flights
from collector.cli.backfill_globe_history import globe_history
from collector.cli.backfill_sightings import sightings
from collector.cli.backfill_traces import traces


@click.group()
def backfill() -> None:
    """Past data from archives; resumable: what is there already changes nothing."""


for _command in (traces, globe_history, opensky_flights, flightlist, arrivals, sightings):
    backfill.add_command(_command)
