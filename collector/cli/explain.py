"""`explain`: why a landing is believed, in words, for machines, and as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, emit, json_option, now

if TYPE_CHECKING:
    from collector.reports.picture import TrackPicture

SUFFIXES = (".png", ".svg")


@click.command()
@click.argument("landing_id", metavar="ID")
@json_option
@click.option(
    "--picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Draw the track near the field: a .png or .svg (needs the extra `report`).",
)
@click.pass_obj
def explain(tool: Invocation, landing_id: str, *, as_json: bool, picture: Path | None) -> None:
    """Why a landing is believed: the evidence in order, the rivals, the doubts."""
    from collector.pipeline import reviews as stored_reviews
    from collector.queries.landing import explanation_of, reports_around
    from collector.reports.landing.explanation import explain_json, explain_text
    from collector.store import reviews

    if picture is not None and picture.suffix.lower() not in SUFFIXES:
        raise click.BadParameter("a picture is a .png or .svg file", param_hint="--picture")
    at = now()
    with tool.reading() as services:
        landing = stored_reviews.known(services.store, landing_id)
        airfields = services.settings.airfields
        zones = {one.name: one.zone for one in services.settings.watches}
        zone = next((zones[m.watch] for m in landing.watches if m.watch in zones), "UTC")
        said = reviews.history(services.store, landing_id)
        heard = reports_around(services.store, landing, at)
        told = explanation_of(services.store, landing, airfields, zone, at)
    if picture is not None:
        from collector.reports.picture import picture_of
        from collector.settings.derived import terms_of_feeds

        terms = terms_of_feeds(tool.settings)
        sheet = picture_of(landing, heard, airfields, zone=zone, terms=terms, now=at)
        _write(picture, sheet)
    emit(
        [explain_json(told, landing, said)],
        as_json=as_json,
        text=lambda: explain_text(told),
    )


def _write(path: Path, sheet: TrackPicture) -> None:
    from collector.errors import CollectorError
    from collector.reports.picture import draw

    content = draw(sheet, path.suffix.lower().removeprefix("."))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CollectorError(
            f"the picture cannot be written to {path}: {error.strerror or error}"
        ) from error
    click.echo(str(path), err=True)
