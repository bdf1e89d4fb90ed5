"""Do other programs read what we write? Each opens an export package, and the pages' documents.

    python -m tests.long.readers PACKAGE URL > docs/reader-test.md

PACKAGE is a folder of `collector export package`, URL the page of a collector on the same data.
The programs are not installed with the collector, and this module needs nothing of it: run it where
they are, such as in an environment of its own with `pip install datasette sqlite-utils fastkml
feedparser frictionless pandas prometheus-client`.
"""

from __future__ import annotations

import asyncio
import csv
import importlib
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.request import urlopen

TABLES = ("landings", "weeks", "fixes", "aircraft")
MAPS = ("landings", "weeks", "fixes")
ATOM = ("landings", "corrections", "alerts")
HEAD = """# Other programs on our files

The output of `python -m tests.long.readers PACKAGE URL` on the package and the pages of
`collector demo`. Each line is what another program made of a file; one that it could not read would
end the run.

| program | file | what it read |
|---|---|---|"""


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file as Python's own reader sees them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def pandas_reads(package: Path) -> Iterator[tuple[str, str]]:
    """Read each table; the number of rows, and every time, must come out right."""
    pandas: Any = importlib.import_module("pandas")
    for name in TABLES:
        frame = pandas.read_csv(package / f"{name}.csv")
        assert len(frame) == len(rows_of(package / f"{name}.csv"))
        times = [each for each in frame.columns if each.endswith("_at") and each != "counted_at"]
        for column in times:
            if frame[column].notna().any():
                assert str(pandas.to_datetime(frame[column].dropna()).dt.tz) == "UTC"
        said = f"{len(frame)} rows, {len(frame.columns)} columns"
        yield f"{name}.csv", f"{said}, {len(times)} of them times in UTC" if times else said


def fastkml_reads(package: Path) -> Iterator[tuple[str, str]]:
    """Read each map by the schema's rules."""
    fastkml: Any = importlib.import_module("fastkml")
    for name in MAPS:
        (document,) = fastkml.KML.parse(package / f"{name}.kml", strict=True).features
        yield f"{name}.kml", f"a document with {len(list(document.features))} placemarks"


def frictionless_reads(package: Path) -> Iterator[tuple[str, str]]:
    """Check every cell of every table against the schema, and the hash of each file."""
    frictionless: Any = importlib.import_module("frictionless")
    report = frictionless.validate(str(package / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    yield "datapackage.json", f"valid, with {len(report.tasks)} tables"


def datasette_reads(package: Path) -> Iterator[tuple[str, str]]:
    """Serve the package as docs/exports.md says, and ask every ready query."""
    app: Any = importlib.import_module("datasette.app")
    sqlite_utils: Any = importlib.import_module("sqlite_utils")
    described = json.loads((package / "datasette.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "landings.sqlite"
        with closing(sqlite3.connect(path)) as made:
            for name in ("landings", "weeks"):
                sqlite_utils.Database(made)[name].insert_all(rows_of(package / f"{name}.csv"))
            made.commit()
        shown = app.Datasette([str(path)], metadata=described)

        async def ask(address: str) -> Any:
            answer = await shown.client.get(address)
            assert answer.status_code == 200, answer.text
            return answer

        async def everything() -> list[tuple[str, str]]:
            await shown.invoke_startup()
            assert "Stable name of the landing" in (await ask("/landings/landings")).text
            found = []
            for name in described["databases"]["landings"]["queries"]:
                rows = (await ask(f"/landings/{name}.json?_shape=array")).json()
                await ask(f"/landings/{name}")
                found.append((f"ready query `{name}`", f"{len(rows)} rows"))
            return found

        yield from asyncio.run(everything())


def feedparser_reads(url: str) -> Iterator[tuple[str, str]]:
    """Read each feed of news; each entry must have an id, a link and a time."""
    feedparser: Any = importlib.import_module("feedparser")
    for name in ATOM:
        feed = feedparser.parse(fetched(f"{url}/{name}.atom"))
        assert not feed.bozo, feed.bozo_exception
        assert all(each.id and each.link and each.updated_parsed for each in feed.entries)
        yield f"/{name}.atom", f"{feed.version}, {len(feed.entries)} entries"


def prometheus_reads(url: str) -> Iterator[tuple[str, str]]:
    """Read the metrics by the parser of Prometheus' Python client."""
    parser: Any = importlib.import_module("prometheus_client.parser")
    text = fetched(f"{url}/metrics").decode()
    families = list(parser.text_string_to_metric_families(text))
    assert families
    kinds = " and ".join(sorted({f"{each.type}s" for each in families}))
    yield "/metrics", f"{len(families)} metrics: {kinds}"


def fetched(address: str) -> bytes:
    """Return what stands at an address."""
    with urlopen(address, timeout=300) as answer:
        return bytes(answer.read())


Reads = Callable[[Any], Iterator[tuple[str, str]]]


def main(words: Sequence[str]) -> int:
    """Let every program read, and print a table of what it read."""
    package, url = Path(words[0]), words[1].rstrip("/")
    programs: tuple[tuple[str, Reads, Path | str], ...] = (
        ("pandas", pandas_reads, package),
        ("fastkml", fastkml_reads, package),
        ("frictionless", frictionless_reads, package),
        ("datasette", datasette_reads, package),
        ("feedparser", feedparser_reads, url),
        ("prometheus-client", prometheus_reads, url),
    )
    lines = [HEAD]
    for program, reads, where in programs:
        for file, said in reads(where):
            lines.append(f"| {program} {version(program)} | {file} | {said} |")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
