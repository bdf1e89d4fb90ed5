"""Does what is built know its commit, and does a checkout tell its own?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from collector import __version__
from collector.cli import main
from collector.cli.version import WRITTEN, Commit, commit_of, version_line

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("collector", "config")
FILES = (".gitignore", "hatch_build.py", "pyproject.toml", "README.md", "LICENSE")
CARRIED = f"collector/{WRITTEN}"

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what a build needs, in no repository."""
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, tree)
    return tree


def git(folder: Path, *words: str) -> str:
    """What git says, whatever the developer's shell and settings are."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    chosen = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": "2026-11-29T01:30:00+02:00",
        "GIT_COMMITTER_DATE": "2026-11-29T01:30:00+02:00",
    }
    named = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    return subprocess.run(
        ["git", *named, *words],
        cwd=folder,
        env=clean | chosen,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def committed(folder: Path) -> str:
    """Make the folder a repository with one commit; its name."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "one")
    return git(folder, "rev-parse", "HEAD")


def built(tree: Path, target: str, **environ: str) -> Path:
    """Build a `wheel`, an `sdist` or a `wheel:editable` in a process of its own, without pip."""
    out = tree.parent / f"{tree.name}-out" / target.replace(":", "-")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)],
        cwd=tree,
        env=os.environ | environ,
        check=True,
        capture_output=True,
    )
    (artifact,) = out.iterdir()
    return artifact


def installed(wheel: Path, where: Path) -> Path:
    """Unpack a wheel as pip would; the folder of its package."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(where)
    return where / "collector"


def names(wheel: Path) -> list[str]:
    """Every file in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@needs_git
def test_a_wheel_knows_its_commit(tree: Path, tmp_path: Path) -> None:
    commit = committed(tree)
    wheel = built(tree, "wheel")
    assert wheel.name == f"landing_collector-{__version__}-py3-none-any.whl"
    package = installed(wheel, tmp_path / "site-packages")
    told = f"collector {__version__} (commit {commit[:12]}, 2026-11-28)"
    assert version_line(__version__, package) == told
    said = subprocess.run(
        [sys.executable, "-m", "collector", "--version"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(package.parent)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert said == told + "\n"
    assert git(tree, "status", "--porcelain") == ""  # the build left nothing in the checkout


@needs_git
def test_a_wheel_made_from_a_source_archive_knows_it_too(tree: Path, tmp_path: Path) -> None:
    commit = committed(tree)
    (tree / "README.md").write_text("changed")
    (tmp_path / "unpacked").mkdir()
    unpack = ["tar", "-xf", str(built(tree, "sdist")), "-C", str(tmp_path / "unpacked")]
    subprocess.run(unpack, check=True)
    (source,) = (tmp_path / "unpacked").iterdir()
    committed(source)  # as where somebody keeps the sources of packages
    package = installed(built(source, "wheel"), tmp_path / "site-packages")
    assert commit_of(package) == Commit(commit, "2026-11-28", changed=True)


@needs_git
def test_an_editable_install_freezes_no_commit(tree: Path) -> None:
    committed(tree)
    assert CARRIED not in names(built(tree, "wheel:editable"))


def test_a_build_outside_of_a_repository_succeeds(tree: Path, tmp_path: Path) -> None:
    wheel = built(tree, "wheel")
    assert CARRIED not in names(wheel)
    package = installed(wheel, tmp_path / "site-packages")
    assert version_line("9.8", package) == "collector 9.8 (commit unknown)"


@needs_git
def test_a_build_without_git_succeeds(tree: Path, tmp_path: Path) -> None:
    committed(tree)
    (tmp_path / "empty").mkdir()
    assert CARRIED not in names(built(tree, "wheel", PATH=str(tmp_path / "empty")))


@needs_git
def test_a_checkout_tells_its_commit_and_changes(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tree / "collector"
    commit = committed(tree)
    monkeypatch.setenv("GIT_DIR", str(tree / "nowhere"))  # as in a git hook
    (tree / "config" / "collector.toml").write_text("")  # what `collector init` writes
    assert version_line("9.8", package) == f"collector 9.8 (commit {commit[:12]}, 2026-11-28)"
    (package / "geo.py").write_text("")
    assert version_line("9.8", package) == (
        f"collector 9.8 (commit {commit[:12]}, 2026-11-28, and uncommitted changes)"
    )


@needs_git
def test_somebody_elses_repository_is_not_asked(tree: Path) -> None:
    package = tree / "collector"
    committed(tree.parent)
    assert commit_of(package) is None  # ours lies within theirs
    (tree / ".git").mkdir()
    assert commit_of(package) is None  # no repository, though it looks like one
    (tree / ".git").rmdir()
    committed(tree)
    assert commit_of(package) is not None
    pyproject = tree / "pyproject.toml"
    pyproject.write_text(pyproject.read_text().replace("landing-collector", "another"))
    assert commit_of(package) is None  # theirs holds a package `collector` too


@needs_git
def test_a_repository_without_a_commit_is_no_mistake(tree: Path) -> None:
    git(tree, "init", "--quiet")
    assert version_line("9.8", tree / "collector") == "collector 9.8 (commit unknown)"


def test_the_command_tells_it() -> None:
    result = CliRunner().invoke(main, ["--version"])
    assert result.exit_code == 0
    assert result.output.startswith(f"collector {__version__} (commit ")
