"""From which commit does this collector come? A build wrote it down; in a checkout git knows.

`hatch_build.py` loads this file while the package is being built, when nothing else of it can be
imported: so it imports the standard library alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from pathlib import Path
from typing import NamedTuple

WRITTEN = "_build.json"
"""The file in the package's folder into which a build writes the commit."""

_DISTRIBUTION = "landing-collector"
_PACKAGE = Path(__file__).resolve().parents[1]
_PATIENCE_S = 3.0
_FORMAT = "--format=%H %cd"
_DAY = "--date=format-local:%Y-%m-%d"


class Commit(NamedTuple):
    """A commit, its day in UTC, and whether tracked files differed from it."""

    id: str
    date: str
    changed: bool

    def __str__(self) -> str:
        changes = ", and uncommitted changes" if self.changed else ""
        return f"{self.id[:12]}, {self.date}{changes}"


def commit_of(package: Path = _PACKAGE) -> Commit | None:
    """Return the commit that the package in this folder comes from, if anything tells it."""
    try:
        return Commit(**json.loads((package / WRITTEN).read_text()))
    except FileNotFoundError:
        return _asked(package.parent)


def version_line(version: str, package: Path = _PACKAGE) -> str:
    """Compose what `collector --version` prints."""
    return f"collector {version} (commit {commit_of(package) or 'unknown'})"


def _asked(root: Path) -> Commit | None:
    """Ask git, if this folder is the top of a checkout of ours."""
    if not (root / ".git").exists() or not _ours(root):
        return None
    try:
        said = _git(root, "-c", "log.showSignature=false", "log", "-1", _FORMAT, _DAY)
        changes = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None  # no git, no commit yet, somebody else's folder, or a disk that is too slow
    commit, date = said.split()
    return Commit(commit, date, bool(changes))


def _ours(root: Path) -> bool:
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text())
    except (OSError, ValueError):
        return False
    return bool(project.get("project", {}).get("name") == _DISTRIBUTION)


def _git(root: Path, *words: str) -> str:
    # Neither a repository that a git hook has named nor one further up is meant.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environ |= {"GIT_CEILING_DIRECTORIES": str(root.parent), "TZ": "UTC", "LC_ALL": "C"}
    return subprocess.run(  # noqa: S603 (the words are ours)
        ["git", "--no-optional-locks", *words],  # noqa: S607 (git of the operator's own PATH)
        cwd=root,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=_PATIENCE_S,
    ).stdout
