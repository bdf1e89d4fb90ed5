"""Can it be shown later that replies are what was recorded then? `seal` makes a root over them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, now
from collector.cli.output import Problems, emit, json_option

if TYPE_CHECKING:
    from collector.model import Landing
    from collector.recording.extracting import Extract


@click.command()
@click.option(
    "--recording",
    "recorded",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    metavar="PATH",
    help="Also read replies from this WARC file or folder; repeat it for several.",
)
@click.option("--list", "listed", is_flag=True, help="List the roots made so far; make none.")
@json_option
@click.pass_obj
def seal(
    invocation: Invocation, /, *, recorded: tuple[Path, ...], listed: bool, as_json: bool
) -> None:
    """Make one hash that stands for all replies that landings rest on.

    It is the root of a Merkle tree over the root before and every landing whose replies were not
    sealed yet. The root alone tells nothing: print it, mail it, or have it stamped, and the
    internal edition of an evidence pack made later shows that its replies are those of that day; in
    the edition to pass on, records of which something was taken out cannot be compared. Run it each
    night. The root is printed as hexadecimal digits.
    """
    from collector.audit.evidence_replies import files_for, records_of
    from collector.audit.sealing import seal as seal_landings
    from collector.audit.sealing import unsealed
    from collector.reports.formatting import iso_z
    from collector.store import sealed

    invocation.configure_logs()
    settings, problems, at = invocation.settings, Problems(), now()
    with invocation.open_store(create=False) as store:
        if not listed:

            def records(landing: Landing) -> Iterator[Extract]:
                files = files_for(settings, landing, recorded)
                return records_of(store, settings, landing, files, problems)

            done = seal_landings(store, unsealed(store, at), records, at)
            if done is None:
                click.echo("collector: nothing is new since the last root", err=True)
            else:
                count = len(done[1])
                click.echo(
                    f"collector: {count} landing{'s' if count != 1 else ''} sealed", err=True
                )
        found = sealed.roots(store)
    shown = found if listed else found[-1:]
    rows = [
        {"number": each.number, "made_at": iso_z(each.made_at), "sha256": each.sha256}
        for each in shown
    ]
    emit(
        rows,
        as_json=as_json,
        text=lambda: "\n".join(
            f"{row['number']}  {row['made_at']}  {row['sha256']}" for row in rows
        ),
        none="no root was made yet: no landing has replies that are recorded",
    )
