"""Draw the pictures of the README: a mail and pages of the demo, as a browser shows them.

`make pictures` runs it: it simulates the season of `collector demo` into a temporary folder, opens
its mails and pages in a headless Chromium, and writes PNG files into docs/pictures/. Chromium must
be installed; nothing else is asked of the network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from collector.cli import logs
from collector.demo import SEASON, DemoResult, SeasonClock, begin_folder, simulate, write_as_pages
from collector.web import create_app, serve

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
LARGEST_BYTES = 150_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
COLOURS = 256
"""Fewer turn blue and brown lines grey; a file with a palette is a third as large."""


@dataclass(frozen=True, slots=True)
class View:
    """One picture: what is opened, and how large the window is, in pixels."""

    name: str
    address: str
    """A path of the page, or the beginning of a mail's file name."""
    width: int
    height: int


VIEWS = (
    View("mail", "digest-2025-W41", 375, 1000),
    View("page", "/", 1000, 900),
    View("evidence", "/landings/d0de02-2025-09-26-1", 1000, 1100),
)


def main() -> int:
    """Draw every picture; return 1 if one is too large, 2 without a browser."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        print(f"none of {', '.join(BROWSERS)} is installed", file=sys.stderr)
        return 2
    logs.configure("warning")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        done = simulate(begin_folder(Path(made) / "demo"))
        pages = write_as_pages(done.mails)
        with _served(done) as site:
            for view in VIEWS:
                if view.address.startswith("/"):
                    url = site + view.address
                else:
                    url = next(p for p in pages if p.name.startswith(view.address)).as_uri()
                _draw(browser, url, view, Path(made))
    sizes = {view.name: (FOLDER / f"{view.name}.png").stat().st_size for view in VIEWS}
    for name, size in sizes.items():
        print(f"docs/pictures/{name}.png: {size / 1000:.0f} kB")
    return int(max(sizes.values()) > LARGEST_BYTES)


@contextmanager
def _served(done: DemoResult) -> Iterator[str]:
    """Serve the pages at the end of the season; yield their address."""
    stop, ready, ports = threading.Event(), threading.Event(), list[int]()

    def opened(port: int) -> None:
        ports.append(port)
        ready.set()

    app = create_app(done.settings.database, done.settings, SeasonClock(SEASON.shown_at))
    thread = threading.Thread(
        target=serve, args=(app, "127.0.0.1", 0, stop), kwargs={"ready": opened}
    )
    thread.start()
    try:
        if not ready.wait(20):
            sys.exit("the page does not answer")
        yield f"http://127.0.0.1:{ports[0]}"
    finally:
        stop.set()
        thread.join()


def _draw(browser: str, url: str, view: View, folder: Path) -> None:
    shot = folder / f"{view.name}.png"
    words = [
        browser,
        "--headless=new",
        "--hide-scrollbars",
        "--disable-gpu",
        f"--user-data-dir={folder / 'browser'}",
        f"--window-size={view.width},{view.height}",
        f"--screenshot={shot}",
    ]
    if os.geteuid() == 0:
        words.append("--no-sandbox")  # Chromium's sandbox refuses to work for root
    subprocess.run([*words, url], check=True, capture_output=True, timeout=120)
    with Image.open(shot) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(FOLDER / f"{view.name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
