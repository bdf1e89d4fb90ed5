"""What does an upgrade change in the landings of a year? An older release makes the database of a
simulated year, today's rules judge it anew, and the judging is killed in between and goes on.

The flights are those of `seven_years.py`: five Il-76s at Ovda and elsewhere, and others as proof of
reception. The older release runs from a worktree of its commit, with the packages of this one.
Each step is a process of its own. The table says what became of each stored landing, whatever its
grade, and whether it was true.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from _claims import Claim, report
from _years import IL76S, WATCHED, Plan, simulated
from _years_archive import write
from seven_years import BURST, backfill_words

from collector.landings.rules import RULES_VERSION
from collector.model import Grade, Landing
from collector.services import build_services
from collector.settings import load
from collector.store import Store, landings, outbox
from collector.store.judged import judged_counts

ROOT = Path(__file__).resolve().parent.parent
OLDER = "ca1cd0687577223f2d024eef2399b6c7c78dc3be"
"""The last commit of release 0.2.0."""
YEAR = Plan(date(2025, 1, 1), 365, 40, (4, 4, 3), 0.14, seed=20261130)
WEEKS = Plan(date(2025, 3, 3), 28, 7, (4,), 0.02, seed=3)
KILLED_AFTER = (0.2, 0.5, 0.8)
"""The judging is killed when it has judged these shares of the landings."""
SAME_S = 1.0

CONFIG = """
data = "{data}"
[recording]
enabled = false
[visitors]
enabled = false
[web]
enabled = false
[[recipient]]
name = "ops"
address = "ops@example.org"
[[watch]]
name = "il76"
places = ["{field}"]
icao24 = [{icao24}]
recipients = ["ops"]
[[watch.rule]]
name = "burst"
kind = "threshold"
at = "{field}"
count = {burst}
"""
"""What the older release understands as well."""


def main() -> int:
    """Make, upgrade, kill, go on, and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--older", default=OLDER, help="commit of the older release")
    parser.add_argument("--sanity", action="store_true", help="four weeks instead of a year")
    parser.add_argument("--judge", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.judge is not None:
        return _judge(arguments.judge)
    plan = WEEKS if arguments.sanity else YEAR
    with tempfile.TemporaryDirectory() as name, _older(arguments.older, Path(name)) as older:
        folder, begun = Path(name), time.perf_counter()
        (folder / "archive").mkdir()
        world = simulated(plan)
        write(world, folder / "archive")
        config = folder / "collector.toml"
        icao24 = ", ".join(f'"{each}"' for each in IL76S)
        values = {"data": folder / "var", "field": WATCHED, "icao24": icao24, "burst": BURST}
        config.write_text(CONFIG.format(**values))
        words = ["--log", "error", *backfill_words(folder / "archive")]
        _collector(older, config, *words)
        made = time.perf_counter()
        with Store.open(folder / "var" / "collector.sqlite") as store:  # which migrates it
            before = {each.id: each for each in landings.find(store)}
            mails = outbox.keys(store)
        kills = _judged_with_kills(config, len(before))
        upgraded = time.perf_counter()
        with Store.open(folder / "var" / "collector.sqlite") as store:
            after = {one.id: one for key in before if (one := landings.get(store, key))}
            new = [each for each in landings.find(store) if each.id not in before]
            told = sorted(outbox.keys(store) - mails)
    changed = Counter(_changed(before[key], after.get(key)) for key in before)
    changed["new"] = len(new)
    truths = [(flown.icao24, landed.at_s) for flown, landed in world.truths()]
    rows = [
        ("the older release", before.values()),
        (f"rules {RULES_VERSION}", _standing(after, new)),
    ]
    notes = [
        f"{plan.days} days, {len(truths)} true landings at {WATCHED}, from {arguments.older[:10]}",
        f"made in {made - begun:.0f} s, judged anew in {upgraded - made:.0f} s, {kills} kills",
        *(_line(name, list(found), truths) for name, found in rows),
        *(f"{kind}: {count}" for kind, count in sorted(changed.items())),
        *(f"mail: {key}" for key in told),
    ]
    lost = len(before) - len(after)
    claims = [
        Claim("stored landings that are gone without a trace", lost, 0, ""),
        Claim("mails of the judging, beyond one", max(0, len(told) - 1), 0, ""),
        Claim("kills that did not happen", len(KILLED_AFTER) - kills, 0, ""),
    ]
    return report("An upgraded year", claims, notes)


@contextmanager
def _older(commit: str, folder: Path) -> Iterator[Path]:
    """Check out the older release beside this one, and remove it at the end."""
    git, path = ["git", "-C", str(ROOT), "worktree"], folder / "older"
    subprocess.run([*git, "add", "--detach", str(path), commit], check=True, capture_output=True)
    try:
        yield path
    finally:
        subprocess.run([*git, "remove", "--force", str(path)], check=False, capture_output=True)


def _collector(root: Path, config: Path, *words: str) -> None:
    command = [sys.executable, "-m", "collector", "--config", str(config), *words]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    if done.returncode:
        sys.exit(f"{' '.join(words)}: {done.stderr}")


def _judged_with_kills(config: Path, stored: int) -> int:
    """Judge all in processes of their own, the first of which are killed; return how many were."""
    kills = 0
    for share in (*KILLED_AFTER, None):
        command = [sys.executable, __file__, "--judge", str(config)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for line in child.stdout:
                if share is not None and int(line) >= share * stored:
                    child.send_signal(signal.SIGKILL)
                    break
            child.stdout.close()
        kills += child.returncode == -signal.SIGKILL
        if child.returncode not in (0, -signal.SIGKILL):
            sys.exit(f"the judging ended with {child.returncode}")
    return kills


def _judge(config: Path) -> int:
    """Judge what is left, and print after each step how many are judged in all."""
    settings = load(config, environ={})
    with Store.open(config.parent / "var" / "collector.sqlite") as store:
        services = build_services(settings, store)
        while services.judging_again.judge_next(datetime.now(UTC)):
            print(judged_counts(store, RULES_VERSION).judged, flush=True)
    return 0


def _changed(before: Landing, after: Landing | None) -> str:
    """Return in what a landing changed, the weightiest first."""
    if after is None:
        return "gone without a trace"
    if not after.stands:
        return f"withdrawn, was {before.detection.grade}"
    old, new = before.detection, after.detection
    if old.airfield != new.airfield:
        return f"{old.airfield or 'undetermined'} became {new.airfield or 'undetermined'}"
    if old.grade != new.grade:
        return f"{old.grade} became {new.grade}"
    moved_s = abs((new.touchdown_at - old.touchdown_at).total_seconds())
    if moved_s > SAME_S:
        return f"touchdown moved by {'less' if moved_s < 60.0 else 'more'} than a minute"
    return "the same, but for its ±" if old.uncertainty_s != new.uncertainty_s else "the same"


def _standing(after: Mapping[str, Landing], new: Sequence[Landing]) -> list[Landing]:
    return [*(each for each in after.values() if each.stands), *new]


def _line(name: str, found: Sequence[Landing], truths: Sequence[tuple[str, float]]) -> str:
    """Return how many landings there are, are counted at the field, and hold the truth."""
    counted = [
        each.detection
        for each in found
        if each.detection.airfield == WATCHED and each.detection.grade.rank >= Grade.PROBABLE.rank
    ]
    near = [
        one
        for one in counted
        if any(
            icao24 == one.icao24 and abs(one.touchdown_at.timestamp() - at_s) < 3600.0
            for icao24, at_s in truths
        )
    ]
    numbers = f"{len(found)} stored, {len(counted)} counted at {WATCHED}, {len(near)} of them true"
    return f"{name}: {numbers}"


if __name__ == "__main__":
    sys.exit(main())
