"""Did a landing really take place? `review` stores a person's verdict, which every count obeys."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, now
from collector.cli.output import say

if TYPE_CHECKING:
    from collector.model import Landing
    from collector.services import Services

MAX_NOTE_CHARACTERS = 1000
MAX_NAME_CHARACTERS = 100


@click.command()
@click.argument("landing_id", metavar="ID")
@click.option("--confirm", "verdict", flag_value="confirmed", help="The landing took place.")
@click.option(
    "--reject", "verdict", flag_value="rejected", help="It did not take place, or not there."
)
@click.option("--clear", "verdict", flag_value="cleared", help="Withdraw the verdict given before.")
@click.option("--note", default="", help="The reason: what you saw or read, and where.")
@click.option("--by", metavar="NAME", help="The reviewer's name (default: your user name).")
@click.option(
    "--at",
    "airfield",
    metavar="ICAO",
    help="With --confirm: the airfield, if you know better than the collector.",
)
@click.pass_obj
def review(
    invocation: Invocation,
    landing_id: str,
    *,
    verdict: str | None,
    note: str,
    by: str | None,
    airfield: str | None,
) -> None:
    """Confirm or reject a landing, with a note.

    ID is the first column of `collector landings`. Your verdict wins in every count, even if the
    landing is later derived differently; what was derived stays visible beside it. Counts, rules,
    mails and pages change at once, and a finished week gets a correction. No verdict is ever
    deleted: a later one replaces an earlier one, and after --clear the landing counts as it was
    derived.
    """
    from collector.model.review import Review
    from collector.pipeline import reviews
    from collector.untrusted import visible

    note, by = note.strip(), (by or _user_name()).strip()
    _check_options(verdict, note, by, airfield)
    invocation.configure_logs(says_itself=True)
    with invocation.open_for_writing() as services:
        new_review = Review(
            at=now(),
            by=by,
            verdict=None if verdict == "cleared" else verdict,
            note=note,
            airfield=_airfield_code(services, airfield),
        )
        landing = reviews.apply_review(
            services.store, services.alert_evaluator, landing_id, new_review
        )
        if landing is None:
            say(f"{landing_id}: nothing changes, this verdict holds already")
            return
        done = f"{verdict} by {visible(by)}" if new_review.verdict else "verdict withdrawn"
        say(f"{landing_id}: {done}; {_places_text(services, landing)}")


def _check_options(verdict: str | None, note: str, by: str, airfield: str | None) -> None:
    """Raise UsageError if options are missing, too long, or do not go together."""
    if verdict is None:
        raise click.UsageError("give one of --confirm, --reject and --clear")
    if not note and verdict != "cleared":
        raise click.UsageError("give the reason with --note")
    if not by:
        raise click.UsageError("give your name with --by")
    if len(note) > MAX_NOTE_CHARACTERS or len(by) > MAX_NAME_CHARACTERS:
        raise click.UsageError(
            f"a note has at most {MAX_NOTE_CHARACTERS} characters, a name {MAX_NAME_CHARACTERS}"
        )
    if airfield is not None and verdict != "confirmed":
        raise click.UsageError("--at is possible only with --confirm")


def _airfield_code(services: Services, code: str | None) -> str | None:
    """Return the code in upper case, or None if none was given. Raises BadParameter."""
    if code is None:
        return None
    codes = sorted({airfield.icao for airfield in services.settings.airfields})
    if code.upper() not in codes:
        raise click.BadParameter(
            f"{code!r} is not one of the known airfields: {', '.join(codes)}", param_hint="--at"
        )
    return code.upper()


def _places_text(services: Services, landing: Landing) -> str:
    """Return a clause that says for which watches and places the landing counts now."""
    from collector.alerts.counts import standing

    places = [
        f"{watch.name} {place.name}"
        for watch in services.settings.watches
        for place in watch.places
        if standing(landing, watch, place)
    ]
    return f"it counts for {', '.join(places)}" if places else "it counts for no place"


def _user_name() -> str:
    """Return the name of the user who runs the command; empty if the user has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a service's user may have no name
        return ""
