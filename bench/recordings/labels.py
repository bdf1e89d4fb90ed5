"""What is true of the recordings? Labels of two routes that share no evidence, made beforehand.

One family of routes is what others say: a published label, the transponder's ground bit, the place
where the aircraft's next flight begins. The other is `eyes.py`: positions and heights alone. What
both say is `agreed`. What only one says is `single` if the recording cannot show the other's
evidence, else `disputed`, and then counts for nothing until a person has settled it in the file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from .datasets import DATA, SHARED, DataSet, loaded
from .eyes import DOWN_AFTERWARDS, Seen, seen_by_bit, seen_by_next, seen_in, seen_in_snapshots
from .places import world
from .tracks import Track

FILE = Path(__file__).with_name("labels.csv")
SAME_S = 300.0
"""Two routes speak of one landing if their times are no further apart."""
OTHERS = frozenset({"log", "bit", "next"})


@dataclass(frozen=True, slots=True)
class Label:
    """One landing, or one approach that broke off with nobody proven to listen."""

    dataset: str
    icao24: str
    kind: str
    """`landing`, `broken-off`, or `none`: a route named a landing, and it is settled as none."""
    airfield: str
    from_utc: str
    until_utc: str
    left_utc: str
    """When it flew again, empty if not known."""
    reached: str
    """`yes` if the track reaches the ground, or 1,000 ft above the field within 3 NM."""
    routes: str
    verdict: str
    """`agreed`, `single`, `disputed`, or `settled` by a person, with the reason in the note."""
    note: str = ""

    @property
    def from_s(self) -> float:
        """The earliest time of the touchdown, Unix seconds."""
        return datetime.fromisoformat(self.from_utc).timestamp()

    @property
    def until_s(self) -> float:
        """The latest time of the touchdown, Unix seconds."""
        return datetime.fromisoformat(self.until_utc).timestamp()

    @property
    def left_s(self) -> float:
        """When it flew again; a day later if not known."""
        if not self.left_utc:
            return self.until_s + 86_400.0
        return datetime.fromisoformat(self.left_utc).timestamp()

    @property
    def holds(self) -> bool:
        """Whether it counts: it is no dispute."""
        return self.verdict != "disputed"


def read_labels(path: Path = FILE) -> list[Label]:
    """Return every label of the file."""
    with path.open(newline="") as lines:
        return [Label(**row) for row in csv.DictReader(lines)]


def write_labels(labels: Iterable[Label], path: Path = FILE) -> None:
    """Write the labels, in order of data set, time and address."""
    ordered = sorted(labels, key=lambda each: (each.dataset, each.from_utc, each.icao24))
    with path.open("w", newline="") as file:
        names = [field.name for field in fields(Label)]
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(label) for label in ordered)


def made(dataset: DataSet) -> Iterator[Label]:
    """Yield the labels of a data set that both families of routes give."""
    everywhere = world(SHARED)
    for track in loaded(dataset):
        seen = [*seen_by_bit(track, everywhere), *seen_by_next(track, everywhere)]
        seen += (seen_in_snapshots if dataset.snapshots else seen_in)(track, everywhere)
        landings = [each for each in seen if each.kind == "landing"]
        landings += list(_published(dataset, track, landings))
        clusters = _clusters(landings)
        for cluster in clusters:
            yield _label(dataset, track, cluster)
        for each in seen:
            lost = each.kind == "broken-off"
            if lost and not any(_same(each, other) for other in landings):
                yield _labelled(dataset, track, [each], "single", "no")


def no_landing(dataset: DataSet) -> Label:
    """Return the one label of a data set in which every route looked and none found a landing."""
    tracks = loaded(dataset)
    seen = Seen(
        "none",
        "?",
        min(track.times[0] for track in tracks),
        max(track.times[-1] for track in tracks),
        "all",
        f"no route finds a landing of any of {len(tracks)} aircraft",
    )
    return _labelled(dataset, Track("000000", ()), [seen], "agreed", "no")


def _clusters(seen: Sequence[Seen]) -> list[list[Seen]]:
    """Return the sightings in groups of one landing each; a route speaks once in each group."""
    groups: list[list[Seen]] = []
    for each in sorted(seen, key=lambda one: (one.route == "next", _touch_s(one))):
        for group in groups:
            if all(each.route != other.route for other in group) and _same(each, group[0]):
                group.append(each)
                break
        else:
            groups.append([each])
    return groups


def _touch_s(seen: Seen) -> float:
    """Return the first report on the ground, as far as the route knows it."""
    return seen.until_s if seen.route == "bit" else seen.at_s


def _same(one: Seen, other: Seen) -> bool:
    if one.route in ("next", "log") or other.route in ("next", "log"):
        return one.at_s - SAME_S <= other.until_s and other.at_s - SAME_S <= one.until_s
    return abs(_touch_s(one) - _touch_s(other)) <= SAME_S


def _label(dataset: DataSet, track: Track, group: Sequence[Seen]) -> Label:
    routes = {each.route for each in group}
    others, own = routes & OTHERS, routes - OTHERS
    codes = {each.airfield for each in group} - {"?"}
    bit_is_silent = own == {"geometry"} and any(row.on_ground for row in track.rows)
    if others and own and len(codes) == 1:
        verdict = "agreed"
    elif len(codes) > 1 or bit_is_silent or (others and not dataset.snapshots):
        verdict = "disputed"
    else:
        verdict = "single"
    down = any(each.text == DOWN_AFTERWARDS for each in group)
    reached = "yes" if down or routes & {"bit", "geometry", "low end"} else "no"
    return _labelled(dataset, track, group, verdict, reached)


def _labelled(
    dataset: DataSet, track: Track, group: Sequence[Seen], verdict: str, reached: str
) -> Label:
    codes = sorted({each.airfield for each in group} - {"?"}) or ["?"]
    left = next((each.left_s for each in group if each.left_s is not None), None)
    exact = [each for each in group if each.route not in ("next", "log")] or group
    return Label(
        dataset.name,
        track.icao24,
        group[0].kind,
        " or ".join(codes),
        _text(min(_touch_s(each) for each in exact)),
        _text(max(each.until_s for each in exact)),
        "" if left is None else _text(left),
        reached,
        "+".join(sorted(each.route for each in group)),
        verdict,
        "; ".join(each.text for each in group if each.text),
    )


def _text(at_s: float) -> str:
    return datetime.fromtimestamp(round(at_s), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _published(dataset: DataSet, track: Track, seen: Sequence[Seen]) -> Iterator[Seen]:
    """Yield the landings of the aircraft that the recordings' own LABELS.csv names."""
    folder, file = dataset.labels
    if not folder:
        return
    own = folder == "field-cases"
    path = DATA / "field-cases" / "LABELS.csv" if own else DATA / "LABELS.csv"
    with path.open(newline="") as lines:
        for row in csv.DictReader(lines):
            here = (
                row["folder"] == file
                if own
                else (row["dataset"] == folder and row["file"].startswith(file))
            )
            landed = row["expect"].startswith(("landing", "one landing"))
            if here and landed and row["hex"] in (track.icao24, ""):
                code = row["airfield" if own else "airport"]
                span = _span(row["time_utc"])
                if span is None:  # of a known aircraft and airfield, at an unknown time
                    at = [each for each in seen if each.airfield == code]
                    span = (at[-1].at_s, at[-1].until_s) if at else _whole(track)
                yield Seen("landing", code, *span, "log", row["note"])


def _whole(track: Track) -> tuple[float, float]:
    return track.times[0], track.times[-1]


def _span(text: str) -> tuple[float, float] | None:
    """Return the span that a label's time states: `2025-02-05T06:24..06:32Z`, or one moment."""
    if not text:
        return None
    first, _, last = text.rstrip("Z").partition("..")
    begin = datetime.fromisoformat(first).replace(tzinfo=UTC)
    if not last:
        return begin.timestamp(), begin.timestamp()
    hour, minute = last.split(":")
    return begin.timestamp(), begin.replace(hour=int(hour), minute=int(minute)).timestamp()
