"""Does every command explain itself, and is docs/commands.md what the commands say?"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from collector.cli import COMMANDS, main
from collector.cli.reference import reference

ROOT = Path(__file__).resolve().parents[2]


def commands(parent: click.Context) -> Iterator[tuple[str, click.Context]]:
    """Every command and subcommand, by its path without `collector`."""
    group = parent.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        assert command is not None, name
        context = click.Context(command, info_name=name, parent=parent)
        yield context.command_path.removeprefix("collector "), context
        if isinstance(command, click.Group):
            yield from commands(context)


EVERY = dict(commands(click.Context(main, info_name="collector")))


def is_sentence(text: str) -> bool:
    return text[:1].isupper() and text.endswith(".") and "..." not in text


def test_the_commands_and_their_help_lines_are_listed() -> None:
    top = CliRunner().invoke(main, ["--help"], terminal_width=80)
    assert top.exit_code == 0
    longest = max(map(len, COMMANDS))
    for name, line in COMMANDS.items():
        assert f"  {name:{longest}}  {line}\n" in top.output
        assert EVERY[name].command.get_short_help_str(limit=80) == line


@pytest.mark.parametrize("path", EVERY)
def test_every_command_has_help_that_fits_a_terminal(path: str) -> None:
    done = CliRunner().invoke(main, [*path.split(), "--help"], terminal_width=80)
    assert done.exit_code == 0
    assert "Usage" in done.output
    assert all(len(line) <= 80 for line in done.output.splitlines())


@pytest.mark.parametrize("path", EVERY)
def test_every_help_line_is_a_sentence(path: str) -> None:
    command = EVERY[path].command
    assert is_sentence(command.get_short_help_str(limit=80))
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        assert is_sentence(paragraph)
    for option in command.params:
        if isinstance(option, click.Option):
            assert is_sentence(option.help or ""), option.name


@pytest.mark.parametrize("group", ["backfill", "alerts", "rules", "outbox", "db"])
def test_no_line_of_a_groups_help_is_cut_off(group: str) -> None:
    done = CliRunner().invoke(main, [group, "--help"], terminal_width=80)
    assert done.exit_code == 0
    assert "..." not in done.output.partition("Commands:")[2]


def test_the_page_of_commands_is_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    page = ROOT / "docs/commands.md"
    assert page.read_text("utf-8") == reference(), (
        "run: python -m collector.cli.reference > docs/commands.md"
    )


def test_no_command_imports_another() -> None:
    """Only `backfill` does, which joins its subcommands; what commands share is no command."""
    folder = ROOT / "collector/cli"
    subcommands = {"traces", "globe_history", "arrivals", "sightings"}
    modules = {*COMMANDS, *(f"backfill_{name}" for name in subcommands)}
    for module in modules - {"backfill"}:
        tree = ast.parse((folder / f"{module}.py").read_text("utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not imported & {f"collector.cli.{other}" for other in modules}, module
