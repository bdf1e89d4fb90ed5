"""Does each test exist that the page about threats names, and is each threat held by one?"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "threats.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def test_every_test_that_the_page_names_exists() -> None:
    assert len(NAMED) >= 30
    missing = []
    for file, name in NAMED:
        path = ROOT / file
        tree = ast.parse(path.read_text()) if path.exists() else ast.parse("")
        if name not in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}:
            missing.append(f"{file}::{name}")
    assert missing == []


def test_every_threat_is_held_by_a_test() -> None:
    tables = [table.splitlines() for table in PAGE.split("\n\n") if table.startswith("| threat |")]
    threats = [line for _, _, *rows in tables for line in rows]
    assert len(threats) >= 20
    assert [line for line in threats if "`tests/" not in line.split(" | ")[-1]] == []
