"""How is it shown? One table with a line for each kind of fault, and what was broken in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .trials import Count

HEAD = (
    "kind of fault",
    "tried",
    "visits: whole, partly, not heard",
    "lost",
    "doubled",
    "invented",
    "blind, longest",
    "last ping after",
    "mail after",
    "mails owed, sent, repeated",
)


def table(counts: Mapping[str, Count]) -> Iterator[str]:
    """Yield the lines of the table, and a last one with the sums."""
    yield f"| {' | '.join(HEAD)} |"
    yield "|---" * len(HEAD) + "|"
    total = Count()
    for name in sorted(counts):
        total.add(counts[name])
        yield _line(name, counts[name])
    yield _line("all", total)
    excused = total.repeated_killed + total.repeated_not_said + total.repeated_restored
    yield (
        f"\n{total.kills:,} kills, {total.gap_kills:,} of them between the server's 250 and our"
        f" commit. Mails that left again: {total.repeated_killed} after such a kill,"
        f" {total.repeated_not_said} that a server took without saying so,"
        f" {total.repeated_restored} that a restored backup did not know as sent,"
        f" {total.repeated - excused} without an excuse."
    )


def broken(counts: Mapping[str, Count]) -> list[str]:
    """Return what must not be, in words."""
    return [each for count in counts.values() for each in count.broken]


def _line(name: str, one: Count) -> str:
    cells = (
        name,
        f"{one.tried:,}",
        f"{one.heard}, {one.partly}, {one.not_heard}",
        f"{one.lost}",
        f"{one.doubled}",
        f"{one.invented}",
        _minutes(one.blind_s),
        _minutes(one.ping_s),
        _minutes(one.mail_s),
        f"{one.owed}, {one.sent}, {one.repeated}" if one.owed else "–",
    )
    return f"| {' | '.join(cells)} |"


def _minutes(seconds: list[float]) -> str:
    return f"{max(seconds) / 60:.0f} min" if seconds else "–"
