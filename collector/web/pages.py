"""How does a handler make a page? From a template, a snapshot, and where the pages stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from collector.queries.snapshot import Snapshot
from collector.reports.formatting import moment
from collector.web import rendering
from collector.web.filters import years
from collector.web.snapshot import SnapshotSource


@dataclass(frozen=True, slots=True)
class PageMaker:
    """What all pages of one configuration share."""

    source: SnapshotSource
    root: str
    """Stands before every address: empty, or a path like `/collector`."""

    def page(self, template: str, snapshot: Snapshot, **data: Any) -> Response:
        """Return a page that shows stored data."""
        shown_at = moment(snapshot.now, snapshot.zone)
        return HTMLResponse(self._render(template, shown_at=shown_at, **data))

    def plain(self, template: str, *, status: int = 200, **data: Any) -> Response:
        """Return a page that shows none."""
        return HTMLResponse(self._render(template, **data), status_code=status)

    def _render(self, template: str, **data: Any) -> str:
        return rendering.page(template, root=self.root, terms=self.source.terms(), **data)


def year_asked(snapshot: Snapshot, parameters: Mapping[str, str]) -> int | None:
    """Return the year that an address asks for, None if it asks for none.

    Raises HTTPException (404) for a year of which nothing can be known, and StoreError.
    """
    text = parameters.get("year", "")
    if not text:
        return None
    if text not in {str(year) for year in years(snapshot)}:
        raise HTTPException(404)
    return int(text)


def page_asked(request: Request) -> int:
    """Return the number of the page that an address asks for. Raises HTTPException (404)."""
    text = request.query_params.get("page", "1")
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:7]) <= 100_000):
        raise HTTPException(404)
    return int(text)
