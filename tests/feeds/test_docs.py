"""Does docs/feeds.md tell operators what the code does?"""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.feeds import KINDS

DOCS = (Path(__file__).parents[2] / "docs" / "feeds.md").read_text(encoding="utf-8")


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
