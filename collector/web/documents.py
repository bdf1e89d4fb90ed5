"""What do machines get? Landings, one landing, weeks and the state, with the keys of `--json`."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from collector.disclosure.persons import row_without_person
from collector.errors import StoreError
from collector.queries import health
from collector.queries.landing import explanation_of
from collector.queries.status import status as status_document
from collector.queries.weeks import WeekQuery
from collector.reports.json_rows import landing_rows
from collector.reports.landing.counted import counted_for
from collector.reports.landing.explanation import explain_json
from collector.store import landings, reviews
from collector.store.landing_list import page_of
from collector.web import rendering, weeks
from collector.web.filters import NoSuchChoiceError, asked_by, wanted_landings
from collector.web.pages import PageMaker, year_asked

PER_DOCUMENT = 250
"""Landings in one document; the header `Link` names the next one."""


class Documents:
    """The documents, as plain functions: the server runs them in its threads."""

    def __init__(self, maker: PageMaker) -> None:
        self._root = maker.root
        self._open = maker.source.open

    def landings(self, request: Request) -> Response:
        """Answer as `collector landings --all --json` does, newest first, with the page's
        filters; null for who reviewed a landing and what they wrote."""
        with self._open() as snapshot:
            try:
                asked = asked_by(request.query_params)
                wanted = wanted_landings(snapshot, asked)
            except NoSuchChoiceError as error:
                raise HTTPException(404) from error
            found = page_of(
                snapshot.store,
                wanted,
                limit=PER_DOCUMENT + 1,
                offset=(asked.page - 1) * PER_DOCUMENT,
            )
            rows = [
                row_without_person(row)
                for landing in found[:PER_DOCUMENT]
                for row in landing_rows(landing, snapshot.settings.watches)
                if asked.watch in ("", row["watch"])
            ]
        answer = _json(rows)
        if len(found) > PER_DOCUMENT:
            following = f"{self._root}/landings.json{asked.query(page=asked.page + 1)}"
            answer.headers["Link"] = f'<{following}>; rel="next"'
        return answer

    def landing(self, request: Request) -> Response:
        """Answer as `collector explain ID --json` does, without who reviewed the landing, what they
        wrote, and where the operator keeps the replies as received."""
        with self._open() as snapshot:
            store, settings = snapshot.store, snapshot.settings
            landing = landings.get(store, request.path_params["landing_id"])
            if landing is None:
                raise HTTPException(404)
            explanation = explanation_of(
                *(store, landing, settings.airfields, snapshot.zone, snapshot.now),
                persons=False,
            )
            said = explain_json(explanation, landing, reviews.history(store, landing.id))
            said["reviews"] = [row_without_person(row) for row in said["reviews"]]
            counts = counted_for(landing, settings.watches, settings.airfields)
        return _json([said | {"counts_for": list(counts)}])

    def weeks(self, request: Request) -> Response:
        """Answer as `collector weeks --json` does, for the weeks of the page."""
        with self._open() as snapshot:
            settings = snapshot.settings
            year = year_asked(snapshot, request.query_params)
            query = WeekQuery(
                snapshot.store, settings.watches, settings.airfields, snapshot.coverage
            )
            rows = [
                row
                for watch in settings.watches
                for row in query.rows(
                    watch,
                    weeks.week_keys(snapshot, watch, weeks.SHOWN_WEEKS, year),
                    snapshot.now,
                    snapshot.sight,
                )
            ]
        return _json(rows)

    def status(self, _request: Request) -> Response:
        """Answer as `collector status --json` does; null for who reviewed a landing and what they
        wrote."""
        with self._open() as snapshot:
            body = status_document(snapshot)
        return _json(body | {"landings": [row_without_person(row) for row in body["landings"]]})

    def health(self, _request: Request) -> Response:
        """Answer supervisors: 200 while all is well, else 503 with the reasons, a line each.

        All is well while the database can be read, a daemon runs, a feed answered lately, and no
        condition is open.
        """
        try:
            with self._open() as snapshot:
                problems = health.problems(snapshot)
        except StoreError as error:
            problems = [str(error)]
        lines = [rendering.one_line(problem) for problem in problems] or ["ok"]
        status = 503 if problems else 200
        return PlainTextResponse("\n".join(lines) + "\n", status_code=status)


def _json(body: Any) -> Response:
    # json indents in Python, and takes four times as long as to write all on one line.
    text = msgspec.json.format(json.dumps(body, ensure_ascii=True), indent=1) + "\n"
    return Response(text, media_type="application/json")
