"""Do the lock files, the README and the pages say what is so?"""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from collector import __version__
from collector.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-test.lock")
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])


def name_of(requirement: str) -> str:
    """`Flask>=3.1` → `flask`."""
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def locked(lock: str) -> dict[str, str]:
    """Each package of a lock file with the lines that belong to it."""
    found: dict[str, str] = {}
    name = ""
    for line in (ROOT / lock).read_text().splitlines():
        if line and line[0] not in "# ":
            name = name_of(line)
        found[name] = found.get(name, "") + line + "\n"
    found.pop("", None)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes_and_comes_from_the_registry(lock: str) -> None:
    for name, lines in locked(lock).items():
        assert "==" in lines, name
        assert "--hash=sha256:" in lines, name
    text = (ROOT / lock).read_text()
    assert not re.search(r"(?m)://|^-|--(extra-)?index|--find-links|file:|@ ", text)


def test_the_locks_hold_what_the_project_needs() -> None:
    groups = PROJECT["dependency-groups"]
    run = {name_of(each) for each in [*PROJECT["project"]["dependencies"], *groups["build"]]}
    assert run <= set(locked(LOCKS[0]))
    own = [each for each in groups["dev"] if isinstance(each, str)]  # the others include a group
    dev = [*own, *groups["bench"], *groups["test"]]
    assert run | {name_of(each) for each in dev} <= set(locked(LOCKS[1]))
    assert run | {name_of(each) for each in groups["test"]} <= set(locked(LOCKS[2]))


def test_the_second_lock_agrees_with_the_others() -> None:
    def versions(lock: str) -> dict[str, set[str]]:
        text = locked(lock)
        return {name: set(re.findall(r"==([\w.]+) ?[;\\]", lines)) for name, lines in text.items()}

    second = versions(LOCKS[1])
    for lock in (LOCKS[0], LOCKS[2]):
        for name, chosen in versions(lock).items():
            assert second[name] == chosen, (lock, name)


def test_one_version() -> None:
    assert PROJECT["project"]["version"] == __version__


def commands_in(pages: Iterable[Path]) -> set[str]:
    """Every word that follows `collector` in code, in any page."""
    found = set()
    for page in pages:
        text = page.read_text()
        code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"(?m)^    (.+)$", text)
        for line in code:
            pattern = r"(?:^|/|\s)collector(?: --config \S+)? ([a-z]+)"
            found |= set(re.findall(pattern, line))
    return found


def test_pages_promise_only_commands_that_exist() -> None:
    assert commands_in(PAGES) <= set(COMMANDS)


def test_the_commands_that_pages_and_mails_name_can_be_given() -> None:
    """`outbox retry` alone is wrong usage: the keys, or --all, belong to it."""
    texts = [page.read_text() for page in PAGES if page.name not in ("commands.md", "CHANGELOG.md")]
    texts += [file.read_text() for file in (ROOT / "collector" / "reports").rglob("*.py")]
    assert not [found for text in texts for found in re.findall(r"`collector outbox retry`", text)]


def test_the_modules_that_the_map_names_exist() -> None:
    named = re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", (ROOT / "docs" / "design.md").read_text())
    gone = {each for each in named if not (ROOT / "collector" / each).exists()}
    assert {each for each in gone if not (ROOT / each).exists()} == {"pipeline/pipeline.py"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("tracked", [False, True], ids=["archive", "checkout"])
def test_lint_refuses_the_marks_of_an_unfinished_merge(tmp_path: Path, tracked: bool) -> None:
    if shutil.which("make") is None or (tracked and shutil.which("git") is None):
        pytest.skip("make or git is missing on this machine")

    def refused() -> str:
        if tracked:
            subprocess.run(["git", "add", "--all"], cwd=tmp_path, check=True)
        result = subprocess.run(
            ["make", "--no-print-directory", "merge-marks"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (result.returncode == 0) == (result.stdout == ""), result.stderr
        return result.stdout.removeprefix("./")

    if tracked:
        subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    shutil.copy(ROOT / "Makefile", tmp_path)
    page = tmp_path / "page.md"
    page.write_text("Title\n=======\n\n    <<<<<<< quoted\n")
    assert refused() == ""
    for mark in ("<" * 7 + " HEAD", ">" * 7 + " theirs", "<" * 7):
        page.write_text(f"Title\n{mark}\n")
        assert refused() == f"page.md:2:{mark}\n"


def test_the_make_targets_of_the_pages_exist() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text()))
    pattern = r"(?m)(?:`|^    )make ([a-z-]+)"
    named = {target for page in PAGES for target in re.findall(pattern, page.read_text())}
    assert named <= targets
