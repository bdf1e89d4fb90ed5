"""Can everybody read the pages: with little contrast to see, by keyboard, on a phone, on paper?"""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import pairwise

import pytest

from tests.web.browser import PAGES, Outline, Site

READABLE = 4.5
"""The least contrast of text (WCAG 2.2, success criterion 1.4.3, level AA)."""
CSS = files("collector.web").joinpath("templates", "style.css").read_text()
TEXTS = ("ink", "soft", "accent", "good", "warn", "bad", "off")
PAPERS = ("paper", "card")


def schemes() -> dict[str, dict[str, str]]:
    """Return the colours of each scheme by name."""
    light, dark = re.findall(r":root \{(.*?)\n *\}", CSS, re.DOTALL)[:2]
    return {
        name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for name, block in (("light", light), ("dark", dark))
    }


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 … 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_every_paper(scheme: str) -> None:
    colours = schemes()[scheme]
    pairs = [(text, paper) for text in TEXTS for paper in PAPERS]
    pairs += [("ink", "good-wash"), ("ink", "warn-wash"), ("ink", "bad-wash"), ("soft", "bad-wash")]
    weak = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in pairs
        if contrast(colours[pair[0]], colours[pair[1]]) < READABLE
    }
    assert not weak


def test_no_text_is_dimmed() -> None:
    assert not re.search(r"[^-]opacity: (?!1)", CSS)


def test_every_page_has_one_title_headings_in_order_and_a_way_past_the_links(site: Site) -> None:
    for page in (*PAGES, "/landings/600866-2026-11-18-1", "/glossary", "/no/such/page"):
        html = site.get(page).text
        levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
        assert levels[0] == 1, page
        assert levels.count(1) == 1, page
        steps = [after - before for before, after in pairwise(levels)]
        assert all(step <= 1 for step in steps), (page, levels)
        assert html.index('class="skip" href="#content"') < html.index("<nav")
        assert '<main id="content">' in html
        assert (
            len(re.findall(r'<svg (?![^>]*(?:role="img" aria-label="[^"]|aria-hidden))', html)) == 0
        )
        assert html.count('<div class="wide"') == html.count('<div class="wide" tabindex="0" role')
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids)), page


def test_a_chart_says_in_words_what_it_shows(site: Site) -> None:
    html = site.get("/").text
    (phone, screen) = re.findall(r'<svg class="chart (\w+)"[^>]*aria-label="([^"]+)"', html)
    assert (phone[0], screen[0], phone[1]) == ("phone", "screen", screen[1])
    assert phone[1].startswith("Silk Way Il-76s at Ovda, by week, week 44 of 2026 to week 47 of")
    assert "The most were in week 47 of 2026: at least 2 landings, perhaps 3." in phone[1]
    assert "alert: 2" in Outline(html).text


def test_paper_shows_no_menus_but_the_addresses_of_links() -> None:
    printed = CSS.partition("@media print")[2]
    assert "header nav" in printed
    assert "attr(href)" in printed
