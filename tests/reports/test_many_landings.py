"""Where do many landings stand in a mail? The newest before "More", the others below it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from collector.model.notice import Message
from collector.reports.mails import alert, alert_mail, digest
from collector.reports.mails.alert_mail import MOST_ABOVE
from tests.reports.golden import crossed
from tests.support import weeks_told
from tests.support.landings import CONFIRMED

NUMBER = 8
LANDINGS = [
    replace(
        CONFIRMED,
        id=f"{CONFIRMED.id}{number}",
        registration=f"REG-{number}",
        detection=replace(
            CONFIRMED.detection,
            touchdown_at=CONFIRMED.detection.touchdown_at - timedelta(hours=NUMBER - number),
        ),
    )
    for number in range(1, NUMBER + 1)
]
ALERT = replace(crossed(), verdict=weeks_told.verdict(LANDINGS))
MAILS = {
    "digest": digest.render(weeks_told.digest(LANDINGS)),
    "alert": alert_mail.render([alert.part(ALERT)]),
}


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS)
def test_the_newest_landings_stand_above_more_with_their_numbers(mail: Message) -> None:
    def listed(html: str) -> list[tuple[str, str]]:
        return re.findall(r">(\d)\.</td>\s*<td[^>]*>\s*<b>REG-(\d)</b>", html)

    above, below = mail.html.split(">More</h2>")
    numbers = [(str(each), str(each)) for each in range(1, NUMBER + 1)]
    assert listed(above) == numbers[-MOST_ABOVE:]
    assert listed(below) == numbers[:-MOST_ABOVE]
    assert f"Below, under “More”: landings 1 to {NUMBER - MOST_ABOVE}." in above
    told = re.findall(r"^(\d)\. REG-(\d) ", mail.text, re.MULTILINE)
    assert told[:NUMBER] == numbers, "a text has no screens, and tells them in one list"
