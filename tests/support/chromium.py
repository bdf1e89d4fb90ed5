"""A browser that says what is wrong with what it shows: Chromium, with axe-core.

axe-core comes within the package axe-playwright-python. Nothing here needs a network.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no browser: apt-get install chromium")

WIDTHS_PX, SCHEMES = (1000, 375), ("light", "dark")
LOOKS = tuple((width, scheme) for width in WIDTHS_PX for scheme in SCHEMES)
"""A screen and a phone, each light and dark."""
IN_FULL = {(1000, "light"), (375, "dark")}
"""Each width and each scheme once, to look at by all rules. Between these and the other two nothing
can differ but contrast: of what only a phone shows, and of what it hides."""
PHONE_PX = 812
"""The height of a phone's screen that is 375 pixels wide."""

PATIENCE_MS = 180_000
"""For what takes less than a second on an idle machine."""

UNDECIDED = {
    "color-contrast": "<text ",
}
"""What axe leaves to a person, and the elements in which that is all right. It cannot tell what
lies behind the letters of a chart: the page's paper, on which it finds the same grey dark enough
elsewhere."""

_FINDINGS = """async ([only, without]) => {
    const found = await axe.run({
        preload: false, resultTypes: ["violations", "incomplete"],
        rules: Object.fromEntries(without.map((rule) => [rule, {enabled: false}])),
        ...(only.length ? {runOnly: only} : {}),
    });
    const rows = (kind) => found[kind].flatMap(
        (rule) => rule.nodes.map((node) => [rule.id, node.html, node.failureSummary || ""]));
    return {violations: rows("violations"), incomplete: rows("incomplete")};
}"""

_FOCUSABLE = "a[href], area[href], button, input, select, textarea, summary, [tabindex]"
_CONTROLS = f"""() => [...document.querySelectorAll('{_FOCUSABLE}')]
    .filter((each) => each.tabIndex >= 0 && each.checkVisibility())
    .map((each, n) => (each.dataset.walked = n, each.outerHTML.slice(0, 120)))"""

_MOST_TABS = 200

_FOCUSED = """() => {
    const at = document.activeElement;
    const style = getComputedStyle(at), box = at.getBoundingClientRect();
    const parts = (colour) => colour.match(/[0-9.]+/g).map(Number);
    const light = (colour) => {
        const [r, g, b] = parts(colour).map((part) => part / 255).map(
            (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    let paper = at.parentElement || at;
    while (paper && parts(getComputedStyle(paper).backgroundColor)[3] === 0)
        paper = paper.parentElement;
    const behind = paper ? light(getComputedStyle(paper).backgroundColor) : 1;
    const [low, high] = [light(style.outlineColor), behind].sort((a, b) => a - b);
    return {
        number: at === document.body ? null : Number(at.dataset.walked),
        ring_px: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
        by_browser: style.outlineStyle === "auto",
        contrast: (high + 0.05) / (low + 0.05),
        on_screen: box.bottom > 0 && box.top < innerHeight
            && box.right > 0 && box.left < innerWidth,
    };
}"""


@contextmanager
def opened_chromium() -> Iterator[Browser]:
    """Yield a headless Chromium."""
    from playwright.sync_api import sync_playwright  # heavy, and one worker of four needs it

    with sync_playwright() as playwright:
        sandbox = [] if os.geteuid() else ["--no-sandbox"]  # it refuses to work for root
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=sandbox, timeout=PATIENCE_MS
        )
        yield browser
        browser.close()


@dataclass
class Window:
    """One window of the browser, and all that was found wrong in it."""

    page: Page
    own: tuple[str, ...]
    """How the addresses begin that may be asked for."""
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"a script failed: {error}"))
        self.page.on("request", self._asked)
        self.page.on("requestfailed", self._failed)

    def _said(self, message: ConsoleMessage) -> None:
        self.faults.append(f"the console says: {message.text}")

    def _asked(self, asked: Request) -> None:
        if not asked.url.startswith(self.own):
            self.faults.append(f"asked for {asked.url}")

    def _failed(self, asked: Request) -> None:
        if asked.failure != "net::ERR_ABORTED":  # a picture of the layout before
            self.faults.append(f"not got: {asked.url}: {asked.failure}")

    def look(self, width_px: int, scheme: str) -> None:
        """Be so wide, and let the reader's system prefer that scheme."""
        wanted: Any = scheme
        self.page.set_viewport_size({"width": width_px, "height": PHONE_PX})
        self.page.emulate_media(color_scheme=wanted)

    def judge(self, *rules: str, without: tuple[str, ...] = ()) -> None:
        """Let axe look, by these rules or by all but some, and see whether the page is too wide."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_axe())
        findings = self.page.evaluate(_FINDINGS, [rules, without])
        for rule, html, why in findings["violations"]:
            self.faults.append(f"{rule}: {html}: {why}")
        for rule, html, why in findings["incomplete"]:
            if not html.startswith(UNDECIDED.get(rule, "nothing")):
                self.faults.append(f"not decided: {rule}: {html}: {why}")
        self.fits()

    def fits(self) -> None:
        """See whether the page must be moved sideways to be read."""
        wide, most = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        if wide > most:
            self.faults.append(f"the page is {wide} px wide, the window {most} px")

    def pictures(self, selector: str = "img") -> int:
        """Wait until every picture there is shown; return how many there are."""
        found = self.page.locator(selector)
        for number in range(found.count()):
            handle = found.nth(number).element_handle()
            self.page.wait_for_function(
                "(each) => each.complete && each.naturalWidth > 0", arg=handle
            )
        return found.count()

    def more_px(self) -> float:
        """Return how far below the top of a phone's first screen a mail's "More" begins."""
        self.look(375, "light")
        box = self.page.get_by_role("heading", name="More", exact=True).bounding_box()
        assert box is not None
        return box["y"]

    def walk(self) -> int:
        """Go through the page by Tab; return how many links and controls it led to.

        Each that can be seen must be reached, in order, be on the screen then, and have a ring that
        stands out from what is behind it; after the last comes the first again (WCAG 2.2, success
        criteria 2.1.1, 2.1.2, 2.4.3, 2.4.7 and 1.4.11).
        """
        controls = self.page.evaluate(_CONTROLS)
        reached = []
        for _ in range(len(controls) + 2):  # out of the page, where a browser has something else
            self.page.keyboard.press("Tab")
            at = self.page.evaluate(_FOCUSED)
            if at["number"] is None:
                continue
            reached.append(at["number"])
            seen = at["by_browser"] or (at["ring_px"] >= 2 and at["contrast"] >= 3)
            if not (seen and at["on_screen"]):
                self.faults.append(f"in focus, which cannot be seen: {controls[at['number']]} {at}")
        in_order = all((after - one) % len(controls) == 1 for one, after in pairwise(reached))
        if not in_order or set(reached) != set(range(len(controls))):
            left = [each for n, each in enumerate(controls) if n not in reached]
            self.faults.append(f"by Tab one comes to {reached}, never to {left}")
        return len(controls)

    def press(self, words: str, key: str) -> None:
        """Go on by Tab to the link or control that begins with these words, and press the key."""
        for _ in range(_MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.textContent").startswith(words):
                self.page.keyboard.press(key)
                return
        raise AssertionError(f"by Tab one never comes to {words!r}")


@contextmanager
def window(browser: Browser, *own: str, scripts: bool = True) -> Iterator[Window]:
    """Yield a window that may ask for what begins with `own`. axe and waiting need scripts."""
    context = browser.new_context(java_script_enabled=scripts)
    yield Window(context.new_page(), own)
    context.close()


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
