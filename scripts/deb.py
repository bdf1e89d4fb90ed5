"""How is the Debian package built? `python -m scripts.deb FOLDER` does, without root.

The requirements are pinned, so they do not come from Debian but lie in the package, in the manner
of dh-virtualenv: a virtual environment in /opt/collector, where operating.md puts it and the units
look. It runs on the Python of the Debian that it is built on, and states so in `Depends`.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from collector import __version__

ROOT = Path(__file__).resolve().parents[1]
PYTHON = "/usr/bin/python3"
"""Debian's own: one in a home folder is invisible to the service."""
HOME = "opt/collector"
DOC = "usr/share/doc/landing-collector"
CONTROL = """\
Package: landing-collector
Version: {version}
Architecture: {architecture}
Maintainer: The maintainers of the landing collector <root@localhost>
Installed-Size: {kib}
Depends: python3 (>= {python}), python3 (<< {next_python}), systemd, ca-certificates
Section: net
Priority: optional
Description: count the landings of chosen aircraft at chosen airfields
 Watches public flight-tracking feeds, counts landings by week with their evidence, and tells by
 mail when a week is unusual. Nothing is polled before it is configured and started.
"""
COMPLETIONS = {
    "bash": "usr/share/bash-completion/completions/collector",
    "zsh": "usr/share/zsh/vendor-completions/_collector",
    "fish": "usr/share/fish/vendor_completions.d/collector.fish",
}


def build(folder: Path, version: str) -> Path:
    """Build the package into a folder and return its path. Raises subprocess.CalledProcessError."""
    with TemporaryDirectory(prefix="collector-deb-") as given:
        tree = Path(given, "tree")
        tree.mkdir(mode=0o755)
        _environment(tree, Path(given))
        _units(tree)
        _texts(tree)
        _control(tree, version)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"landing-collector_{version}_{_said('dpkg', '--print-architecture')}.deb"
        _run("dpkg-deb", "--root-owner-group", "-Zgzip", "--build", str(tree), str(path))
    return path


def _environment(tree: Path, folder: Path) -> None:
    """Put the virtual environment with the collector and its requirements into the tree."""
    home = tree / HOME
    _run(PYTHON, "-m", "venv", "--without-pip", str(home))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    wheels = folder / "wheels"
    _run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(ROOT))
    into = [*pip, "--python", str(home / "bin" / "python"), "install", "--no-compile"]
    _run(*into, "--require-hashes", "-r", str(ROOT / "requirements.lock"))
    _run(*into, "--no-deps", *map(str, wheels.iterdir()))
    for name in ("activate", "activate.csh", "activate.fish", "Activate.ps1"):
        (home / "bin" / name).unlink(missing_ok=True)
    for script in (home / "bin").iterdir():
        if not script.is_symlink():
            text = script.read_bytes()
            script.write_bytes(text.replace(os.fsencode(tree), b"", 1))
    settings = home / "pyvenv.cfg"
    kept = [line for line in settings.read_text().splitlines() if str(tree) not in line]
    settings.write_text("\n".join(kept) + "\n")
    # Compiled here, so that dpkg knows every file and removes it; the paths are those of later.
    library = home / "lib"
    compiled = ("-m", "compileall", "-q", "-s", str(tree), "-p", "/", str(library))
    subprocess.run([PYTHON, *compiled], check=False)  # some packages hold tests of wrong syntax
    link = tree / "usr" / "bin" / "collector"
    link.parent.mkdir(parents=True)
    link.symlink_to(f"/{HOME}/bin/collector")


def _units(tree: Path) -> None:
    units = tree / "lib" / "systemd" / "system"
    units.mkdir(parents=True)
    for unit in (ROOT / "systemd").glob("collector*"):
        text = unit.read_text().replace("/usr/local/share/doc/collector/", f"/{DOC}/docs/")
        (units / unit.name).write_text(text)
    (tree / "etc" / "collector" / "credentials").mkdir(parents=True)
    example = (ROOT / "config" / "collector.example.toml").read_text()
    (tree / "etc" / "collector" / "collector.toml").write_text(example)


def _texts(tree: Path) -> None:
    """Put pages, the man page and the completions into the tree."""
    pages = tree / DOC / "docs"
    shutil.copytree(ROOT / "docs", pages, ignore=shutil.ignore_patterns("pictures"))
    shutil.copy(ROOT / "LICENSE", tree / DOC / "copyright")
    _gzipped(tree / DOC / "changelog.gz", (ROOT / "CHANGELOG.md").read_text())
    python = str(tree / HOME / "bin" / "python")
    page = tree / "usr" / "share" / "man" / "man1" / "collector.1.gz"
    page.parent.mkdir(parents=True)
    _gzipped(page, _said(python, "-m", "collector.cli.manual") + "\n")
    for shell, place in COMPLETIONS.items():
        words = {"_COLLECTOR_COMPLETE": f"{shell}_source"}
        text = _said(python, str(tree / HOME / "bin" / "collector"), environ=words)
        (tree / place).parent.mkdir(parents=True)
        (tree / place).write_text(text + "\n")


def _control(tree: Path, version: str) -> None:
    control = tree / "DEBIAN"
    control.mkdir(mode=0o755)
    for script in ("preinst", "postinst", "prerm", "postrm"):
        shutil.copy(ROOT / "debian" / script, control)
        (control / script).chmod(0o755)
    (control / "conffiles").write_text("/etc/collector/collector.toml\n")
    for path in tree.rglob("*"):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)
    (tree / "etc" / "collector" / "credentials").chmod(0o700)
    kib = int(
        _said("du", "--summarize", "--apparent-size", "--block-size=1K", str(tree)).split()[0]
    )
    major, minor = re.findall(r"\d+", _said(PYTHON, "--version"))[:2]
    (control / "control").write_text(
        CONTROL.format(
            version=version,
            architecture=_said("dpkg", "--print-architecture"),
            kib=kib,
            python=f"{major}.{minor}",
            next_python=f"{major}.{int(minor) + 1}",
        )
    )


def _gzipped(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def _said(*words: str, environ: dict[str, str] | None = None) -> str:
    run = subprocess.run(
        words, check=True, capture_output=True, text=True, env=os.environ | (environ or {}), cwd="/"
    )
    return run.stdout.rstrip("\n")


def main() -> None:
    """Build the package that the command line asks for, and print its path."""
    parser = argparse.ArgumentParser(prog="python -m scripts.deb")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", default=f"{__version__}-1")
    chosen = parser.parse_args()
    print(build(chosen.folder, chosen.version))


if __name__ == "__main__":
    main()
