"""How does a monitoring server ask? By `/metrics`, which loads the Prometheus client at first."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from collector.model.job import Jobs
from collector.web.pages import PageMaker


class MetricsPage:
    """The answer to a scrape, as a plain function: the server runs it in its threads."""

    def __init__(self, maker: PageMaker, jobs: Jobs) -> None:
        self._open = maker.source.open
        self._jobs = jobs

    def scrape(self, request: Request) -> Response:
        """Answer with every metric, in the text format that the request asks for."""
        # The client takes memory, and most collectors are never asked.
        from collector.web.metrics import exposition, families

        with self._open() as snapshot:
            found = list(families(snapshot, self._jobs()))
        body, media_type = exposition(found, request.headers.get("accept", ""))
        return Response(body, media_type=media_type)
