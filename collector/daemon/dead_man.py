"""How does somebody learn that this machine is dead? A page that watches for our requests."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from collector.errors import FeedError, Interrupted
from collector.http import Http
from collector.secret import Secret

log = structlog.get_logger(__name__)

ACCEPTED = (201, 202, 204)
"""Accepted besides 200: a monitoring service may answer without content."""


@dataclass
class DeadMansPage:
    """The page that is fetched again and again while all is well."""

    http: Http
    _fails: bool = False

    def fetch(self, url: Secret) -> None:
        """Fetch the page; log once when it answers no more, and once when it does again."""
        try:
            self.http.get(url.reveal(), tolerate=ACCEPTED)
        except Interrupted:
            return
        except FeedError as error:
            # The address is a secret, and the error quotes it.
            if not self._fails:
                log.warning("dead man's page does not answer", error=type(error).__name__)
            self._fails = True
        else:
            if self._fails:
                log.info("dead man's page answers again")
            self._fails = False
