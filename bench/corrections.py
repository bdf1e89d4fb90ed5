"""Does a finished week change in silence? A daemon lives a year of all that may change a number,
and every digest is compared with what the weeks said when the one before left.

    python bench/corrections.py            # a year, ten minutes between polls
    python bench/corrections.py --sanity   # ten days, with the first changes

Everything that `collector run` builds reads a receiver's file (`_corrected_sky.py`). Beside it the
commands of an operator run on the same database, and the configuration changes (`changes`). The
numbers are read as a script reads them, with `weeks --json`, when a digest has left, and `status
--json` must give the same ones. A week that reads otherwise than a week before must have a line in
a digest since, and no other week may have one. `DAYS=30` in the environment lives as long. Each
reading is told at once on standard error, since a year takes an hour.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from _claims import Claim, report, short
from _corrected_life import BEGINS_AT, FLEET, Life, Watched, lived
from _corrected_numbers import Readings
from _corrected_sky import Call, write_archive

from collector.model import Detection, Grade, Landing, Revision, WatchMatch
from collector.store import Store, landings

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WEEK = timedelta(weeks=1)
EDGE = BEGINS_AT + 14 * WEEK - DAY + timedelta(hours=21, minutes=15)
"""Begins the arrival that the receiver puts before Sunday's midnight in Jerusalem, the archive
after it."""
CROSSING = BEGINS_AT + 16 * WEEK + 4 * DAY + 9 * HOUR
DARK = ((4.0, 6.0), (10.2, 14.2)) if short() else ((4.0, 6.0), (37.0, 54.0))
"""Days since the beginning on which no daemon ran."""
BEGINS_AFTER = 3.0 if short() else 0.0


def calls() -> list[Call]:
    """Return the visits of the year: one a week, in every fifth week two; one on the first dark
    day, one at the edge of a week, and an aircraft that only crosses. In two weeks of three the
    receiver hears them low enough to name the airfield, so that their grade is probable."""
    found = [
        Call(
            FLEET[week % 4],
            BEGINS_AT + week * WEEK + day * DAY + 6 * HOUR,
            heard_low=week % 3 != 2,
        )
        for week in range(52)
        for day in ((1, 3) if week % 5 == 0 else (2,))
    ]
    found += [Call(FLEET[2], BEGINS_AT + DARK[0][0] * DAY + 30 * HOUR), Call(FLEET[1], EDGE)]
    return [*found, Call(FLEET[3], CROSSING, crosses=True)]


def changes() -> list[tuple[float, str, Callable[[Life], None]]]:
    """Return what happens: after how many days, what it is, and what it does."""
    in_doubt = Watched("Asia/Jerusalem", count_from="confirmed")
    usual = Watched("Asia/Jerusalem")
    fewer = {
        "silkway": replace(usual, icao24=FLEET[:1] + FLEET[2:]),
        "elsewhere": Watched("America/New_York", icao24=FLEET[:1] + FLEET[2:]),
    }
    both = {"silkway": usual, "elsewhere": Watched("America/New_York")}
    either = replace(usual, places=("LLOV", "LLOV or LLER", "LLER"))
    return [
        (8.0, "an archive of two dark days is read", lambda life: _backfill(life, *DARK[0])),
        (9.0, "a person rejects a landing", _reject),
        (10.0, "the watch counts from confirmed on", lambda life: life.configure(silkway=in_doubt)),
        (16.0, "it counts from probable on again", lambda life: life.configure(**both)),
        (23.0, "the person's verdict is withdrawn", _clear),
        (64.0, "weeks are cited", _cite),
        (71.0, "an archive of 17 dark days is read", lambda life: _backfill(life, *DARK[1])),
        (86.0, "an aircraft leaves the watches", lambda life: life.configure(**fewer)),
        (93.0, "it is watched again", lambda life: life.configure(**both)),
        (101.0, "an archive moves a landing over midnight", lambda life: _backfill(life, 97, 98)),
        (114.0, "places are added", lambda life: life.configure(silkway=either)),
        (117.5, "older rules find what new ones do not", _false_landing),
        (135.0, "new rules judge it", lambda life: life.configure(**both)),
        (170.0, "the time zone changes", lambda life: life.configure(silkway=Watched("UTC"))),
        (184.0, "it changes back", lambda life: life.configure(**both)),
        (220.0, "old time is pruned", lambda life: _said(life.command("db", "prune", *_OLD))),
        (254.0, "a backup is made", lambda life: _said(life.command("db", "backup", _copy(life)))),
        (265.0, "the backup is restored", _restore),
        (275.0, "it counts from confirmed on", lambda life: life.configure(silkway=in_doubt)),
        (289.0, "it counts from probable on again", lambda life: life.configure(**both)),
        (303.0, "a person rejects a landing", _reject),
        (317.0, "the person's verdict is withdrawn", _clear),
    ]


_OLD = ("--older-than", "90", "--shrink")


def main() -> int:
    """Live, compare, print the claims, and return the exit code."""
    days = 14.6 if short() else float(os.environ.get("DAYS", "363.6"))
    found = Readings()
    with tempfile.TemporaryDirectory() as name, lived(Path(name), calls()) as life:
        for step in _steps(life, days):
            found.compare(life, step)
            print(found.told(), file=sys.stderr, flush=True)
        ledger = life.rows("ledger", "--week", "2026-W47")
        polls = life.polls
    notes = [
        f"{days - BEGINS_AFTER:.0f} days, {polls:,} polls, two watches in two time zones",
        f"{found.changed} numbers of finished weeks changed, {len(ledger)} rows in a ledger",
        *found.table,
        *(f"{what}: {each}" for what in ("silent", "invented", "contradicted", "untold")
          for each in getattr(found, what)),
    ]  # fmt: skip
    return report("Corrections", _claims(found, days), notes)


def _claims(found: Readings, days: float) -> list[Claim]:
    least = 30 if days > 300 else 2
    return [
        Claim("changes without a line in a digest", len(found.silent), 0, "weeks"),
        Claim("lines about weeks that did not change", len(found.invented), 0, "weeks"),
        Claim("weeks of which two listings differ", len(found.contradicted), 0, "weeks"),
        Claim("cited numbers that changed without a mail", len(found.untold), 0, "numbers"),
        Claim(f"changes fewer than {least}", max(0, least - found.changed), 0, "weeks"),
    ]


def _steps(life: Life, days: float) -> Iterator[str]:
    """Live, and yield on each Monday what happened since the last one, once the digests left."""
    happens = {after: (what, do) for after, what, do in changes()}
    marks = {after: ("", None) for dark in DARK for after in dark}
    mondays = {7.0 * number + 13 / 24 for number in range(1, 53)}
    said: list[str] = []
    life.now += BEGINS_AFTER * DAY
    for after in sorted({*happens, *marks, *mondays}):
        if after > days:
            return
        life.live(BEGINS_AT + after * DAY)
        if any(after == begin for begin, _ in DARK):
            life.stop()
        elif any(after == end for _, end in DARK):
            life.start()
            said.append(f"dark until {life.now:%d %b}")
        elif after in happens:
            what, do = happens[after]
            do(life)
            said.append(what)
        else:
            yield "; ".join(said)
            said.clear()


def _backfill(life: Life, first: float, last: float) -> None:
    folder = life.folder / f"archive-{first}"
    folder.mkdir()
    begin, end = ((BEGINS_AT + after * DAY).date() for after in (first, last))
    days = [begin + number * DAY for number in range((end - begin).days)]
    write_archive(folder, life.calls, days)
    life.command("backfill", "traces", str(folder), "--sample", "1", "--jobs", "1")


def _reject(life: Life) -> None:
    life.command("review", _first(life), "--reject", "--note", "Seen elsewhere.", "--by", "Anna")


def _clear(life: Life) -> None:
    life.command("review", _first(life), "--clear", "--note", "A mistake.", "--by", "Anna")


def _first(life: Life) -> str:
    """Return the id of the first landing."""
    return min(str(row["id"]) for row in life.rows("landings", "--all", "--watch", "silkway"))


def _cite(life: Life) -> None:
    for last in ("2026-12-20", "2027-01-15"):
        life.command("cite", "--watch", "silkway", "--from", "2026-11-16", "--to", last)


def _false_landing(life: Life) -> None:
    """Store what older rules made of an aircraft that crossed."""
    with Store.open(life.database) as store, store.transaction():
        at = CROSSING + timedelta(minutes=20)
        detection = Detection(
            icao24=FLEET[3],
            airfield="LLOV",
            candidates=(),
            touchdown_at=at,
            uncertainty_s=600.0,
            departed_at=None,
            grade=Grade.PROBABLE,
            probability=0.9,
            visit_from=CROSSING + timedelta(minutes=10),
            visit_until=CROSSING + timedelta(minutes=30),
        )
        landing = Landing(
            id=f"{FLEET[3]}-{at:%Y-%m-%d}-9",
            detection=detection,
            registration=None,
            type_code="IL76",
            watches=tuple(WatchMatch(name, "icao24", counted=True) for name in life.watches),
            first_known_at=life.now,
            revised_at=life.now,
        )
        found = Revision(landing.id, life.now, "found", "probable at LLOV", "7")
        landings.save(store, landing, found)
        store.execute("UPDATE landings SET judged_by = '7' WHERE id = ?", (landing.id,))


def _copy(life: Life) -> str:
    return str(life.folder / "copy.sqlite")


def _restore(life: Life) -> None:
    life.stop()
    life.command("db", "restore", _copy(life))
    life.start()


def _said(_: str) -> None:
    """Ignore what a command printed."""


if __name__ == "__main__":
    sys.exit(main())
