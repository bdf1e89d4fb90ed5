"""Do the commands that change or send something do so once, and only that?"""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from collector.cli import main
from collector.lock import SingleInstance
from collector.store import Store, rederivation_queue
from collector.store.rederivation_queue import DueSpan
from tests.cli.conftest import AT
from tests.cli.runner import call, listed
from tests.recording.replies import reply
from tests.support.fake_feed import Answer, FakeFeed
from tests.support.reshape import record
from tests.support.sky import IL76, Sky, Visit
from tests.support.smtp import Inbox, smtp_server
from tests.support.station import Station


def test_a_rule_is_muted_and_unmuted_and_an_alert_acknowledged(station: Station) -> None:
    call(station, "alerts", "mute", "w", "one", "--until", "2099-01-01", "--note", "leave")
    assert listed(station, "alerts", "list")[0]["muted_until"] == "2099-01-02T00:00:00Z"
    assert "no longer muted" in call(station, "alerts", "unmute", "w", "one").stderr
    call(station, "alerts", "ack", "w", "one", "2026-W47", "--note", "seen")
    (row,) = listed(station, "alerts", "list")
    assert row["acknowledged_at"]
    assert row["muted_until"] is None


def test_a_digest_of_any_week_is_printed_or_written(station: Station, tmp_path: Path) -> None:
    text = call(station, "digest", "--week", "2026-W47").stdout
    assert text.startswith("The collector did not run, or asked no feed, for 6 d 23 h in all: ")
    assert "\nw at Ovda: at least 1 landing in week 47 of 2026" in text
    result = call(station, "digest", "--week", "2026-W46", "--out", str(tmp_path / "out"))
    assert result.stdout == ""
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [
        "digest-2026-W46-weeks-1.png",
        "digest-2026-W46.html",
        "digest-2026-W46.txt",
    ]


def test_a_digest_is_mailed_once(station: Station) -> None:
    inbox = Inbox()
    with smtp_server(inbox) as port:
        station.smtp_port = port
        station.write()
        sent = call(station, "digest", "--week", "2026-W45", "--send").stderr
        again = call(station, "digest", "--week", "2026-W45", "--send").stderr
    assert "digest of 2026-W45 to ops: sent\n" in sent
    assert "digest of 2026-W45 to ops: was sent before\n" in again
    digests = [
        mail
        for mail in inbox.taken
        if mail["Subject"].startswith("w at Ovda: could not see, week 45")
    ]
    assert len(digests) == 1


def test_of_a_digest_that_could_not_be_sent_it_is_said_why(tmp_path: Path) -> None:
    station = Station(tmp_path, smtp_port=9)  # nobody listens there
    call(station, "db", "migrate")
    told = call(station, "digest", "--week", "2026-W45", "--send").stderr
    assert "digest of 2026-W45 to ops: waits; the daemon sends it" in told
    assert "Connection refused" in told.split("to ops: waits")[1]
    inbox = Inbox(recipient_answers=["550 5.1.1 no such user"])
    with smtp_server(inbox) as station.smtp_port:
        station.write()
        refused = call(station, "digest", "--week", "2026-W44", "--send", code=1).stderr
    assert "digest of 2026-W44 to ops: refused (" in refused
    assert "no such user" in refused.split("to ops: refused")[1]


def test_init_writes_a_configuration_that_checks_and_leaves_others_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "collector.toml"
    runner = CliRunner()
    assert runner.invoke(main, ["init", str(path)]).exit_code == 0
    assert runner.invoke(main, ["--config", str(path), "check"]).exit_code == 0
    before = path.read_text()
    again = runner.invoke(main, ["init", str(path)])
    assert again.exit_code == 1
    assert "exists already" in again.stderr
    assert path.read_text() == before


def test_check_probe_asks_each_feed_and_mails_everybody(tmp_path: Path) -> None:
    inbox = Inbox()
    with FakeFeed() as feed:
        feed.on("/*", lambda _: Answer(Sky().body(datetime.now(UTC))))
        with smtp_server(inbox) as port:
            station = Station(tmp_path, feed_url=feed.url, smtp_port=port)
            call(station, "check", "--probe")
            assert not station.database.exists()
            inbox.taken.clear()
            call(station, "db", "migrate")
            assert "6 aircraft" in call(station, "check", "--probe").stderr
            assert [mail["To"] for mail in inbox.taken] == ["ops@example.org"]
            with Store.open(station.database, read_only=True) as store:
                spent = [tuple(row) for row in store.execute("SELECT feed, cost FROM spending")]
            assert spent == [("adsblol", 1)], "on whichever day this is"
        feed.on("/*", Answer(b"go away", 403))
        told = call(station, "check", "--probe", code=1).stderr
    assert "feed adsblol:" in told
    assert "mail to ops: " in told
    assert "Connection refused" in told
    assert "Errno" not in told
    assert "tried again" not in told, "nobody tries a test again"


def test_the_database_can_be_checked_and_backed_up(station: Station, tmp_path: Path) -> None:
    call(station, "db", "check")
    copy = tmp_path / "copy.sqlite"
    call(station, "db", "backup", str(copy))
    call(station, "db", "backup", str(copy), code=1)
    assert copy.stat().st_size > 0
    folder = tmp_path / "backups"
    assert (
        "needs an existing folder"
        in call(station, "db", "backup", str(folder), "--keep", "1", code=2).stderr
    )
    folder.mkdir()
    (folder / "collector-2026-11-01T120000Z.sqlite").write_bytes(b"an older one")
    said = call(station, "db", "backup", str(folder), "--keep", "1")
    (kept,) = folder.iterdir()
    assert said.stderr == f"{kept}: written and checked\n"
    station.database.parent.joinpath("x").write_text("")
    call(Station(tmp_path), "db", "migrate")


def test_old_time_is_pruned_once_and_a_replay_says_that_it_is_closed(station: Station) -> None:
    assert "--older-than DAYS" in call(station, "db", "prune", code=2).stderr
    before = listed(station, "landings", "--all"), listed(station, "weeks")
    with Store.open(station.database) as store:
        span = DueSpan("600865", AT, AT)
        rederivation_queue.queue_spans(store, [span])
        unfinished = call(station, "db", "prune", "--older-than", "90", code=1).stderr
        assert "a backfill was not finished: run it again first" in unfinished
        rederivation_queue.replace_spans(store, [])
    first = call(station, "db", "prune", "--older-than", "90", "--shrink").stderr
    assert first.startswith("closed until 20")
    assert (listed(station, "landings", "--all"), listed(station, "weeks")) == before
    said = call(station, "replay", str(station.folder)).stderr
    assert "is closed, since it was pruned: its landings stay as they are" in said
    call(station, "db", "check")


def test_a_record_of_the_year_9999_does_not_end_a_replay(tmp_path: Path) -> None:
    station = Station(tmp_path)
    (path,) = record([reply(second) for second in range(3)], tmp_path / "recorded")
    plain = gzip.decompress(path.read_bytes())
    path.unlink()
    made = path.with_name("made.warc")
    made.write_bytes(plain.replace(b"WARC-Date: 2026", b"WARC-Date: 9999", 2))
    said = call(station, "replay", str(made)).stderr
    assert "is passed over: its date 9999-11-22 is not between 2010 and now" in said
    assert "2 replies and 0 heartbeats, 2026-11-22" in said


def test_a_backup_is_restored_while_no_daemon_runs(tmp_path: Path) -> None:
    station = Station(tmp_path)
    call(station, "db", "migrate")
    call(station, "db", "backup", str(tmp_path / "copy.sqlite"))
    with SingleInstance(station.database):
        said = call(station, "db", "restore", str(tmp_path / "copy.sqlite"), code=1).output
        assert "is running on this database" in said
    assert "-before-" in call(station, "db", "restore", str(tmp_path / "copy.sqlite")).output
    call(station, "db", "check")
    assert len(list(station.database.parent.glob("collector-before-*.sqlite"))) == 1


def test_traces_make_their_landing_and_their_mail_once(tmp_path: Path) -> None:
    folder = tmp_path / "traces"
    folder.mkdir()
    arrival = Visit(lands_at=AT).arrival
    begin = AT - timedelta(seconds=arrival.touchdown_s)
    rows = []
    for seconds in range(0, int(arrival.duration_s), 10):
        moment = arrival.at(seconds)
        altitude = "ground" if moment.on_ground else round(moment.altitude_ft)
        place: list[object] = [seconds, moment.lat_deg, moment.lon_deg, altitude]
        rate = None if moment.on_ground else round(moment.vertical_rate_fpm)
        details = {"flight": "AZQ4801 "} if seconds == 0 else None
        rows.append([*place, moment.speed_kt, moment.track_deg, 0, rate, details])
    trace = {"icao": IL76, "timestamp": begin.timestamp(), "trace": rows, "r": "4K-AZ101"}
    with gzip.open(folder / f"trace_full_{IL76}.json", "wb") as file:
        file.write(json.dumps(trace).encode())
    (folder / "trace_full_600866.json").write_text("{broken")
    station = Station(tmp_path)
    for _ in range(2):
        result = call(station, "backfill", "traces", str(folder))
        assert result.stdout == ""
    (row,) = listed(station, "landings")
    assert (row["airfield"], row["callsign"]) == ("LLOV", "AZQ4801")
    (mail,) = listed(station, "outbox", "list")
    assert ("crossed" in mail["key"], mail["state"]) == (True, "dropped")


def test_dropped_mails_are_summed_up_once_and_sent_on_request(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "alert:w:one:2026-W47:crossed:1:ops"

    def states() -> dict[str, str]:
        return {row["key"]: row["state"] for row in listed(station, "outbox", "list")}

    shown = call(station, "outbox", "list").stdout
    assert key not in shown
    (short,) = re.findall(r"(?m)^([0-9a-f]{8})  dropped .*  ops  \w", shown)
    monkeypatch.setenv("COLUMNS", "50")
    narrow = call(station, "outbox", "list").stdout
    assert re.search(rf"(?m)^{short}  dropped .*  ops  0\n    w at Ovda: ", narrow)
    assert max(map(len, narrow.splitlines())) <= 50
    told = call(station, "outbox", "retry", short).stderr
    assert "1 mail waits to be sent; no daemon runs: `collector run --once` sends it" in told
    assert states()[key] == "owed"
    assert "0 mails" in call(station, "outbox", "drop", "--before", "2026-11-18").stderr
    assert "1 mail is dropped" in call(station, "outbox", "drop", "--before", "2026-11-19").stderr
    assert states()[key] == "dropped"
    assert "is dropped already" in call(station, "outbox", "drop", short, code=1).stderr
    assert f"{key}: is dropped already" in call(station, "outbox", "drop", key, code=1).stderr
    assert "--before" in call(station, "outbox", "drop", "--all", key, code=2).stderr
    said = call(station, "outbox", "summary").stdout
    assert "Wed 18 Nov 2026" in said
    for queued in ("queued for ops", "queued for nobody"):
        assert queued in call(station, "outbox", "summary", "--send").stderr
    (summary,) = [key for key, state in states().items() if state == "owed"]
    assert summary.startswith("past:")
    call(station, "outbox", "drop", "--all")
    assert call(station, "outbox", "summary").stdout == said
