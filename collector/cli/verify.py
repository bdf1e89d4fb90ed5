"""Can an evidence pack be believed? `verify` compares its sums and derives the landing again."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import Invocation
from collector.cli.output import Problems, emit, folded, json_option

if TYPE_CHECKING:
    from collector.audit.evidence_checks import Checked


@click.command()
@click.argument(
    "path", metavar="PACK", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@json_option
@click.pass_obj
def verify(invocation: Invocation, path: Path, *, as_json: bool) -> None:
    """Check an evidence pack, and derive its landing again.

    No network, configuration or database is needed. Every file must be there, unchanged, and listed
    in SHA256SUMS; every reply must be readable, and as many as the pack states. Then the landing
    is derived again from the pack's replies, and airfield, grade and touchdown are compared. A pack
    that was made by other rules is not derived again, and says so. Exit code 0: nothing speaks
    against the pack; 1: it was altered, is damaged or refused, or gives another landing.
    """
    from collector.audit.evidence_checks import check_pack
    from collector.cli import logs

    logs.configure(invocation.level)
    checked = check_pack(path, Problems())
    emit([_row(path, checked)], as_json=as_json, text=lambda: _text(path, checked))
    if not checked.holds:
        raise click.exceptions.Exit(1)


def _row(path: Path, checked: Checked) -> dict[str, Any]:
    summary = checked.summary
    return {
        "pack": str(path),
        "holds": checked.holds,
        "outcome": checked.outcome.value,
        "problems": list(checked.problems),
        "files": checked.files,
        "landing": None if summary is None else summary.landing,
        "edition": None if summary is None else summary.edition.value,
        "rules_version": None if summary is None else summary.rules_version,
        "stored": None if summary is None else _plain(summary.stored),
        "derived": None if summary is None else _plain(summary.derived),
        "found": _plain(checked.found),
        "different": list(checked.different),
        "sealed": checked.sealed,
        "stamped": list(checked.stamped),
    }


def _plain(finding: Any) -> dict[str, Any] | None:
    from collector.reports.formatting import iso_z

    if finding is None:
        return None
    return asdict(finding) | {"touchdown_at": iso_z(finding.touchdown_at)}


def _parts(different: Sequence[str]) -> str:
    """Return what differs: `the grade`, `the airfield and the touchdown`."""
    if different == ("landing",):
        return "whether there is a landing"
    *first, last = (f"the {each}" for each in different)
    return f"{', '.join(first)} and {last}" if first else last


def _text(path: Path, checked: Checked) -> str:
    return "\n".join(folded(line, sys.stdout) for line in _lines(path, checked))


def _lines(path: Path, checked: Checked) -> list[str]:
    """Return what came of it in words, a sentence a line."""
    from collector.audit.evidence_checks import Outcome
    from collector.landings.rules import RULES_VERSION
    from collector.reports.evidence.summary import finding_words
    from collector.untrusted import visible

    summary = checked.summary
    if summary is None:
        lines = [f"{path} was altered or damaged:", *(f"  {each}" for each in checked.problems)]
        lines.append(f"Does the landing follow from this pack? {checked.follows}")
        return [visible(line) for line in lines]
    lines = [
        f"{path}: the landing {summary.landing}, edition {summary.edition.value}",
        f"All {checked.files} files are there and have the sums of SHA256SUMS.",
    ]
    if checked.sealed:
        lines += [checked.sealed, *checked.stamped]
    match checked.outcome:
        case Outcome.OTHER_RULES:
            lines.append(
                f"Only the sums were compared: the pack was made by rules {summary.rules_version}, "
                f"and this collector has other rules ({RULES_VERSION}). Collector "
                f"{summary.software} derives the landing again."
            )
        case Outcome.NO_REPLIES:
            lines.append("It holds no replies, so that nothing could be derived again.")
        case Outcome.SAME:
            lines.append(f"Derived again here, it is {finding_words(checked.found)}: the same.")
        case _:
            lines.append(
                f"Derived again here, it is {finding_words(checked.found)}, and the pack says "
                f"{finding_words(summary.derived)}. They differ in {_parts(checked.different)}."
            )
    lines.append(f"Does the landing follow from this pack? {checked.follows}")
    return [visible(line) for line in lines]
