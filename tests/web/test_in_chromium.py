"""Can everybody use the pages, and read a digest on a phone?

Chromium opens each page, and axe-core looks at it, which comes within the package
axe-playwright-python.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from collector.model.notice import Message
from collector.reports.mails import alert_mail, digest
from tests.reports.golden import compared
from tests.support import weeks_told
from tests.support.landings import AIRFIELDS, CONFIRMED
from tests.web.browser import PAGES, Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)

ADDRESSES = (*PAGES, "/landings/600866-2026-11-18-1", "/aircraft/600865", "/glossary")

LONG_NAMES = [
    replace(each, name="Ramon International – Ilan and Asaf Ramon-Nordost-Großenhain (Timna)")
    for each in AIRFIELDS
]

UNDECIDED = {"color-contrast": "svg"}
"""What axe leaves to a person, and where that is all right. It cannot tell what lies behind the
letters of a chart: the page's paper, on which it finds the same grey dark enough elsewhere."""

PHONE_PX, CHART_PX = 812, 295
"""The height of a phone's screen, and of the chart on it, in whose place its words stand here."""

PATIENCE_MS = 180_000
"""For what takes less than a second on an idle machine."""

FINDINGS = """async () => {
    const found = await axe.run();
    const rows = (kind) => found[kind].flatMap(
        (rule) => rule.nodes.map((node) => [rule.id, node.html, node.failureSummary || ""]));
    return {violations: rows("violations"), incomplete: rows("incomplete")};
}"""
CONTRAST = FINDINGS.replace("axe.run()", 'axe.run({runOnly: ["color-contrast"]})')
"""A mail has no landmarks: its reader puts it into a page of its own."""


@pytest.fixture
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # heavy, and one worker of four needs it

    with sync_playwright() as playwright:
        sandbox = [] if os.geteuid() else ["--no-sandbox"]  # it refuses to work for root
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=sandbox, timeout=PATIENCE_MS
        )
        yield browser
        browser.close()


@pytest.mark.skipif(CHROMIUM is None, reason="no browser: apt-get install chromium")
def test_every_page_can_be_used_by_everybody(site: Site, chromium: Browser) -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    own = f"http://127.0.0.1:{site.port}/"
    for width, scheme in ((1000, "light"), (375, "dark")):
        page = _window(chromium, width, scheme)
        faults = _faults_of(page, own)
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

        mail = _window(chromium, width, scheme)
        told = replace(weeks_told.digest(), airfields=LONG_NAMES)
        for message in (digest.render(told), alert_mail.render([compared()])):
            mail.set_content(message.html)
            assert mail.evaluate("document.documentElement.scrollWidth") <= width, message.subject
            if scheme == "dark":  # axe takes the browser's own background for white
                mail.add_style_tag(content="html { background: #121212 }")
            mail.evaluate(axe)
            assert not list(_found(mail.evaluate(CONTRAST))), (message.subject, scheme)
        for message in (digest_of_one(), alert_mail.render([compared()])):
            mail.set_content(message.html)
            more = mail.get_by_role("heading", name="More", exact=True).bounding_box()
            assert more is not None
            assert more["y"] < 2 * PHONE_PX - CHART_PX, f"two screens: {message.subject}"
        mail.close()


def digest_of_one() -> Message:
    """A digest with a landing and a correction; with several landings, one is longer."""
    return digest.render(weeks_told.digest([CONFIRMED]))


def _window(chromium: Browser, width: int, scheme: str) -> Page:
    look: Any = scheme
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=look)
    page.set_default_timeout(PATIENCE_MS)
    return page


def _faults_of(page: Page, own: str) -> list[str]:
    """Return a list that gets what the console says, and what is asked of anybody else."""
    faults: list[str] = []

    def console(message: ConsoleMessage) -> None:
        faults.append(f"the console says: {message.text}")

    def request(asked: Request) -> None:
        if not asked.url.startswith(own):
            faults.append(f"asked for {asked.url}")

    page.on("console", console)
    page.on("request", request)
    return faults


def _found(findings: dict[str, list[tuple[str, str, str]]]) -> Iterator[str]:
    for rule, html, why in findings["violations"]:
        yield f"{rule}: {html}: {why}"
    for rule, html, why in findings["incomplete"]:
        if not (UNDECIDED.get(rule) == "svg" and html.startswith("<text ")):
            yield f"not decided: {rule}: {html}: {why}"
