"""What does a person read first who starts the daemon at a terminal?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from collector.reports.titles import airfield_title, whose
from collector.settings import Settings
from collector.untrusted import visible
from collector.web.address import address_of


def first_sentences(settings: Settings, today: date) -> Iterator[str]:
    """Yield whose landings are counted and where, which feeds are asked, where the page is, and how
    to stop."""
    counted = [
        f"{whose(watch)} at "
        + " and ".join(airfield_title(code, settings.airfields, today) for code in watch.airfields)
        for watch in settings.watches
    ]
    if counted:
        yield f"The collector counts landings of {'; of '.join(counted)}."
    else:
        yield "The collector counts nothing, since the configuration has no watch."
    feeds = [visible(each.name) for each in settings.feeds if each.enabled]
    yield f"It asks {', '.join(feeds)}." if feeds else "It asks no feed, since none is enabled."
    if settings.web.enabled:
        yield f"Its page is at {address_of(settings.web.host, settings.web.port)}/."
    yield "Ctrl-C stops it. What follows is its log, a line for each event."
