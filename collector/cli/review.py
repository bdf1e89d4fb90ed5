"""`review`: what a person says about a landing."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, now

if TYPE_CHECKING:
    from collector.model import Landing
    from collector.services import Services

NOTE_LONGEST = 1000
NAME_LONGEST = 100


@click.command()
@click.argument("landing_id", metavar="ID")
@click.option("--confirm", "verdict", flag_value="confirmed", help="It took place.")
@click.option("--reject", "verdict", flag_value="rejected", help="It did not, or not there.")
@click.option("--clear", "verdict", flag_value="cleared", help="Take a verdict back.")
@click.option("--note", default="", help="Why: what you saw or read, and where.")
@click.option("--by", help="Who says so (default: your user name).")
@click.option(
    "--at",
    "airfield",
    metavar="ICAO",
    help="With --confirm: where it landed, if you know better than what was derived.",
)
@click.pass_obj
def review(
    tool: Invocation,
    landing_id: str,
    *,
    verdict: str | None,
    note: str,
    by: str | None,
    airfield: str | None,
) -> None:
    """Confirm or reject a landing, with a note.

    Your verdict wins in every count, also if the landing is later derived otherwise; what was
    derived stays visible beside it. Counts, rules, mails and pages follow at once, in a finished
    week as a correction. Nothing said is ever deleted: a later verdict takes the place of this
    one, and --clear leaves the landing to what is derived.
    """
    from collector.model.review import Review
    from collector.pipeline import reviews
    from collector.untrusted import visible

    note, by = note.strip(), (by or _user()).strip()
    _sensible(verdict, note, by, airfield)
    tool.logging()
    with tool.writing() as services:
        said = Review(
            at=now(),
            by=by,
            verdict=None if verdict == "cleared" else verdict,
            note=note,
            airfield=_airfield(services, airfield),
        )
        landing = reviews.apply_review(services.store, services.alert_evaluator, landing_id, said)
        if landing is None:
            click.echo(f"{landing_id}: that is what holds already", err=True)
            return
        done = f"{verdict} by {visible(by)}" if said.verdict else "left to what is derived"
        click.echo(f"{landing_id}: {done}; {_counts_at(services, landing)}", err=True)


def _sensible(verdict: str | None, note: str, by: str, airfield: str | None) -> None:
    if verdict is None:
        raise click.UsageError("say one of --confirm, --reject, --clear")
    if not note and verdict != "cleared":
        raise click.UsageError("say why, with --note: a verdict without a reason helps nobody")
    if not by:
        raise click.UsageError("say who you are, with --by")
    if len(note) > NOTE_LONGEST or len(by) > NAME_LONGEST:
        raise click.UsageError(
            f"a note has at most {NOTE_LONGEST} characters, a name {NAME_LONGEST}"
        )
    if airfield is not None and verdict != "confirmed":
        raise click.UsageError("--at goes with --confirm alone")


def _airfield(services: Services, code: str | None) -> str | None:
    if code is None:
        return None
    known = sorted({one.icao for one in services.settings.airfields})
    if code.upper() not in known:
        raise click.BadParameter(
            f"{code!r} is none of the airfields known here: {', '.join(known)}", param_hint="--at"
        )
    return code.upper()


def _counts_at(services: Services, landing: Landing) -> str:
    from collector.alerts.counts import standing

    places = [
        f"{watch.name} {place.name}"
        for watch in services.settings.watches
        for place in watch.places
        if standing(landing, watch, place)
    ]
    return f"it counts for {', '.join(places)}" if places else "it counts for no place"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as services have
        return ""
