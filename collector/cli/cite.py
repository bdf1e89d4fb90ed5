"""Which number can be printed, and what became of those that were? `cite` keeps and lists them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import Invocation, now
from collector.cli.output import emit, json_option, say, terminal_width
from collector.cli.parameters import Day, check_order, watches_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector.model import Place, Watch
    from collector.model.citation import Citation
    from collector.services import Services


@click.command()
@click.argument("citation_id", metavar="[ID]", required=False)
@click.option("--from", "first", type=Day(), help="From this year, month, week or day.")
@click.option("--to", "last", type=Day(end=True), help="To this year, month, week or day.")
@click.option("--watch", metavar="NAME", help="Whose landings (needed if there are several).")
@click.option("--at", "place", metavar="PLACE", help="One of its places (default: the first).")
@json_option
@click.pass_obj
def cite(
    invocation: Invocation,
    citation_id: str | None,
    *,
    first: date | None,
    last: date | None,
    watch: str | None,
    place: str | None,
    as_json: bool,
) -> None:
    """Write one sentence that can be printed, and keep it.

    The sentence gives the least and the most landings from --from to --to, how much of that time
    could be seen, and how many rest on open data alone. The landings follow, a line each, and the
    SHA-256 of all lines above it. If one of these landings changes later, the watch's recipients
    get a mail, and the digest's corrections say so. Without --from and --to, the kept sentences
    are listed with what they are now; with an ID, that one is printed again.
    """
    if first is None and last is None:
        _list_kept(invocation, citation_id, watch, as_json=as_json)
        return
    if first is None or last is None or citation_id is not None:
        raise click.UsageError("give both --from and --to, and no ID, to cite something new")
    check_order(first, last)
    named = watches_named(watch, invocation.settings.watches)
    if len(named) > 1:
        names = ", ".join(each.name for each in named)
        raise click.UsageError(f"name the watch with --watch: {names}")
    with invocation.open_for_writing() as services:
        (one,) = watches_named(named[0].name, services.settings.watches)
        kept = _cite(services, one, _place(one, place), first, last)
        rows = _rows(services, [kept])
    emit(rows, as_json=as_json, text=lambda: _shown(kept))
    say(f"collector: kept as {kept.id}")


def _cite(services: Services, watch: Watch, place: Place, first: date, last: date) -> Citation:
    """Return the new citation, as it was stored.

    A number is cited to be printed, so it waits until each of its landings may leave. Raises
    CollectorError, StoreError, UsageError.
    """
    from collector.errors import CollectorError
    from collector.queries.citing import leaves_at, new_citation
    from collector.reports.formatting import iso_z
    from collector.store import citations
    from collector.weeks import local_date

    at, store, airfields = now(), services.store, services.settings.airfields
    last = min(last, local_date(at, watch.zone))
    if last < first:
        raise click.UsageError("there is no day between --from and today")
    with store.transaction():
        made = new_citation(
            *(store, watch, place, airfields, services.digests.terms), first=first, last=last, at=at
        )
        due_at = leaves_at(store, made.known, services.settings.disclosure)
        if due_at is not None and at < due_at:
            raise CollectorError(
                f"these days have a landing that is too recent to be printed; cite them from "
                f"{iso_z(due_at)} on (docs/exports.md#when-a-landing-leaves), or end them earlier "
                "with --to"
            )
        return citations.store_citation(store, made)


def _place(watch: Watch, name: str | None) -> Place:
    """Return a place of a watch by its codes, the first by default. Raises BadParameter."""
    found = [each for each in watch.places if name in (None, each.name)]
    if not found:
        names = ", ".join(each.name for each in watch.places)
        raise click.BadParameter(f"{name!r} is none of: {names}", param_hint="--at")
    return found[0]


def _list_kept(
    invocation: Invocation, citation_id: str | None, watch: str | None, *, as_json: bool
) -> None:
    from collector.reports.tables import table
    from collector.store import citations

    if watch is not None:
        watches_named(watch, invocation.settings.watches)
    with invocation.open_read_only() as services:
        kept = [
            each
            for each in citations.citations(services.store, watch)
            if citation_id in (None, each.id)
        ]
        rows = _rows(services, kept)
    if citation_id is not None:
        if not kept:
            raise click.BadParameter(f"there is no citation {citation_id!r}", param_hint="ID")
        emit(rows, as_json=as_json, text=lambda: _shown(kept[0]))
        return
    head = ("ID", "WATCH", "AT", "FROM", "TO", "CITED", "NOW")
    cells = [
        [row[key] for key in ("id", "watch", "place", "from", "to", "cited")]
        + [row["now"] or "unknown"]
        for row in rows
    ]
    emit(
        rows,
        as_json=as_json,
        text=lambda: table(head, cells, width=terminal_width()),
        none="nothing was cited so far; give --from and --to",
    )


def _shown(citation: Citation) -> str:
    return f"{citation.text}SHA-256 {citation.sha256}\n"


def _rows(services: Services, kept: Sequence[Citation]) -> list[dict[str, Any]]:
    """Return each citation with its number then and now, for machines.

    Its number now is None if its watch or place is not configured any more.
    """
    from collector.queries.citing import KnownCitations
    from collector.reports.citation import has_upper_bound, number
    from collector.reports.formatting import iso_z
    from collector.store import citations

    rows, citing = [], KnownCitations()
    for each in kept:
        changes, _ = citations.last_known(services.store, each)
        settings, terms = services.settings, services.digests.terms
        known = citing.now(services.store, each, settings.watches, settings.airfields, terms)
        rows.append(
            {
                "id": each.id,
                "watch": each.watch,
                "place": each.place,
                "from": each.first.isoformat(),
                "to": each.last.isoformat(),
                "cited_at": iso_z(each.cited_at),
                "cited": number(each, each.known),
                "now": None if known is None else number(each, known),
                "at_least": each.known.least,
                "at_most": each.known.most if has_upper_bound(each) else None,
                "open_data": each.known.open_data,
                "changes": changes,
                "landings": [one.id for one in each.known.landings],
                "text": each.text,
                "sha256": each.sha256,
            }
        )
    return rows
