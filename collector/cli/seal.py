"""Can it be shown later that replies are what was recorded then? `seal` makes a root of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import Invocation, now
from collector.cli.output import Problems, emit, json_option, say
from collector.untrusted import visible

if TYPE_CHECKING:
    from collector.model import Landing
    from collector.model.seal import Root
    from collector.recording.extracting import Extract
    from collector.settings import Settings
    from collector.store import Store


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
    sealed yet. The root alone tells nothing: print it, mail it, or name authorities in the
    configuration that stamp it (`stamps`), and the internal edition of an evidence pack made later
    shows that its replies are those of that day; in the edition to pass on, records of which
    something was taken out cannot be compared. Run it each night. The root is printed as
    hexadecimal digits. Exit code 1: an authority gave no stamp; the next run asks it again.
    """
    from collector.audit.evidence_replies import files_for, records_of
    from collector.audit.sealing import seal as seal_landings
    from collector.audit.sealing import unsealed
    from collector.store import Store, sealed

    invocation.configure_logs()
    settings, problems, at = invocation.settings, Problems(), now()
    missing = 0
    with (
        Store.open(settings.database, read_only=True)
        if listed
        else invocation.open_store(create=False)
    ) as store:
        if not listed:

            def records(landing: Landing) -> Iterator[Extract]:
                files = files_for(settings, landing, recorded)
                return records_of(store, settings, landing, files, problems)

            done = seal_landings(store, unsealed(store, at), records, at)
            if done is None:
                say("collector: nothing is new since the last root")
            else:
                count = len(done[1])
                say(f"collector: {count} landing{'s' if count != 1 else ''} sealed")
            missing = _stamp(store, settings)
        found = sealed.roots(store)
        rows = [_row(store, each) for each in (found if listed else found[-1:])]
    emit(
        rows,
        as_json=as_json,
        text=lambda: "\n".join(map(_line, rows)),
        none="no root was made yet: no landing has replies that are recorded",
    )
    if missing:
        raise click.exceptions.Exit(1)


def _stamp(store: Store, settings: Settings) -> int:
    """Have roots stamped by the configured authorities; return how many gave none."""
    from collector import __version__
    from collector.audit.stamping import asker, stamp_roots
    from collector.clock import SystemClock
    from collector.errors import CollectorError
    from collector.http import Http

    if not settings.stamps:
        return 0
    missing = 0
    # The hash alone leaves: an authority need not know whose it is.
    http = Http(contact=None, clock=SystemClock(), version=__version__)
    try:
        for authority, root, found in stamp_roots(store, settings.stamps, asker(http)):
            if isinstance(found, CollectorError):
                missing += 1
                why = re.sub(r"; tried again later\b", "", str(found))
                say(f"collector: {authority.name} gave no stamp: {visible(why)}")
            else:
                say(f"collector: {authority.name} stamped root {root.number}")
    finally:
        http.close()
    return missing


def _row(store: Store, root: Root) -> dict[str, Any]:
    from collector.reports.formatting import iso_z
    from collector.store import stamps

    return {
        "number": root.number,
        "made_at": iso_z(root.made_at),
        "sha256": root.sha256,
        "stamps": [
            {"authority": each.authority, "stamped_at": iso_z(each.stamped_at)}
            for each in stamps.stamps_of(store, root)
        ],
    }


def _line(row: dict[str, Any]) -> str:
    stamped = (f"  {each['authority']} {each['stamped_at']}" for each in row["stamps"])
    return f"{row['number']}  {row['made_at']}  {row['sha256']}" + "".join(stamped)
