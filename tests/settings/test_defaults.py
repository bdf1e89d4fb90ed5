"""Which settings hold without a configuration, and which follow from a short one?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from collector.model import Grade, Place, RuleKind
from collector.settings import check, explain, load
from collector.watches.matcher import Matcher
from tests.settings.conftest import Write
from tests.support.identity import Row

_OVDA, _BOTH = Place(("LLOV",)), Place(("LLOV", "LLER"))


def test_no_file_at_all_is_a_working_configuration() -> None:
    settings = load(None, environ={})
    assert settings.path is None
    assert [feed.name for feed in settings.feeds if feed.enabled] == ["adsblol"]
    assert settings.database == Path("var/collector.sqlite")
    assert settings.recordings == Path("var/recordings")
    assert settings.keep_recordings == timedelta(days=90)
    assert settings.mail.host is None
    assert settings.mail.client_name is None
    assert settings.blind_after == timedelta(hours=1)
    assert settings.mail.conversation == timedelta(seconds=60)
    assert settings.mail.folder == Path("var/mail")
    assert [recipient.address for recipient in settings.operators] == ["operator@localhost"]
    assert settings.operators == settings.recipients
    assert settings.web.host == "127.0.0.1"


def test_a_missing_contact_is_a_warning(write: Write) -> None:
    assert any("contact" in warning for warning in load(None, environ={}).warnings)
    quiet = load(write("contact = 'desk@example.org'"), environ={})
    assert not any("contact" in warning for warning in quiet.warnings)


def test_the_shipped_watch_counts_at_ovda_at_ramon_and_at_both_together() -> None:
    [watch] = load(None, environ={}).watches
    assert watch.places == (_OVDA, Place(("LLER",)), _BOTH)
    assert watch.airfields == ("LLOV", "LLER")
    assert watch.zone == "Asia/Jerusalem"
    assert watch.count_from is Grade.PROBABLE
    assert watch.home == ("UBBB", "UBBG")


def test_the_shipped_rules() -> None:
    [watch] = load(None, environ={}).watches
    at_ovda = [rule for rule in watch.rules if rule.place == _OVDA]
    configured = [rule for rule in at_ovda if not rule.added_by]
    assert [(rule.name, rule.kind, rule.count, rule.days) for rule in configured] == [
        ("weekly", RuleKind.THRESHOLD, 2, None),
        ("fortnight", RuleKind.THRESHOLD, 3, 14),
        ("surge", RuleKind.SURGE, 2, None),
    ]
    stated = configured[2].stated_usual
    assert configured[2].false_alarms_per_year == 0.5
    assert stated is not None
    assert stated.source == "92 from 2016-04 to 2023-03, Haaretz, March 2023"
    assert stated.weeks == pytest.approx(7 * 365.25 / 7, abs=0.2)
    added = [rule for rule in at_ovda if rule.added_by]
    assert [(rule.name, rule.added_by, rule.base, rule.count, rule.days) for rule in added] == [
        (f"{rule.name}-undetermined", rule.name, rule.kind, rule.count, rule.days)
        for rule in configured[:2]
    ]
    assert {rule.kind for rule in added} == {RuleKind.UNDETERMINED}
    assert not any(rule.mail_end for rule in watch.rules)
    together = [rule for rule in watch.rules if rule.place == _BOTH]
    assert [rule.kind for rule in together] == [rule.kind for rule in at_ovda]
    assert len(watch.rules) == 10


def test_il76s_of_airline_and_air_force_are_counted_the_others_followed() -> None:
    match = Matcher(load(None, environ={}).watches)
    day = date(2026, 11, 22)

    def counted(icao24: str, **fields: str) -> bool | None:
        matches = match(Row(icao24, **fields), day)
        return matches[0].counted if matches else None

    assert counted("600865") is True
    assert counted("613133", callsign="AHY8131") is True
    assert counted("600b20") is False
    assert counted("4246b3") is False
    assert counted("60086a", callsign="AZQ4601", type_code="IL76") is True
    assert counted("60086a", callsign="AZG201", type_code="B748") is False
    assert counted("600801") is None
    assert counted("600882") is None, "an inferred address is watched"


def test_airfields_are_watched_ones_rivals_and_homes() -> None:
    settings = load(None, environ={})
    assert [airfield.icao for airfield in settings.watched] == ["LLOV", "LLER"]
    codes = [airfield.icao for airfield in settings.airfields]
    assert len(codes) == len(set(codes))
    assert {"OJAQ", "HETB", "LLYO", "LLET", "LLNV", "LLHB", "LLBG", "UBBB", "UBBG"} < set(codes)


def test_a_short_watch_gets_the_usual_rules_and_every_recipient(write: Write) -> None:
    path = write(
        """
        [[recipient]]
        name = "desk"
        address = "desk@example.org"
        [[watch]]
        name = "short"
        places = ["egll or EGKK", "EGLL"]
        types = ["il76"]
        """
    )
    settings = load(path, environ={})
    [watch] = settings.watches
    assert [rule.name for rule in watch.rules] == [
        *("weekly", "weekly-undetermined", "fortnight", "fortnight-undetermined"),
        "surge",
    ]
    assert {rule.place for rule in watch.rules} == {Place(("EGLL", "EGKK"))}
    assert [each.address for each in watch.recipients] == ["desk@example.org"]
    assert settings.operators == watch.recipients
    assert watch.types == ("IL76",)


def test_a_watch_has_a_title(write: Write) -> None:
    short = 'places = ["LLOV"]\nicao24 = ["600865"]\n'
    texts = [
        "# all of it by default",
        f'[[watch]]\nname = "a"\n{short}title = "Bavarian guests"\n',
        f'[[watch]]\nname = "cargo_two"\n{short}count_types = ["IL76"]\n',
        f'[[watch]]\nname = "b"\n{short}count_types = ["A124", "A225", "B744", "IL76"]\n',
    ]
    titles = [load(write(text), environ={}).watches[0].title for text in texts]
    assert titles == ["Silk Way Il-76s", "Bavarian guests", "cargo two (IL76)", "b (4 types)"]


def test_a_watch_may_have_no_rules_and_no_recipients(write: Write) -> None:
    path = write(
        "[[watch]]\nname='w'\nplaces=['LLOV']\ntypes=['IL76']\nrule=[]\nrecipients=[]\n"
        "count_from='confirmed'"
    )
    settings = load(path, environ={})
    assert settings.watches[0].rules == ()
    assert settings.watches[0].count_from is Grade.CONFIRMED
    assert any("its mails go to nobody" in warning for warning in settings.warnings)


def test_keeping_recordings_for_ever_or_not_at_all(write: Write) -> None:
    for_ever = load(write("[recording]\nkeep_days = 0"), environ={})
    assert for_ever.recordings is not None
    assert for_ever.keep_recordings is None
    assert load(write("[recording]\nenabled = false"), environ={}).recordings is None


def test_warnings_name_what_is_open_or_goes_nowhere(write: Write) -> None:
    path = write(
        "[web]\nhost = '0.0.0.0'\n[mail]\nhost = 'smtp.example.org'\nsender = 'a@example.org'"
    )
    warnings = " ".join(load(path, environ={}).warnings)
    assert "0.0.0.0" in warnings
    assert "operator@localhost" in warnings


@pytest.mark.parametrize(
    ("text", "url", "nobody"),
    [
        ("# nothing set", None, True),
        ("operators = []\n[mail]\nhost = 'smtp.example.org'\nsender = 'a@example.org'", None, True),
        ("[mail]\nhost = 'smtp.example.org'\nsender = 'a@example.org'", None, False),
        ("# nothing set", "https://hc.example.org/ping", False),
    ],
    ids=["neither", "no operators", "mail", "ping"],
)
def test_a_warning_says_that_nobody_would_be_told(
    write: Write, text: str, url: str | None, *, nobody: bool
) -> None:
    environ = {} if url is None else {"COLLECTOR_DEAD_MAN_URL": url}
    warnings = load(write(text), environ=environ).warnings
    told = [line for line in warnings if line.startswith("nobody would be told if")]
    assert bool(told) is nobody


def test_explain_names_every_source_and_hides_secrets(write: Write) -> None:
    path = write("contact = 'desk@example.org'\n[[watch]]\nname='w'\nplaces=['LLOV']\ntypes=['C5']")
    environ = {"COLLECTOR_WEB__PORT": "81", "COLLECTOR_DEAD_MAN_URL": "https://geheim/"}
    rows = {row.key: row for row in explain(load(path, environ=environ))}
    assert (rows["contact"].value, rows["contact"].source) == ("desk@example.org", str(path))
    assert rows["web.port"].source == "environment variable COLLECTOR_WEB__PORT"
    assert rows["dead_man_url"].value == "********"
    assert rows["watch[w].types"].source == str(path)
    assert rows["watch[w].zone"].source == "default"
    assert rows["watch[w].rule[weekly].count"].value == "2"
    assert rows["data"].value == "var"
    assert "feeds.adsblol.enabled" in rows


def test_hosts_for_replay_come_from_addresses_and_from_the_table(write: Write) -> None:
    path = write(
        "[feeds.roof]\nkind='readsb'\nurl='http://10.0.0.5:8080/aircraft.json'\n"
        "[hosts]\n'old.lan' = 'roof'"
    )
    assert load(path, environ={}).hosts == {"10.0.0.5": "roof", "old.lan": "roof"}


def test_a_disabled_feed_needs_nothing(write: Write) -> None:
    path = write("[feeds.opensky]\nenabled = false")
    assert check(path, {}) == []
    assert [feed.enabled for feed in load(path, environ={}).feeds] == [True, False]
