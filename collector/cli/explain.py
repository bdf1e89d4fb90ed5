"""Why is a landing believed? `explain` gives the evidence as text, as JSON, and as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, now
from collector.cli.output import emit, json_option

if TYPE_CHECKING:
    from collector.reports.picture import TrackPicture

PICTURE_SUFFIXES = (".png", ".svg")


@click.command()
@click.argument("landing_id", metavar="ID")
@json_option
@click.option(
    "--picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Draw the track near the airfield: a .png or .svg.",
)
@click.pass_obj
def explain(
    invocation: Invocation, landing_id: str, *, as_json: bool, picture: Path | None
) -> None:
    """Print the evidence for a landing in plain words.

    The output holds the evidence in order of time, the airfields where the landing may have been
    instead, and what speaks against it. ID is the first column of `collector landings`.
    """
    from collector.pipeline import reviews as landing_reviews
    from collector.queries.landing import explanation_of, raw_replies_of, reports_around
    from collector.reports.landing.counted import counted_for, counts_sentence
    from collector.reports.landing.explanation import explain_json, explain_text
    from collector.store import reviews as stored_reviews

    if picture is not None and picture.suffix.lower() not in PICTURE_SUFFIXES:
        raise click.BadParameter("a picture is a .png or .svg file", param_hint="--picture")
    at = now()
    with invocation.open_read_only() as services:
        landing = landing_reviews.get_landing(services.store, landing_id)
        airfields = services.settings.airfields
        counts = counted_for(landing, services.settings.watches, airfields)
        zones = {watch.name: watch.zone for watch in services.settings.watches}
        zone = next((zones[m.watch] for m in landing.watches if m.watch in zones), "UTC")
        reviews = stored_reviews.history(services.store, landing_id)
        track = reports_around(services.store, landing, at)
        explanation = explanation_of(
            services.store,
            landing,
            airfields,
            zone,
            at,
            raw_replies=raw_replies_of(landing, services.settings.recordings),
        )
    if picture is not None:
        from collector.reports.picture import picture_of
        from collector.settings.derived import terms_of_feeds

        terms = terms_of_feeds(invocation.settings)
        drawing = picture_of(landing, track, airfields, zone=zone, terms=terms, now=at)
        _write(picture, drawing)
    emit(
        [explain_json(explanation, landing, reviews) | {"counts_for": list(counts)}],
        as_json=as_json,
        text=lambda: explain_text(explanation, counts_sentence(counts)),
    )


def _write(path: Path, drawing: TrackPicture) -> None:
    from collector.errors import CollectorError
    from collector.reports.picture.canvas import draw

    content = draw(drawing, path.suffix.lower().removeprefix("."))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CollectorError(
            f"the picture cannot be written to {path}: {error.strerror or error}"
        ) from error
    click.echo(str(path), err=True)
