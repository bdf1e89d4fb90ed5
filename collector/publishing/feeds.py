"""What do feed readers learn from the published pages? Landings and corrections, as Atom."""

from __future__ import annotations

from dataclasses import replace

from collector.publishing.edition import Edition
from collector.publishing.links import file_of
from collector.queries.snapshot import Snapshot
from collector.web.atom import atom
from collector.web.news import correction_entries, landing_entries
from collector.weeks import week_bounds

NOWHERE = "urn:collector:published"
"""Stands in ids if nobody configured where the pages stand."""


def atom_files(edition: Edition, listed: Snapshot) -> dict[str, bytes]:
    """Return the feeds by file. Raises StoreError."""
    url = edition.settings.published_url
    _, as_of = week_bounds(edition.last_week, listed.zone)
    found = {
        "landings": ("Landings", landing_entries(listed)),
        "corrections": ("Corrections", correction_entries(listed)),
    }
    return {
        f"{name}.atom": atom(
            url or NOWHERE,
            f"{name}.atom",
            title,
            [replace(one, address=f"/{file_of(one.address)}") for one in entries],
            as_of,
            pages=url or ".",
        )
        for name, (title, entries) in found.items()
    }
