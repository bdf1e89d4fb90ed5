"""Draw the pictures of the documents: mails and pages of the demo, as a browser shows them.

`make pictures` runs it: it simulates the season of `collector demo` into a temporary folder, opens
its mails and pages in a headless Chromium, and writes docs/pictures.md with its PNG files, and
those of the README. Chromium must be installed; nothing else is asked of the network.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from collector.cli import logs
from collector.demo import SEASON, SeasonClock, begin_folder, simulate, write_as_pages
from collector.web.server import page_meanwhile

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DOCS = Path(__file__).parent.parent / "docs"
FOLDER = DOCS / "pictures"
LARGEST_BYTES, MOST_BYTES = 200_000, 2_500_000
"""Of one picture, and of all."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
COLOURS = 256
"""Fewer turn blue and brown lines grey; a file with a palette is a third as large."""
GAP_PX, BEHIND = 16, "#808080"
"""Between two looks in one picture, and the colour there."""

SCREEN, PHONE = (1000, "light"), (375, "dark")
LOOKS = (SCREEN, PHONE)
PHONES = ((375, "light"), (375, "dark"))
LANDING = "/landings/d0de02-2025-09-26-1"


@dataclass(frozen=True, slots=True)
class View:
    """One picture: what is opened, what stands below it, and how it is looked at."""

    name: str
    address: str
    """A path of the page, or the beginning of a mail's file name."""
    says: str = ""
    """What there is to see, for docs/pictures.md; empty if it is shown in the README alone."""
    looks: tuple[tuple[int, str], ...] = LOOKS
    """The widths in pixels, and light or dark."""
    highest_px: int = 1000


README = (
    View("mail", "digest-2025-W41", looks=((375, "light"),)),
    View("page", "/", looks=(SCREEN,), highest_px=900),
)
MAILS = (
    View(
        "digest",
        "digest-2025-W41",
        "The digest of a week with a burst of landings. What counts stands above the heading More, "
        "in two screens of a phone.",
        PHONES,
        1624,
    ),
    View(
        "digest-blind",
        "digest-2025-W42",
        "The digest of a week in which nothing could be seen, and a correction of the week before.",
        PHONES,
        1624,
    ),
    View(
        "alert", "alerts-demo-2025-10-08", "An alert, and what could still change it.", PHONES, 1624
    ),
    View(
        "cited-mail",
        "cited-",
        "A number that was cited is not what it was: the mail to whoever may have to correct it.",
        PHONES,
    ),
    View("mail-on-a-screen", "digest-2025-W43", "A digest on a screen.", (SCREEN,), 1300),
)
READERS = (
    View("week", "/", "The first page: this week in a sentence, and the weeks before it."),
    View("weeks", "/weeks", "All weeks of a year, as a chart and as a table."),
    View("landings", "/landings", "All landings, by watch, place, grade and period."),
    View(
        "landing",
        LANDING,
        "One landing: its track, and all that speaks for it and against it.",
        LOOKS,
        1500,
    ),
    View("aircraft", "/aircraft", "Each airframe's year."),
    View("airframe", "/aircraft/d0de02", "All landings of one aircraft."),
    View("alerts", "/alerts", "What the rules found."),
    View("corrections", "/corrections", "What was said otherwise before, and since when."),
    View("cited", "/cited", "Numbers that were cited, and whether they still hold."),
    View("coverage", "/coverage", "How much could be seen on each day."),
    View("glossary", "/glossary", "What the words mean."),
)
OPERATORS = (
    View("operator", "/operator", "The state of everything."),
    View("operator-feeds", "/operator/feeds", "Which feed answered, and whom it received."),
    View("operator-mails", "/operator/mails", "What was mailed, and what waits."),
    View("operator-followed", "/operator/followed", "Who is followed by address."),
    View("operator-visitors", "/operator/visitors", "Landings of aircraft that no watch names."),
    View("operator-reviews", "/operator/reviews", "What persons decided about landings."),
)
PARTS = (("The mails", MAILS), ("For readers", READERS), ("For operators", OPERATORS))


def main() -> int:
    """Draw every picture; return 1 if they are too large, 2 without a browser."""
    from playwright.sync_api import sync_playwright

    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        print(f"none of {', '.join(BROWSERS)} is installed", file=sys.stderr)
        return 2
    logs.configure("warning")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with tempfile.TemporaryDirectory() as made:
        done = simulate(begin_folder(Path(made) / "demo"))
        mails = write_as_pages(done.mails)
        clock = SeasonClock(SEASON.shown_at)
        with page_meanwhile(done.settings, "127.0.0.1", 0, clock) as site, sync_playwright() as pw:
            sandbox = [] if os.geteuid() else ["--no-sandbox"]  # it refuses to work for root
            browser = pw.chromium.launch(executable_path=found, args=sandbox)
            for view in (*README, *(each for _, views in PARTS for each in views)):
                if view.address.startswith("/"):
                    url = site.rstrip("/") + view.address
                else:
                    url = next(p for p in mails if p.name.startswith(view.address)).as_uri()
                _draw(browser, url, view)
            browser.close()
    (DOCS / "pictures.md").write_text("\n".join(_page()), encoding="utf-8")
    sizes = {path.name: path.stat().st_size for path in sorted(FOLDER.iterdir())}
    for name, size in sizes.items():
        print(f"docs/pictures/{name}: {size / 1000:.0f} kB")
    print(f"all: {sum(sizes.values()) / 1000:.0f} kB")
    return int(max(sizes.values()) > LARGEST_BYTES or sum(sizes.values()) > MOST_BYTES)


def _draw(browser: Browser, url: str, view: View) -> None:
    """Draw one view: its looks side by side."""
    shots = [_shot(browser, url, look, view.highest_px) for look in view.looks]
    width = sum(shot.width for shot in shots) + GAP_PX * (len(shots) - 1)
    sheet = Image.new("RGB", (width, max(shot.height for shot in shots)), BEHIND)
    left = 0
    for shot in shots:
        sheet.paste(shot, (left, 0))
        left += shot.width + GAP_PX
    small = sheet.quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(FOLDER / f"{view.name}.png", optimize=True)


def _shot(browser: Browser, url: str, look: tuple[int, str], highest_px: int) -> Image.Image:
    width, scheme = look
    wanted: Any = scheme
    page = browser.new_page(viewport={"width": width, "height": 200}, color_scheme=wanted)
    page.goto(url, wait_until="load")
    height = min(highest_px, page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": height})
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    return shot


def _page() -> Iterator[str]:
    """Yield the lines of docs/pictures.md."""
    yield "# Pictures"
    yield ""
    yield (
        "Every page and both mails, as a browser shows them: on a screen, light, and on a phone, "
        "dark; the mails on a phone, light and dark. Long ones are cut off. Everything in them is "
        "simulated by `collector demo`, and `make pictures` draws them anew."
    )
    for title, views in PARTS:
        yield ""
        yield f"## {title}"
        for view in views:
            yield ""
            yield view.says
            yield ""
            yield f"![{view.says}](pictures/{view.name}.png)"
    yield ""


if __name__ == "__main__":
    sys.exit(main())
