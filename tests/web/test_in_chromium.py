"""Can everybody use the pages? Chromium opens each of them, and axe-core looks at it.

axe-core comes within the package axe-playwright-python, whose other files are not used.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.web.browser import PAGES, Site

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)

ADDRESSES = (*PAGES, "/landings/600866-2026-11-18-1", "/aircraft/600865", "/glossary")

UNDECIDED = {"color-contrast": "svg"}
"""What axe leaves to a person, and where that is all right. It cannot tell what lies behind the
letters of a chart: the page's paper, on which it finds the same grey dark enough elsewhere."""

FINDINGS = """async () => {
    const found = await axe.run();
    const rows = (kind) => found[kind].flatMap(
        (rule) => rule.nodes.map((node) => [rule.id, node.html, node.failureSummary || ""]));
    return {violations: rows("violations"), incomplete: rows("incomplete")};
}"""


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        sandbox = [] if os.geteuid() else ["--no-sandbox"]  # it refuses to work for root
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        yield browser
        browser.close()


@pytest.mark.skipif(CHROMIUM is None, reason="no browser: apt-get install chromium")
def test_every_page_can_be_used_by_everybody(site: Site, chromium: Browser) -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    own = f"http://127.0.0.1:{site.port}/"
    for width, scheme in ((1000, "light"), (375, "dark")):
        page = _window(chromium, width, scheme)
        faults: list[str] = []
        page.on("console", lambda message, to=faults: to.append(_said(message)))
        page.on("request", lambda request, to=faults: to.extend(_outside(request, own)))
        for address in ADDRESSES:
            page.goto(own + address[1:])
            page.evaluate(axe)
            faults += _found(page.evaluate(FINDINGS))
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append("the page is wider than the window")
            assert not faults, (address, width, scheme, faults)

        page.goto(own)
        assert page.locator("svg.chart:visible").count() == 1, "the layout for this width"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.close()


def _window(chromium: Browser, width: int, scheme: str) -> Page:
    look: Any = scheme
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=look)
    page.set_default_timeout(120_000)
    return page


def _said(message: ConsoleMessage) -> str:
    return f"the console says: {message.text}"


def _outside(request: Request, own: str) -> list[str]:
    return [] if request.url.startswith(own) else [f"asked for {request.url}"]


def _found(findings: dict[str, list[tuple[str, str, str]]]) -> Iterator[str]:
    for rule, html, why in findings["violations"]:
        yield f"{rule}: {html}: {why}"
    for rule, html, why in findings["incomplete"]:
        if not (UNDECIDED.get(rule) == "svg" and html.startswith("<text ")):
            yield f"not decided: {rule}: {html}: {why}"
