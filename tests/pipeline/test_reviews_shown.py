"""Does every command and page show a person's verdict, and hostile text harmlessly?"""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from collector.model.review import CONFIRMED, REJECTED
from collector.settings import load
from collector.store import outbox, reviews
from collector.web import create_app
from tests.pipeline.reviewed import (
    DAY,
    DOWN,
    ID,
    NOTE,
    WEEK,
    call,
    desk,
)
from tests.support.clock import ManualClock
from tests.support.station import Station
from tests.web.browser import READERS

ATTACK = "<script>alert(1)</script>\r\nBcc: x@example.com\x1b[2J\u202e{{7*7}}'; DROP TABLE reviews"

ATOM = ("/landings.atom", "/corrections.atom", "/alerts.atom")


def test_the_command_says_what_became_of_it(filled: Station) -> None:
    done = call(filled, "review", ID, "--reject", "--note", f" {NOTE} ", "--by", "Anna")
    assert done.stdout == ""
    assert f"{ID}: rejected by Anna; it counts for no place" in done.stderr
    again = call(filled, "review", ID, "--reject", "--note", NOTE, "--by", "Anna")
    assert "holds already" in again.stderr
    (row,) = json.loads(call(filled, "landings", "--json").stdout)
    assert (row["review"], row["review_note"], row["review_by"]) == (REJECTED, NOTE, "Anna")
    assert row["review_at"].endswith("Z")
    assert row["grade"] == "confirmed"
    (row,) = json.loads(call(filled, "explain", ID, "--json").stdout)
    assert [one["note"] for one in row["reviews"]] == [NOTE]
    assert f"Anna rejected it on {row['persons'][0].split(' on ', 1)[1]}" == row["persons"][0]
    text = call(filled, "explain", ID).stdout
    assert "Reviews (the latest one counts)" in text
    assert text.lower().count("rejected") == 3, "the verdict, who and why, and in the history"
    cleared = call(filled, "review", ID, "--clear", "--by", "Ben")
    assert "verdict withdrawn; it counts for w LLOV" in cleared.stderr
    assert "Ben withdrew the verdict" in call(filled, "explain", ID).stdout


def test_the_reviewer_is_the_user_unless_named(
    filled: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "ingrid")
    call(filled, "review", ID, "--confirm", "--note", NOTE)
    (row,) = json.loads(call(filled, "landings", "--json").stdout)
    assert (row["review"], row["review_by"], row["review_airfield"]) == (
        CONFIRMED,
        "ingrid",
        "LLOV",
    )


def page(station: Station, path: str) -> str:
    """A page of the status server, as a browser gets it."""
    clock = ManualClock(DOWN + DAY)
    app = create_app(station.database, load(station.config, environ={}), clock)

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path)

    answer = asyncio.run(get())
    assert answer.status_code == 200
    return answer.text


def test_readers_see_the_verdict_and_only_operators_who_and_why(filled: Station) -> None:
    call(filled, "review", ID, "--reject", "--note", NOTE, "--by", "Anna")
    machines = ("/landings.json", f"/landings/{ID}.json", "/weeks.json", "/status.json")
    for path in (*READERS, f"/landings/{ID}", "/aircraft/600865", *machines, *ATOM):
        said = page(filled, path)
        assert "Anna" not in said, path
        assert NOTE not in said, path
    assert "rejected by a person" in page(filled, "/corrections")
    operators = page(filled, "/operator/reviews")
    assert "Anna" in operators
    assert NOTE in operators
    shown = page(filled, f"/landings/{ID}")
    assert "Reviews" in shown
    assert "<li>A person rejected it on " in shown
    assert "Counts for no place." in shown
    assert "graded confirmed, " in shown
    assert "rejected by a person" in page(filled, "/landings")
    call(filled, "review", ID, "--reject", "--note", ATTACK, "--by", "Eve")
    hostile = page(filled, "/operator/reviews")
    assert "Eve" in hostile
    assert not {"\x1b", "\u202e"} & set(hostile)
    assert "<script>" not in hostile


def test_hostile_words_are_harmless_everywhere(filled: Station) -> None:
    call(filled, "review", ID, "--confirm", "--note", ATTACK, "--by", ATTACK[:60])
    call(filled, "review", ID, "--reject", "--note", ATTACK, "--by", ATTACK[:60])
    for words in (["landings"], ["explain", ID], ["digest", "--week", WEEK], ["outbox", "list"]):
        shown = call(filled, *words).stdout
        assert shown
        assert not {"\x1b", "\u202e", "\r"} & set(shown)
    (row,) = json.loads(call(filled, "landings", "--json").stdout)
    assert row["review_note"] == ATTACK.strip()
    with desk(filled) as services:
        for item in outbox.listing(services.store):
            assert "<script>" not in item.owed.message.html
            assert "\n" not in item.owed.message.subject
        assert len(reviews.history(services.store, ID)) == 2


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([ID, "--note", "x"], 2, "--confirm, --reject and --clear"),
        ([ID, "--confirm"], 2, "give the reason with --note"),
        ([ID, "--confirm", "--note", " \n"], 2, "give the reason with --note"),
        ([ID, "--confirm", "--note", "x" * 1001], 2, "at most 1000"),
        ([ID, "--reject", "--note", "x", "--by", "y" * 101], 2, "a name 100"),
        ([ID, "--reject", "--note", "x", "--by", " "], 2, "give your name with --by"),
        ([ID, "--reject", "--note", "x", "--at", "LLOV"], 2, "possible only with --confirm"),
        ([ID, "--confirm", "--note", "x", "--at", "\x1bXXX"], 2, "not one of the known airfields"),
        ([ID, "--clear"], 1, "no verdict on it"),
        ([ID[:-1] + "2", "--reject", "--note", "x"], 1, f"did you mean {ID}?"),
        (["\x1bnone", "--reject", "--note", "x"], 1, "landings --all"),
    ],
)
def test_mistakes_have_their_exit_code_and_change_nothing(
    filled: Station, words: list[str], code: int, message: str
) -> None:
    result = call(filled, "review", *words, code=code)
    assert message in result.stderr
    assert result.stdout == ""
    assert "\x1b" not in result.stderr
    with desk(filled) as services:
        assert reviews.history(services.store, ID) == []


def test_explain_names_the_nearest_ids_too(filled: Station) -> None:
    assert f"did you mean {ID}?" in call(filled, "explain", ID[:-1] + "7", code=1).stderr


def test_a_rejected_landing_is_not_explained_as_a_landing(filled: Station) -> None:
    call(filled, "review", ID, "--reject", "--note", NOTE, "--by", "Anna")
    (row,) = json.loads(call(filled, "explain", ID, "--json").stdout)
    assert row["verdict"].startswith("Rejected by a person, and not counted. As derived: ")
