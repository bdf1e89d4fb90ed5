"""Which tables are published? Those of an export package, from what the pages are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from collector.model import Watch
from collector.model.terms import Terms
from collector.publishing.counted import Stage, number_of
from collector.publishing.edition import Edition
from collector.queries.exports import ExportQuery
from collector.queries.snapshot import Snapshot
from collector.queries.weeks import WeekQuery
from collector.reports.exports.package import package_files
from collector.reports.exports.table import Export, Row

FOLDER = "data"


def package(
    edition: Edition, counts: Snapshot, listed: Snapshot, found: Sequence[Stage]
) -> dict[str, bytes]:
    """Return the files of the package of tables. Raises StoreError."""
    rows = _query(edition, listed, edition.terms_of(edition.raw))
    terms = edition.terms_of(edition.derived) | dict(edition.terms)
    weeks = _query(edition, counts, terms).weeks(last=edition.last_week)
    by_name = {watch.name: watch for watch in edition.public.watches}
    shown = [_with_listed(row, by_name[row["watch"]], found) for row in weeks.rows]
    weeks = replace(weeks, rows=shown, origins=edition.origins(edition.derived))
    tables = [_without_remarks(each) for each in (rows.landings(), weeks, rows.fixes())]
    return {
        f"{FOLDER}/{name}": content
        for name, content in package_files([*tables, _without_remarks(rows.aircraft())]).items()
    }


def _query(edition: Edition, snapshot: Snapshot, terms: Mapping[str, Terms]) -> ExportQuery:
    settings = edition.public
    return ExportQuery(
        snapshot.store,
        WeekQuery(snapshot.store, settings.watches, settings.airfields, snapshot.coverage),
        settings.watches,
        settings.airfields,
        terms,
        settings.disclosure,
        edition.now,
    )


def _without_remarks(export: Export) -> Export:
    """Return a table without what is for the operator alone."""
    return replace(export, left_out=())


def _with_listed(row: Row, watch: Watch, found: Sequence[Stage]) -> Row:
    """Return the row of a week with how many of its landings have no row in the other table."""
    place = next(each for each in watch.places if each.name == row["airfield"])
    listed = number_of(found[-1].landings, watch, place, row["week"])
    most = int(listed.rpartition("–")[2])
    return row | {"not_listed": max(0, row["found"] - most)}
