"""Searches every door for an input that it does not withstand, and prints what was tried.

`make fuzz-deep` installs atheris beside the project and runs this; `--runs` inputs, or `--minutes`,
are given to each door. What was learned stays in `--corpus`, and the next run begins with it. An
input that is not withstood is kept there too, under `findings`, with its traceback.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .doors import DOORS
from .seeds import seeds

MEMORY_MB, SLOWEST_S = 1024, 10
"""An input that takes more memory or time is a finding."""
_RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)|^Done (\d+) runs", re.MULTILINE)
_COVERAGE = re.compile(r"cov: (\d+)")


@dataclass(frozen=True, slots=True)
class Searched:
    """What came of one door."""

    door: str
    runs: int
    branches: int
    """Places of the code that were reached, as atheris counts them."""
    finding: Path | None


def search(door: str, corpus: Path, *, runs: int, minutes: float) -> Searched:
    """Search a door with so many inputs, or for so long."""
    known, findings = corpus / door.replace(" ", "-"), corpus / "findings"
    for folder in (known, findings):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()[door]):
        (known / f"seed{number}").write_bytes(seed)
    prefix = findings / f"{known.name}-"
    options = (
        f"-runs={runs}",
        f"-max_total_time={minutes * 60:.0f}",
        f"-max_len={DOORS[door].longest_bytes}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-timeout={SLOWEST_S}",
        f"-artifact_prefix={prefix}",
        "-print_final_stats=1",
        str(known),
    )
    ended = subprocess.run(
        [sys.executable, "-m", "bench.fuzz.door", door, *options],
        capture_output=True,
        text=True,
        check=False,
        errors="replace",
    )
    said = ended.stdout + ended.stderr
    finding = None
    if ended.returncode:
        finding = prefix.with_name(f"{prefix.name}report.txt")
        finding.write_text(said[-20_000:])
    tried = [int(each) for pair in _RUNS.findall(said) for each in pair if each]
    reached = [int(each) for each in _COVERAGE.findall(said)]
    return Searched(door, max(tried, default=0), max(reached, default=0), finding)


def lines(found: Sequence[Searched]) -> Iterator[str]:
    """Yield the table of what was searched."""
    yield f"{'door':<22} {'inputs':>11} {'branches':>9}  finding"
    for each in found:
        yield f"{each.door:<22} {each.runs:>11,} {each.branches:>9,}  {each.finding or 'none'}"
    yield f"{'all':<22} {sum(each.runs for each in found):>11,}"


def main(words: Sequence[str] | None = None) -> int:
    """Search, print, and return 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.fuzz")
    parser.add_argument("--runs", type=int, default=1_000_000, help="inputs for each door")
    parser.add_argument("--minutes", type=float, default=60.0, help="at most so long for each")
    parser.add_argument("--door", choices=sorted(DOORS), action="append", help="these alone")
    parser.add_argument("--corpus", type=Path, default=Path("var/fuzz"))
    given = parser.parse_args(words)
    found = []
    for door in given.door or DOORS:
        found.append(search(door, given.corpus, runs=given.runs, minutes=given.minutes))
        print(f"{door}: {found[-1].runs:,} inputs", file=sys.stderr, flush=True)
    print("\n".join(lines(found)))
    return int(any(each.finding for each in found))


if __name__ == "__main__":
    sys.exit(main())
