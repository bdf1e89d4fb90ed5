"""Does a wrong import really fail? Each is planted in a copy of the package and must be caught."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

WRONG = {
    "a pure room upwards": ("tracking", "import collector.landings"),
    "a noun upwards": ("geo.py", "import collector.tracking"),
    "one sibling the other": ("mail", "import collector.recording"),
    "a reading room a writing one": ("queries", "import collector.pipeline"),
    "a step the container of services": ("polling", "import collector.services"),
    "the page those who mail": ("web", "import collector.notify"),
    "httpx outside http.py": ("feeds", "import httpx"),
    "a retry outside http.py": ("mail", "import tenacity"),
    "a database in a pure room": ("alerts", "import sqlite3"),
    "mail from the store": ("store", "import smtplib"),
    "a room nobody placed": ("nowhere.py", '"""A module no layer names."""'),
}


def check(tree: Path) -> subprocess.CompletedProcess[str]:
    """`lint-imports` over a copy of the package."""
    command = "from importlinter.cli import lint_imports_command as main; main()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(
        ROOT / "collector", tmp_path / "collector", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_the_package_keeps_its_order(tree: Path) -> None:
    result = check(tree)
    assert result.returncode == 0, result.stdout


def test_every_wrong_import_fails(tree: Path) -> None:
    for place, line in WRONG.values():
        file = tree / "collector" / (place if place.endswith(".py") else f"{place}/__init__.py")
        with file.open("a") as out:
            out.write(f"\n{line}\n")
    result = check(tree)
    assert result.returncode == 1
    told = " ".join(result.stdout.split())
    for wrong, (place, line) in WRONG.items():
        found = f"collector.{place.removesuffix('.py')} -> {line.removeprefix('import ')}"
        assert (found if line.startswith("import") else "collector.nowhere") in told, wrong
