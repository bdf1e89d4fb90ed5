"""Does `watch new` write a watch that works, and leave alone what it should not touch?"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from collector.cli import main
from collector.settings import Settings, load

OWN = """# my remarks stay
contact = "desk@example.org"

[[recipient]]
name = "desk"
address = "desk@example.org"   # the desk
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "collector.toml"
    path.write_text(OWN)
    path.chmod(0o640)
    return path


def new(config: Path, *words: str, answers: str = "", code: int = 0) -> Result:
    done = CliRunner().invoke(main, ["--config", str(config), "watch", "new", *words], answers)
    assert done.exit_code == code, done.output
    return done


def loaded(config: Path) -> Settings:
    return load(config, environ={})


def test_five_answers_give_a_watch_and_the_comments_stay(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.cli.watch.somebody_answers", lambda: True)
    answers = "Maximus Air, A124\nAbu Dhabi Zayed\nOMAA\n3\n\nMaximus An-124s\n"
    said = new(config, answers=answers).output
    assert said.count("\n1. ") + said.startswith("1. ") == 1
    assert "5. What shall mails call them? [Maximus Air, A124]" in said
    (watch,) = loaded(config).watches
    assert (watch.name, watch.title) == ("maximus-an-124s", "Maximus An-124s")
    assert (watch.operators, watch.types) == (("Maximus Air",), ("A124",))
    assert [place.name for place in watch.places] == ["OMAA"]
    assert watch.zone == "Asia/Dubai"
    assert next((rule.name, rule.count) for rule in watch.rules) == ("weekly", 3)
    assert [each.name for each in watch.recipients] == ["desk"]
    assert config.read_text().startswith(OWN.rstrip("\n"))
    assert config.stat().st_mode & 0o777 == 0o640
    assert 'the shipped watch "silkway" is no longer in force' in said


def test_options_ask_nothing_and_a_second_watch_joins_the_first(config: Path) -> None:
    words = ["--type", "il76", "--registration", "4k-az101", "--at", "LLOV or LLER"]
    new(config, *words, "--to", "n'ight@example.org", "--title", "Il-76s")
    said = new(config, "--operator", "Silk Way Airlines", "--at", "Ovda", "--count", "4").output
    assert "at LLOV (Ovda)" in said
    first, second = loaded(config).watches
    assert (first.types, first.registrations) == (("IL76",), ("4K-AZ101",))
    assert first.zone == "Asia/Jerusalem"
    assert [(each.name, each.address) for each in first.recipients] == [
        ("n-ight", "n'ight@example.org")
    ]
    assert second.title == "Silk Way Airlines"
    assert [place.name for place in second.places] == ["LLOV"]


def test_a_list_gives_its_aircraft(config: Path, tmp_path: Path) -> None:
    listed = tmp_path / "fleet.csv"
    listed.write_text("$ICAO,$Registration,$Operator\n600865,4K-AZ101,Silk Way\n,EW-412TH,\n")
    new(config, answers=f"{listed}\nLLOV\n\n\n\n")
    (watch,) = loaded(config).watches
    assert (watch.icao24, watch.registrations) == (("600865",), ("EW-412TH",))


def test_without_a_configuration_the_commented_example_begins_it(tmp_path: Path) -> None:
    config = tmp_path / "new" / "collector.toml"
    new(config, "--hex", "0x600865", "--at", "LLOV")
    assert "# The collector's configuration." in config.read_text()
    assert loaded(config).watches[0].icao24 == ("600865",)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--hex", "a4f6d7", "--at", "LLOV"], "name the registration instead"),
        (["--type", "IL76", "--at", "Ovad"], "did you mean LLOV (Ovda)"),
        (["--type", "IL76", "--at", "LLOV", "--to", "dekc"], "choose from desk"),
        (["--hex", "60086", "--at", "LLOV"], "is no ICAO 24-bit address"),
        (["--hex", "60086G", "--at", "LLOV"], "'60086g' is no ICAO 24-bit address"),
        (["--hex", "600bff-600800", "--at", "LLOV"], "the lower address must come first"),
        (["--hex", "9ff000-b00000", "--at", "LLOV"], "name the registration instead"),
        (["--type", "IL76", "--at", "Ramonn"], "did you mean LLER (Ramon"),
        (["--type", "IL76", "--at", "LLOV", "--to", "x@y"], "its domain has no dot"),
        (["--type", "IL76", "--at", "LLOV", "--title", " "], "must not be empty"),
    ],
)
def test_a_mistake_leaves_the_file_as_it_was(config: Path, words: list[str], said: str) -> None:
    done = CliRunner().invoke(main, ["--config", str(config), "watch", "new", *words])
    assert done.exit_code in (2, 78)
    assert said in " ".join(done.output.split())
    assert config.read_text() == OWN
    assert [path.name for path in config.parent.iterdir()] == ["collector.toml"]


def test_an_interruption_leaves_the_file_as_it_was(config: Path) -> None:
    new(config, answers="IL76\nLLOV\n", code=1)
    assert config.read_text() == OWN


def test_notes_tell_who_may_be_private_and_which_operator_may_be_meant(config: Path) -> None:
    said = new(config, "--registration", "n12345", "--at", "LLOV").output
    assert "nothing here says who operates N12345" in said
    other = config.with_name("other.toml")
    said = new(other, "--operator", "Silkway Airlines", "--at", "LLOV").output
    assert "did you mean Silk Way Airlines?" in said


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("IL76\nNowhere at all\n3\n\nIl-76s\n", "no airfield is called 'Nowhere at all'"),
        ("\nIL76\nLLOV\n3\n\nIl-76s\n", "names no aircraft"),
        ("IL76\nLLOV\nmany\n3\n\nIl-76s\n", "'many' is not a valid integer"),
    ],
)
def test_a_refused_answer_from_a_pipe_ends_it_and_takes_no_other(
    config: Path, answers: str, said: str
) -> None:
    assert said in new(config, answers=answers, code=2).output
    assert config.read_text() == OWN


def test_a_type_that_nobody_knows_is_asked_again_and_noted(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.cli.watch.somebody_answers", lambda: True)
    answers = "zzzz\n\nIL67\nn\nil76\nOvda, Ramon International\n\n\n\n"
    said = new(config, answers=answers).output
    assert "no aircraft of type ZZZZ is in the shipped fleets" in said
    assert "no aircraft of type IL67 is in the shipped fleets; did you mean IL76?" in said
    (watch,) = loaded(config).watches
    assert watch.types == ("IL76",)
    assert [place.name for place in watch.places] == ["LLOV", "LLER"]
    assert {rule.place.name for rule in watch.rules} == {"LLOV", "LLER"}
    assert "did you mean IL76?" in new(config, "--type", "IL67", "--at", "LLOV").output
