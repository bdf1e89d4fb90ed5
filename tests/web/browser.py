"""A server on loopback, and a browser without scripts that reads its pages."""

from __future__ import annotations

import threading
from html.parser import HTMLParser
from pathlib import Path

import httpx

from collector.model.job import Jobs
from collector.settings import Settings
from collector.web import create_app, serve
from tests.support.clock import ManualClock
from tests.web.fleet_week import NOW

READERS = (
    "/",
    "/weeks",
    "/landings",
    "/aircraft",
    "/alerts",
    "/corrections",
    "/cited",
    "/coverage",
)
"""The readers' pages that show stored data."""
OPERATORS = tuple(
    f"/operator{page}" for page in ("", "/feeds", "/mails", "/followed", "/visitors", "/reviews")
)
"""The operator's pages."""
PAGES = (*READERS, *OPERATORS)
"""The pages that read the database."""
VOID = {"meta", "link", "br", "img", "source"}


class Site:
    """A server on loopback and a browser without scripts."""

    def __init__(self, path: Path, settings: Settings, jobs: Jobs | None = None) -> None:
        self.path = path
        self.settings = settings
        self.clock = ManualClock(NOW)
        self._stop = threading.Event()
        port: list[int] = []
        up = threading.Event()

        def ready(number: int) -> None:
            port.append(number)
            up.set()

        app = create_app(path, settings, self.clock, jobs=jobs)
        self.thread = threading.Thread(
            target=serve,
            args=(app, "127.0.0.1", 0, self._stop),
            kwargs={"ready": ready},
        )
        self.thread.start()
        assert up.wait(20)
        self.port = port[0]
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", trust_env=False, timeout=20
        )

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)

    def stop(self) -> None:
        self.client.close()
        self._stop.set()
        self.thread.join(10)
        assert not self.thread.is_alive()


class Outline(HTMLParser):
    """What a page is made of; fails where tags do not match."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.words: list[str] = []
        self.feed(page)
        self.close()
        assert self.opened == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value for name, value in attrs if name in ("href", "src") and value}
        if tag not in VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def crawl(site: Site) -> dict[str, httpx.Response]:
    """Every page that can be reached from the first one, and from "no such page".

    The choices of a list are followed from the list alone, not from what they lead to.
    """
    found: dict[str, httpx.Response] = {}
    wanted = ["/", "/no/such/<page>"]
    while wanted:
        link = wanted.pop()
        if link in found:
            continue
        found[link] = answer = site.get(link)
        if answer.headers["content-type"].startswith("text/html"):
            links = [each for each in Outline(answer.text).links if each.startswith("/")]
            wanted += [
                each.partition("#")[0] for each in links if not ("?" in link and "?" in each)
            ]
    return found
