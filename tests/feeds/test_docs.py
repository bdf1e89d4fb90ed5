"""Do docs/feeds.md and docs/feed-formats.md say what the code does, and does the code cite them?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from collector.feeds import KINDS

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
PAGES = ("feeds.md", "feed-formats.md", "archives.md")


@pytest.mark.parametrize("name", KINDS)
def test_the_table_of_feeds_is_true(name: str) -> None:
    kind = KINDS[name]
    (row,) = [
        line for line in DOCS.splitlines() if line.startswith("| ") and f"| `{name}` |" in line
    ]
    assert kind.terms.url in row
    assert kind.terms.attribution.partition(" (")[0] in row
    assert ("consent" in row) is kind.terms.needs_consent
    assert kind.per_day is None or f"{kind.per_day:,} " in row
    for key in kind.needs:
        assert f"`{key}`" in row
    if kind.per_day is not None and name != "adsbexchange":
        assert f"{kind.spacing.total_seconds():g} s apart" in row


def anchors(page: str) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", (ROOT / "docs" / page).read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES)
def test_every_anchor_that_the_code_names_is_there(page: str) -> None:
    known = anchors(page)
    for file in sorted((ROOT / "collector").rglob("*.py")):
        for anchor in re.findall(rf"docs/{page}#([a-z0-9-]+)", file.read_text("utf-8")):
            assert anchor in known, file
