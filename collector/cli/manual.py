"""What does `man collector` say? Every command in a line, where files lie, and what codes mean.

`python -m collector.cli.manual` prints the page as roff (man(7)), for the Debian package. What a
command takes, its own `--help` says.
"""

from __future__ import annotations

import sys

import click

from collector import __version__
from collector.cli import main
from collector.cli.reference import commands_below

_SERVICE = (
    "As a service, collector run is started by systemd: systemctl status collector says how it "
    "does. Each command prints its options with --help."
)
_FILES = (
    ("/etc/collector/collector.toml", "The configuration; collector init writes one."),
    ("/etc/collector/credentials/", "Secrets, a file each, for systemd's LoadCredential."),
    ("/etc/collector/fleets/", "Fleet files that replace or add to the shipped ones."),
    ("/var/lib/collector/", "The service's database, recordings and mails."),
    ("/var/lib/collector-backups/", "The last nights' backups."),
)
_CODES = (
    ("0", "Done."),
    ("1", "Failed, or something could not be read; the rest is done."),
    ("2", "Wrong usage."),
    ("75", "Failed for a reason that may pass: a full disk, a locked database."),
    ("78", "Wrong configuration; all mistakes are listed."),
)


def manual() -> str:
    """Return the page in roff."""
    root = click.Context(main, info_name="collector")
    lines = [
        f'.TH COLLECTOR 1 "" "landing-collector {__version__}" "User Commands"',
        ".SH NAME",
        "collector \\- counts the landings of chosen aircraft at chosen airfields",
        ".SH SYNOPSIS",
        ".B collector",
        "[\\-\\-config FILE] COMMAND [OPTIONS]...",
        ".SH DESCRIPTION",
        _plain(root.command.help or ""),
        ".PP",
        _plain(_SERVICE),
        ".SH COMMANDS",
    ]
    for context in commands_below(root):
        name = context.command_path.removeprefix("collector ")
        lines += _item(name, context.command.get_short_help_str(limit=200))
    lines.append(".SH FILES")
    for path, text in _FILES:
        lines += _item(path, text)
    lines.append(".SH EXIT STATUS")
    for code, text in _CODES:
        lines += _item(code, text)
    lines += [".SH SEE ALSO", _plain("/usr/share/doc/landing-collector/docs/operating.md"), ""]
    return "\n".join(lines)


def _item(name: str, text: str) -> list[str]:
    return [".TP", f".B {_plain(name)}", _plain(text)]


def _plain(text: str) -> str:
    """Return text that roff prints as it is.

    >>> _plain(".a -b \\\\c")
    '\\\\&.a \\\\-b \\\\ec'
    """
    one = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{one}" if one[:1] in (".", "'") else one


if __name__ == "__main__":
    sys.stdout.write(manual())
