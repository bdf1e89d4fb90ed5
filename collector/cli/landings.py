"""Which landings are stored? `landings` lists them, each with its grade and whether it counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import Invocation
from collector.cli.output import emit, json_option, say, terminal_width
from collector.cli.parameters import (
    Edge,
    as_of_option,
    check_span,
    check_watch,
    span_in,
    span_options,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector.model import Landing
    from collector.services import Services

GRADES = ("confirmed", "probable", "possible")


@click.command()
@span_options
@click.option(
    "--airfield",
    metavar="ICAO",
    help="Only landings that were, or may have been, at this airfield.",
)
@click.option("--watch", metavar="NAME", help="Only this watch.")
@click.option("--grade", type=click.Choice(GRADES), help="Only this grade or a surer one.")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Also landings that are possible, undetermined or withdrawn.",
)
@as_of_option
@json_option
@click.pass_obj
def landings(
    invocation: Invocation,
    *,
    begin: Edge | None,
    end: Edge | None,
    airfield: str | None,
    watch: str | None,
    grade: str | None,
    everything: bool,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """List landings with grade, and the week in which they count."""
    from collector.model import Grade
    from collector.queries.as_of import as_of_note, landings_known_at
    from collector.reports import json_rows, tables
    from collector.reports.stops import previous_stops_sentence
    from collector.reports.titles import names_by_code
    from collector.store import landings as stored_landings

    least = Grade(grade or Grade.POSSIBLE).rank
    with invocation.open_read_only() as services:
        check_watch(watch, services.settings.watches)
        first, last = span_in(begin, end, services.settings, watch)
        check_span(first, last)
        stored: Sequence[Landing] = stored_landings.find(
            services.store, begin=first, end=last, watch=watch, include_retracted=True
        )
        note = ""
        if as_of is not None:
            known = landings_known_at(services.store, as_of, watch=watch, begin=first, end=last)
            stored, note = known.landings, as_of_note(as_of, [known])
        _check_airfield(airfield, services, stored)
        fitting = [
            row
            for landing in stored
            if everything or landing.stands
            for row in json_rows.landing_rows(landing, services.settings.watches)
            if watch in (None, row["watch"])
            and _may_be_at(row, airfield)
            and (Grade(row["grade"]).rank >= least or row["review"] == "confirmed")
        ]
        rows = [
            row
            for row in fitting
            if everything
            or row["counted"]
            or (_is_placed(row) and (grade is not None or row["grade"] != Grade.POSSIBLE.value))
        ]
        counted = {row["id"] for row in rows if row["counted"]}
        before = previous_stops_sentence(each for each in stored if each.id in counted)
        names = names_by_code(services.settings.airfields)
        left_out = _left_out([row for row in fitting if row not in rows])
        reason = left_out or _reason_for_none(
            services, everything=everything, narrowed=bool(begin or end or airfield or grade)
        )
    emit(
        rows,
        as_json=as_json,
        text=lambda: tables.landings_table(rows, terminal_width(), before, names=names),
        none=reason,
    )
    if note:
        say(f"collector: {note}")
    if rows and left_out and not as_json:
        say(f"collector: {left_out}")


def _is_placed(row: dict[str, Any]) -> bool:
    """Return whether the airfield is known, by the evidence or from a reviewer."""
    return bool(row["airfield"] or (row["review"] == "confirmed" and row["review_airfield"]))


def _left_out(rows: Sequence[dict[str, Any]]) -> str:
    """Return how many landings the listing leaves out that nobody rejected; empty if none."""
    open_rows = [row for row in rows if row["review"] != "rejected"]
    undetermined = {row["id"] for row in open_rows if not _is_placed(row)}
    possible = {row["id"] for row in open_rows} - undetermined
    final = {row["id"] for row in open_rows if row["final_leg_not_seen"]}
    kinds = [
        f"{len(ids)} {kind}"
        for kind, ids in (("undetermined", undetermined), ("possible", possible))
        if ids
    ]
    if not kinds:
        return ""
    noun = "landing is" if len(undetermined | possible) == 1 else "landings are"
    silent = f" ({len(final)} with the final leg not seen)" if final else ""
    return f"{' and '.join(kinds)} {noun} not listed{silent}; --all lists what may have taken place"


def _check_airfield(code: str | None, services: Services, stored: Sequence[Landing]) -> None:
    """Raise BadParameter for a code that is neither configured nor in a stored landing."""
    if code is None:
        return
    known: set[str | None] = {airfield.icao for airfield in services.settings.airfields}
    for landing in stored:
        known |= {landing.airfield, *(each.airfield for each in landing.detection.candidates)}
    if code.upper() not in known:
        import difflib

        watched = dict.fromkeys(each.icao for each in services.settings.watched)
        names = (list(watched), sorted(filter(None, known)))
        near = [one for few in names for one in difflib.get_close_matches(code.upper(), few, 1)]
        hint = f"did you mean {near[0]}? Watched" if near else "watched"
        raise click.BadParameter(
            f"{code!r} is no airfield of the configuration or of a landing; "
            f"{hint} are {', '.join(watched) or 'none'}",
            param_hint="--airfield",
        )


def _reason_for_none(services: Services, *, everything: bool, narrowed: bool) -> str:
    """Return why the listing is empty, and what to try.

    `narrowed`: by a span, an airfield or a grade.
    """
    from collector.store import coverage_slots
    from collector.store import landings as stored_landings

    if not stored_landings.find(services.store, include_retracted=True, newest=1):
        first = coverage_slots.first_slot_at(services.store)
        since = f"polls began on {first:%Y-%m-%d}" if first else "no report was received yet"
        return f"no landing is stored ({since}); `collector status` shows feeds and coverage"
    hints = [*(["fewer conditions"] if narrowed else []), *([] if everything else ["--all"])]
    if hints:
        return f"no stored landing fits; try {' or '.join(hints)}"
    return "no stored landing belongs to these watches"


def _may_be_at(row: dict[str, Any], airfield: str | None) -> bool:
    codes = {row["airfield"], row["review_airfield"], *row["candidates"]}
    return airfield is None or airfield.upper() in codes
