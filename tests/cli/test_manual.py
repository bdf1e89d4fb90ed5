"""Does the man page name every command, in roff that prints as it is meant?"""

from __future__ import annotations

import re
import shutil
import subprocess

import click
import pytest

from collector.cli import main
from collector.cli.manual import manual
from collector.cli.reference import commands_below

MAN = shutil.which("man")


def test_it_names_every_command_and_only_macros_begin_with_a_dot() -> None:
    page = manual()
    root = click.Context(main, info_name="collector")
    named = re.findall(r"(?m)^\.B (.*)$", page)
    for context in commands_below(root):
        name = context.command_path.removeprefix("collector ")
        assert name.replace("-", "\\-") in named
    assert set(re.findall(r"(?m)^\.(\w+)", page)) == {"TH", "SH", "B", "PP", "TP"}
    assert not re.search(r"(?m)[^\\]-", page.partition("\n")[2])


@pytest.mark.skipif(MAN is None, reason="no man on this machine: apt-get install man-db")
def test_man_prints_it_without_a_warning() -> None:
    words = [str(MAN), "--warnings", "-P", "cat", "-l", "-"]
    done = subprocess.run(words, input=manual(), capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "As a service, collector run is started by systemd" in " ".join(done.stdout.split())
