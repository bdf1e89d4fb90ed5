"""Do `explain` and `status` say which full tracks were fetched, and why one was not?"""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from collector.cli import main
from collector.cli import status as status_screen
from collector.clock import SystemClock
from tests.polling.silent_flights import (
    BEGIN,
    BOTH,
    LANDS_AT,
    MINUTE,
    OVDA,
    STAY,
    receiver_of,
    switched_off,
)
from tests.support import flights
from tests.support.fake_feed import Answer
from tests.support.station import Station
from tests.support.status import status_of
from tests.support.traced import traced


def test_a_daemon_fetches_a_requested_track_and_explains_it(tmp_path: Path) -> None:
    """As for an operator: in another process, by the machine's own clock."""
    lands_at = SystemClock().now() - 30 * MINUTE
    path = flights.visit(flights.LLOV, lands_at, STAY)
    receiver = receiver_of(switched_off(path, lands_at))
    station = Station(tmp_path)
    with traced(tmp_path, receiver, lands_at - 8 * MINUTE) as rig:
        rig.work(lands_at + 5 * MINUTE, fetch=False)
        rig.clock.move_to(SystemClock().now())
        while rig.jobs.poll("adsblol"):  # so that the daemon need not
            pass
        station.run("run", "--once")
        assert rig.asked() == BOTH
    (landing,) = json.loads(_output_of(tmp_path, "landings", "--json"))
    assert (landing["airfield"], landing["grade"]) == ("LLOV", "confirmed")
    text = " ".join(_output_of(tmp_path, "explain", landing["id"]).split())
    assert "Fetched from adsblol on" in text
    assert (
        "/trace_full_600865.json. Requested because the aircraft fell silent inbound, last heard"
        in text
    )
    assert "Full tracks, last 7 days: 1 done" in _output_of(tmp_path, "status")


def _output_of(folder: Path, *words: str) -> str:
    """The output of a command."""
    done = CliRunner().invoke(main, ["--config", str(folder / "collector.toml"), *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_explain_and_status_say_why_there_is_no_track(tmp_path: Path) -> None:
    refusing = receiver_of(switched_off(OVDA), instead=lambda _: Answer(status=403))
    with traced(tmp_path, refusing, BEGIN) as rig:
        rig.work(LANDS_AT + 25 * MINUTE)
        (landing,) = rig.landings()
        status = status_of(rig.jobs.services, rig.clock.now())
    assert status["tracks"] == {"owed": 0, "done": 0, "failed": 1, "given-up": 0}
    assert "Full tracks, last 7 days: 1 failed" in status_screen.status_text(status)
    (why,) = json.loads(_output_of(tmp_path, "explain", landing.id, "--json"))
    (line,) = why["fetched"]
    assert line.startswith("It could not be fetched from adsblol, last tried on Sun 22 Nov 2026")
    assert "refused with 403" in line
