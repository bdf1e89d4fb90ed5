"""Does a mail carry its pictures, with the same bytes each time, and leave without if need be?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from collector.drawing import Drawer
from collector.model import WatchMatch
from collector.model.notice import Message, Owed
from collector.reports.mails import alert_mail
from collector.reports.picture import TracksMap
from collector.reports.picture.orders import ordered
from collector.reports.picture.track import Side
from collector.store import landings, observations, outbox
from tests.notify.test_delivery import ANNA, BERT, Office, office
from tests.reports.golden import compared
from tests.reports.mails_shown import PATIENT, messages
from tests.reports.test_picture_data import LANDING, NOW, flown
from tests.support.alert_desk import desk, two
from tests.support.pen import Pen

KEY = "digest:2026-W47:anna"


class KilledError(BaseException):
    """Stands for the end of the process."""


def owe(at: Office, message: Message, key: str = KEY) -> None:
    recipient = BERT if key.endswith("bert") else ANNA
    now = at.clock.now()
    assert outbox.owe(at.store, Owed(key=key, recipient=recipient, message=message, created_at=now))


def parts(mail: EmailMessage) -> tuple[str, str, list[EmailMessage]]:
    """The text, the HTML, and the pictures that stand beside the HTML."""
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    pictures = [part for part in mail.walk() if part.get_content_maintype() == "image"]
    return text.get_content(), html.get_content(), pictures


@pytest.fixture(scope="module")
def digest() -> Message:
    return messages()["digest"]


def test_a_mail_is_complete_with_and_without_its_pictures(tmp_path: Path, digest: Message) -> None:
    with office(tmp_path) as at:
        at.sender.drawer = PATIENT
        owe(at, digest)
        at.sender.send_all()
        (mail,) = at.inbox.taken
    text, html, pictures = parts(mail)
    assert [part.get_content_type() for part in mail.iter_parts()] == [
        "text/plain",
        "multipart/related",
    ]
    ids = re.findall(r'src="cid:([^"]+)"', html)
    assert [f"<{id_}>" for id_ in ids] == [part["Content-ID"] for part in pictures]
    assert [part.get_filename() for part in pictures] == ["weeks-1.png", "tracks-1.png"]
    assert all(part.get_content().startswith(b"\x89PNG") for part in pictures)
    assert all(part.get_content_disposition() == "inline" for part in pictures)
    flat = " ".join(text.split())
    for shown in digest.illustrations:
        assert shown.alt in flat, "the text says what the picture shows"
        assert f'alt="{shown.alt}"' in html
    assert max(map(len, mail.as_bytes().split(b"\n"))) <= 998, "RFC 5322 §2.1.1"
    assert len(mail.as_bytes()) < 500_000
    assert "<!--picture" not in html


def test_a_mail_taken_twice_has_the_same_bytes(tmp_path: Path, digest: Message) -> None:
    with office(tmp_path) as at:
        at.sender.drawer = pen = Pen()
        at.inbox.data_answers = ["451 later", "take and drop"]
        owe(at, digest)
        at.work(timedelta(minutes=10))
        first, second = at.inbox.taken
    assert first.as_bytes() == second.as_bytes()
    assert pen.calls == 1


def test_a_crash_between_drawing_and_sending_changes_nothing(
    tmp_path: Path, digest: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KilledError

    with office(tmp_path) as at:
        at.sender.drawer = Pen()
        owe(at, digest)
        with monkeypatch.context() as patch:
            patch.setattr(type(at.sender.sender), "send", killed)
            with pytest.raises(KilledError):
                at.sender.send_all()
        assert at.state(KEY) == "owed"
        at.clock.wait(timedelta(minutes=11))
        again = Pen(works=False)
        replace(at.sender, drawer=again).send_all()
        (mail,) = at.inbox.taken
    assert [part.get_content() for part in parts(mail)[2]] == [b"picture 1"] * 2
    assert again.calls == 0


def test_people_with_the_same_mail_share_its_pictures(tmp_path: Path, digest: Message) -> None:
    with office(tmp_path) as at:
        at.sender.drawer = pen = Pen()
        for name in ("anna", "bert"):
            owe(at, digest, f"digest:2026-W47:{name}")
        at.sender.send_all()
        assert len(at.inbox.taken) == 2
    assert pen.calls == 1


def test_a_mail_leaves_without_what_cannot_be_drawn_and_stays_so(
    tmp_path: Path, digest: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "python"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o700)
    with office(tmp_path) as at:
        at.sender.drawer = Drawer(timeout_s=0.3)
        at.inbox.data_answers = ["451 later"]
        owe(at, digest)
        monkeypatch.setattr("sys.executable", str(slow))
        at.sender.send_all()
        at.sender.drawer = Pen()
        at.work(timedelta(minutes=5))
        (mail,) = at.inbox.taken
    text, html, pictures = parts(mail)
    assert not pictures
    assert "<img" not in html
    assert "cid:" not in html
    assert "landings in week 47 of 2026" in text
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_words_from_elsewhere_stay_words(tmp_path: Path) -> None:
    hostile = '"><img src=x onerror=alert(1)><!--/picture--><!--picture weeks-1-->'
    part = compared()
    assert part.chart is not None
    message = alert_mail.render([replace(part, chart=replace(part.chart, headline=hostile))])
    with office(tmp_path) as at:
        at.sender.drawer = Pen()
        owe(at, message)
        at.sender.send_all()
        (mail,) = at.inbox.taken
    _, html, pictures = parts(mail)
    assert len(pictures) == len(re.findall("<img", html)) == 1
    assert "&lt;img src=x onerror" in html


def test_an_alert_shows_the_weeks_that_it_is_compared_with(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.find(*two())
        at.work(timedelta(minutes=3))
        (mail,) = at.mails
    text, _, pictures = parts(mail)
    assert [part.get_filename() for part in pictures] == ["weeks-1.png"]
    words = " ".join(text.split())
    assert "the 26 weeks to week 47: at least 2 landings in all, most in week 47 (2+)" in words
    assert "In 26 weeks we could not see." in words


def test_a_digest_shows_the_tracks_of_its_landings(tmp_path: Path) -> None:
    landing = replace(LANDING, watches=(WatchMatch("w", "fleet silkway", True),))
    with desk(tmp_path) as at:
        with at.services.store.transaction():
            reports = [(each, landing.watches) for each in flown(floor_ft=4000)]
            observations.store_reports(at.services.store, reports)
            landings.save(at.services.store, landing, None)
        watches = at.services.settings.watches[:1]
        message = at.services.digests.message(watches, "2026-W47", NOW)
    weeks, shown = message.illustrations
    assert (weeks.name, shown.name) == ("weeks-1", "tracks-1")
    assert "near LLOV Ovda as far as they were received: landing 1." in shown.alt
    picture, _ = ordered(shown.order)
    assert isinstance(picture, TracksMap)
    (track,) = picture.tracks
    assert {leg.side for leg in track.legs} == {Side.ARRIVAL, Side.DEPARTURE}
    assert "2026-11-22" not in shown.order, "a map has no times"
