"""How long does a page take after ten years? Every page, document and feed is fetched over HTTP.

Two databases are filled (`_pages_past.py`): one with a year of a watch, one with ten years of
its landings, 20,000 visitors and five million reports, with a coverage slot in each five minutes,
and corrections, alerts, digests, reviews and citations. The daemon's own server answers on
loopback; each address is fetched several times, in alternation between the two. The digest is made
as the daemon makes it on a Monday. Pictures of tracks are left out: another process draws them.

The time is the processor's, of the server and the client together: what a reader waits on a quiet
machine. Milliseconds depend on the machine, so that only the full form claims them. Both forms
claim that no page of the large database takes many times as long as the same page of the small one.
"""

from __future__ import annotations

import http.client
import logging
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import structlog
from _claims import Claim, report, short
from _pages_past import NOW, Past, cited_days, fill

from collector import services, settings
from collector.clock import SystemClock
from collector.model import Watch
from collector.model.citation import Citation
from collector.queries.citing import cited_count
from collector.settings import Settings
from collector.settings import derived as derived_settings
from collector.store import Store, citations, landings
from collector.web import create_app, serve
from collector.weeks import previous_week, week_of

PAGE_MS, DIGEST_S = 50.0, 3.0
GROWTH = 3.0 if short() else 5.0
"""How much longer a page may take with the larger past: lists are longer, but only a page of them
is shown."""
SMALL = Past(weeks=52, visitors_a_week=2, reports=10, slot_every_s=14_400)
SHORT = Past(weeks=104, visitors_a_week=10, reports=10, slot_every_s=14_400)
LONG = Past(weeks=521, visitors_a_week=39, reports=247, slot_every_s=300)
ROUNDS = 3 if short() else 15
CONFIGURATION = 'contact = "bench@example.org"\ndata = "{data}"\n'


class FixedClock(SystemClock):
    """A clock that stands still, at the end of the past."""

    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True, slots=True)
class Site:
    """A served database."""

    port: int
    landing: str
    """The id of a landing with its reports."""
    aircraft: str
    """The address of an aircraft with many landings."""

    def addresses(self) -> list[str]:
        """Return every address that is fetched."""
        year = NOW.year
        return [
            *("/", "/weeks", f"/weeks?year={year}", "/landings", "/landings?page=2"),
            *(f"/landings?period={year}", "/landings?grade=confirmed"),
            *(f"/landings/{self.landing}", "/aircraft", f"/aircraft?year={year}"),
            *(f"/aircraft/{self.aircraft}", "/alerts", "/corrections", "/cited"),
            *("/coverage", f"/coverage?year={year}", "/glossary"),
            *("/operator", "/operator/feeds", "/operator/mails", "/operator/followed"),
            *("/operator/visitors", "/operator/reviews", "/metrics"),
            *("/landings.json", f"/landings/{self.landing}.json", "/weeks.json"),
            *("/landings.atom", "/corrections.atom", "/alerts.atom", "/status.json", "/healthz"),
        ]

    def fetch_ms(self, address: str) -> float:
        """Return the processor time of an answer, that of the client included.

        Ends the process if there is none.
        """
        begin = time.process_time()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", address)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        # No daemon runs, so that the answer about health is 503.
        if answer.status != 200 and address != "/healthz":
            sys.exit(f"{address}: {answer.status}")
        return 1000 * (time.process_time() - begin)


@contextmanager
def filled(folder: Path, past: Past) -> Iterator[tuple[Settings, Path, dict[str, int]]]:
    """Fill a database, and let the daemon's jobs keep what they keep of finished weeks."""
    folder.mkdir()
    config = folder / "collector.toml"
    config.write_text(CONFIGURATION.format(data=folder))
    loaded = settings.load(config, environ={})
    watch, path = loaded.watches[0], folder / "collector.sqlite"
    fleet = derived_settings.fleet(loaded).fleet_addresses()[:20]
    with Store.open(path) as store:
        built = services.build_services(loaded, store)
        rows = fill(store, past, fleet, watch.name)
        for place in watch.places:
            built.coverage.by_week(place, watch.zone, NOW - timedelta(weeks=past.weeks), NOW)
        built.alert_evaluator.evaluate(NOW)
        cite_ten_years(built, watch)
    yield loaded, path, rows


def cite_ten_years(built: services.Services, watch: Watch) -> None:
    """Keep a citation of all landings at each place."""
    first, last = cited_days()
    for place in watch.places:
        known = cited_count(
            *(built.store, watch, place, built.settings.airfields, built.digests.terms),
            first=first,
            last=last,
        )
        citation = Citation(
            id="",
            watch=watch.name,
            place=place.name,
            first=first,
            last=last,
            cited_at=NOW,
            text="Cited.\n",
            sha256="0" * 64,
            known=known,
        )
        citations.store_citation(built.store, citation)


@contextmanager
def served(loaded: Settings, path: Path) -> Iterator[Site]:
    """Serve a database until the end of the block."""
    stop, up, ports = threading.Event(), threading.Event(), list[int]()

    def ready(port: int) -> None:
        ports.append(port)
        up.set()

    app = create_app(path, loaded, FixedClock())
    thread = threading.Thread(
        target=serve, args=(app, "127.0.0.1", 0, stop), kwargs={"ready": ready}
    )
    thread.start()
    up.wait(20)
    with Store.open(path, read_only=True) as store:
        (last,) = landings.find(store, end=NOW - timedelta(weeks=2), newest=1)
    try:
        yield Site(ports[0], last.id, last.detection.icao24)
    finally:
        stop.set()
        thread.join()


def digest_s(loaded: Settings, path: Path) -> float:
    """Return the processor time of the last finished week's digest, without its pictures."""
    with Store.open(path) as store:
        built = services.build_services(loaded, store)
        watches = [loaded.watches[0]]
        key = previous_week(week_of(NOW, watches[0].zone))
        begin = time.process_time()
        built.digests.message(watches, key, NOW)
        return time.process_time() - begin


def main() -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with (
        tempfile.TemporaryDirectory() as folder,
        filled(Path(folder) / "small", SMALL) as (few, few_path, _),
        filled(Path(folder) / "large", SHORT if short() else LONG) as (many, many_path, rows),
        served(few, few_path) as small,
        served(many, many_path) as large,
    ):
        first = {each: large.fetch_ms(each) for each in large.addresses()}
        took: dict[str, tuple[list[float], list[float]]] = {each: ([], []) for each in first}
        for _ in range(ROUNDS):
            for each, of_small in zip(first, small.addresses(), strict=True):
                took[each][0].append(small.fetch_ms(of_small))
                took[each][1].append(large.fetch_ms(each))
        digest = digest_s(many, many_path)
    medians = {each: (median(of_few), median(of_many)) for each, (of_few, of_many) in took.items()}
    slowest = max(medians, key=lambda each: medians[each][1])
    grown = max(medians, key=lambda each: medians[each][1] / medians[each][0])
    notes = [", ".join(f"{number:,} {name}" for name, number in rows.items())]
    if not short():
        notes += [
            f"{each}: {ms:.1f} ms (small: {was:.1f}), the first time {first[each]:.0f}"
            for each, (was, ms) in medians.items()
        ]
    claims = [
        Claim(
            f"{grown}, which grew most: with many rows ÷ few",
            medians[grown][1] / medians[grown][0],
            GROWTH,
            "×",
        )
    ]
    if not short():
        claims += [
            Claim(f"{slowest}, the slowest, median", medians[slowest][1], PAGE_MS, "ms"),
            Claim("the digest, without its pictures", digest, DIGEST_S, "s"),
        ]
    return report("Pages", claims, notes)


if __name__ == "__main__":
    sys.exit(main())
