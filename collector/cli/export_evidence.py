"""What proves a landing to somebody else? `export evidence` writes a pack that they can check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, now
from collector.cli.output import Problems, say

if TYPE_CHECKING:
    from collector.audit.evidence_pack import Pack

EDITIONS = ("internal", "to-pass-on")
ASKED_FOR = ("contact", "receivers", "recipients", "reviewers", "sightings")


@click.command()
@click.argument("landing_id", metavar="ID")
@click.option(
    "--edition",
    type=click.Choice(EDITIONS),
    default=EDITIONS[0],
    show_default=True,
    help="For whom: internal holds all replies, to-pass-on only what each feed's terms allow.",
)
@click.option(
    "--with",
    "asked_for",
    type=click.Choice(ASKED_FOR),
    multiple=True,
    help="Put this in as well, though it may tell who helped; repeat it for several.",
)
@click.option(
    "--recording",
    "recorded",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    metavar="PATH",
    help="Also read replies from this WARC file or folder; repeat it for several.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The file to write (default: evidence-ID-EDITION.zip in this folder).",
)
@click.pass_obj
def evidence(
    invocation: Invocation,
    /,
    *,
    landing_id: str,
    edition: str,
    asked_for: tuple[str, ...],
    recorded: tuple[Path, ...],
    out: Path | None,
) -> None:
    """Write a pack that proves one landing to somebody else.

    The pack is a zip file with every reply of every feed from 4 h before the visit to 3 h after it,
    what the landing was derived from, and what follows from that. `collector verify` checks it.
    Reviewers, people who reported sightings, recipients and your contact stay out unless --with
    names them. The edition to pass on leaves out own receivers, and what a feed's terms forbid to
    pass on; it says whether the landing still follows. docs/evidence-pack.md explains every file.
    """
    from collector.audit.evidence_order import Order
    from collector.audit.evidence_pack import collected
    from collector.audit.evidence_replies import files_for
    from collector.pack import write_pack
    from collector.pipeline.reviews import get_landing
    from collector.reports.evidence.summary import Edition

    invocation.configure_logs()
    settings, problems = invocation.settings, Problems()
    target = out or Path(f"evidence-{landing_id}-{edition}.zip")
    with invocation.open_read_only() as services:
        landing = get_landing(services.store, landing_id)
        order = Order(
            store=services.store,
            settings=settings,
            now=now(),
            landing=landing,
            edition=Edition(edition),
            asked_for=frozenset(asked_for),
            recordings=files_for(settings, landing, recorded),
        )
        with collected(order, problems) as pack:
            _announce(pack)
            total = write_pack(target, pack.root, pack.members)
    click.echo(f"{target}\nSHA-256 {total}", err=True)


def _announce(pack: Pack) -> None:
    """Tell the operator what goes in and what stays behind, before anything is written."""
    from collector.reports.evidence.documents import meaning_of
    from collector.untrusted import visible

    for name in sorted(pack.members):
        content = pack.members[name]
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        say(f"collector: in: {name}, {size:,} bytes: {meaning_of(name)}")
    for line in pack.summary.asked_for:
        say(f"collector: in, as asked for: {line}")
    for line in pack.summary.missing:
        say(f"collector: left out: {visible(line)}")
    say(f"collector: follows from this pack alone? {pack.summary.follows}")
