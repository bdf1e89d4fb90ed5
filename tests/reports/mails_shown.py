"""How do the mails look? `python -m tests.reports.mails_shown DIR` writes a digest and an alert of
made data, as text, as HTML with its pictures, and as a mail that mail programs open.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from collector.drawing import Drawer
from collector.mail import compose
from collector.model import Recipient
from collector.model.notice import Message, Owed
from collector.reports.mails import alert_mail, digest
from collector.reports.picture import Look, TracksMap, map_of, order
from tests.reports.golden import compared
from tests.reports.test_picture_data import FIELDS, LANDING, flown
from tests.support.landings import CONFIRMED
from tests.support.weeks_told import MONDAY
from tests.support.weeks_told import digest as digest_report

PATIENT = Drawer(timeout_s=120)


def tracks() -> TracksMap | None:
    """Two tracks near Ovda: one lost at 4,000 ft, one heard to the ground from the north-east."""
    aside = [
        replace(each, lon_deg=each.lon_deg + 0.25 * (each.lat_deg - 29.94))
        for each in flown()
        if each.lat_deg is not None and each.lon_deg is not None
    ]
    return map_of(
        "Silk Way Il-76s at Ovda, week 47 of 2026",
        [("1", LANDING, flown(floor_ft=4000)), ("2", replace(LANDING, id=CONFIRMED.id), aside)],
        ("LLOV",),
        FIELDS,
        footer="Data: adsb.lol contributors (ODbL 1.0).",
    )


def messages() -> dict[str, Message]:
    """A digest and an alert."""
    report = digest_report()
    watches = [replace(each, tracks=tracks()) for each in report.watches]
    return {
        "digest": digest.render(replace(report, watches=watches)),
        "alert": alert_mail.render([compared()]),
    }


def owed(name: str, message: Message) -> Owed:
    """The mail before it is drawn."""
    return Owed(
        key=f"{name}:2026-W47:ops",
        recipient=Recipient("ops", "ops@example.org"),
        message=message,
        created_at=MONDAY,
    )


def main(words: Sequence[str]) -> int:
    """Write the mails and their pictures into the folder `words[0]`."""
    folder = Path(words[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, message in messages().items():
        wanted = message.illustrations
        drawn = PATIENT.drawn([each.order for each in wanted])
        pictures = {
            each.name: png for each, png in zip(wanted, drawn, strict=True) if png is not None
        }
        files = {each: f"{name}-{each}.png" for each in pictures}
        for each, png in pictures.items():
            (folder / files[each]).write_bytes(png)
        (folder / f"{name}.html").write_text(message.html_showing(files))
        (folder / f"{name}.txt").write_text(message.text)
        mail = replace(owed(name, message), pictures=tuple(pictures.items()))
        (folder / f"{name}.eml").write_bytes(compose(mail, "collector@example.net").as_bytes())
    chart, shown = digest_report().watches[0].chart, tracks()
    for width in (343, 680):
        for dark in (False, True):
            look = Look(suffix="svg", width_px=width, dark=dark)
            for name, picture in (("weeks", chart), ("tracks", shown)):
                if picture is not None:
                    (svg,) = PATIENT.drawn([order(picture, look)])
                    (folder / f"{name}-{width}{'-dark' * dark}.svg").write_bytes(svg or b"")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
