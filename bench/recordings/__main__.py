"""How does the detector do on real recordings? `python -m bench.recordings` prints one table.

`--sanity` runs the small data sets in one form each, `--part tuning` or `--part test` half of the
aircraft. `--label` adds labels of data sets that have none; no detector runs then.
"""

from __future__ import annotations

import argparse
import logging
import platform
import sys
import time
from collections.abc import Iterator, Sequence

import structlog

from collector.landings.rules import RULES_VERSION

from .datasets import DataSet, absent, datasets
from .labels import Label, made, no_landing, read_labels, write_labels
from .runs import AS_RECORDED, EVERYBODY, FIVE_MINUTES, FORMS, OURS, Run, runs
from .scoring import Tally
from .table import (
    HEAD,
    LEGEND,
    disagreements,
    falsehoods,
    pooled,
    summary,
    table,
    tallies,
)

SANITY_POLLED = frozenset({"88NV, one hour"})
"""What the short form also polls."""
LEAST_PRECISION, LEAST_RECALL = 0.85, 0.75
"""Bounds of the short form: below them something is broken; they are not the aim."""


def main(words: Sequence[str] | None = None) -> int:
    """Run, print, and return the exit code."""
    arguments = _parser().parse_args(words)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    for reason in absent():
        print(reason)
    present = [one for one in datasets() if not arguments.only or one.name in arguments.only]
    if arguments.label:
        return _label(present)
    labels = read_labels()
    present = list(_labelled(present, labels))
    if not present:
        return 0
    begun = time.perf_counter()
    if arguments.sanity:
        found = [run for one in present for run in runs([one], _sanity_forms(one))]
    else:
        found = list(runs(present, arguments.form or FORMS))
    took_s = time.perf_counter() - begun
    print(f"rules {RULES_VERSION}, Python {platform.python_version()}, {took_s:.0f} s")
    print()
    return _sanity(found, labels) if arguments.sanity else _whole(found, labels, arguments.part)


def _labelled(present: Sequence[DataSet], labels: Sequence[Label]) -> Iterator[DataSet]:
    """Yield the data sets that have labels, and print which have none."""
    known = {label.dataset for label in labels}
    for one in present:
        if one.name in known:
            yield one
        else:
            print(f"{one.name} skipped: no labels in labels.csv; make them with --label")


def _whole(found: Sequence[Run], labels: Sequence[Label], part: str) -> int:
    """Print everything; the exit code is 0."""
    print(LEGEND)
    print()
    scored = tallies(found, labels, part)
    for line in (*table(scored, part), *falsehoods(scored)):
        print(line)
    print("## The collector, halves of the aircraft")
    print()
    print(HEAD)
    for half in ("tuning", "test"):
        for line in summary(tallies(found, labels, half), half):
            print(line)
    print()
    ran = {run.dataset.name for run in found}
    for line in disagreements(label for label in labels if label.dataset in ran):
        print(line)
    return 0


def _label(present: Sequence[DataSet]) -> int:
    """Add the labels of data sets that have none."""
    labels = read_labels()
    known = {label.dataset for label in labels}
    for one in present:
        if one.name not in known:
            new = list(made(one)) or [no_landing(one)]
            disputed = sum(not label.holds for label in new)
            print(f"{one.name}: {len(new)} labels, {disputed} of them disputed")
            labels += new
    write_labels(labels)
    return 0


def _sanity_forms(dataset: DataSet) -> tuple[str, ...]:
    """Return the forms that the short form has time for."""
    if dataset.large:
        return ()
    return (EVERYBODY, FIVE_MINUTES) if dataset.name in SANITY_POLLED else (EVERYBODY, AS_RECORDED)


def _sanity(found: Sequence[Run], labels: Sequence[Label]) -> int:
    """Print the collector's figures; the exit code is 1 if something is broken."""
    scored = tallies(found, labels, "all")
    print(HEAD)
    for line in (*summary(scored, "all"), "", *falsehoods(scored)):
        print(line)
    total = Tally()
    for lines in scored.values():
        total.add(pooled(lines)[OURS])
    precision = total.found / max(1, total.counted)
    recall = total.found / max(1, total.landings)
    holds = precision >= LEAST_PRECISION and recall >= LEAST_RECALL
    print(
        f"sanity: precision {precision:.3f} (least {LEAST_PRECISION}), recall {recall:.3f} "
        f"(least {LEAST_RECALL}): {'holds' if holds else 'DOES NOT HOLD'}"
    )
    return 0 if holds else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.recordings", description=__doc__)
    parser.add_argument("--sanity", action="store_true", help="the short form: does it still work?")
    parser.add_argument("--part", choices=("tuning", "test", "all"), default="all")
    parser.add_argument("--label", action="store_true", help="add labels of data sets without")
    parser.add_argument("--form", action="append", choices=FORMS, help="may be repeated")
    parser.add_argument("--only", action="append", help="this data set only; may be repeated")
    return parser


if __name__ == "__main__":
    sys.exit(main())
