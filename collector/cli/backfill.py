"""How does past data get in? The command `backfill`, with a subcommand for each kind of archive."""

from __future__ import annotations

import click

from collector.cli.backfill_arrivals import arrivals, flightlist, opensky_flights
from collector.cli.backfill_exports import flightradar24, opensky_states
from collector.cli.backfill_globe_history import globe_history
from collector.cli.backfill_sightings import sightings
from collector.cli.backfill_traces import traces


@click.group()
def backfill() -> None:
    """Read past data from archives.

    A backfill that was stopped continues where it stopped. One that is run again changes nothing.
    """


for _subcommand in (
    traces,
    globe_history,
    flightradar24,
    opensky_states,
    opensky_flights,
    flightlist,
    arrivals,
    sightings,
):
    backfill.add_command(_subcommand)
