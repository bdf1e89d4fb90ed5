"""Can a landing still be proven from its raw replies when everything else was pruned?"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from click.testing import CliRunner

from collector import recording
from collector.backfill import recordings
from collector.cli import main
from collector.model.reply import Fleet
from collector.services import build_services
from collector.settings import load
from collector.store import Store, landings
from tests.support.desk import Desk, desk
from tests.support.sky import Sky, Visit
from tests.support.station import Station

WEDNESDAY = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LANDS_AT = WEDNESDAY + 5 * HOUR


def pruned(at: Desk, folder: Path) -> None:
    """Let 100 days pass, as the files see it, and prune."""
    for path in folder.glob("*.warc.gz"):
        os.utime(path, (at.clock.now().timestamp(), at.clock.now().timestamp()))
    at.clock.move_to(at.clock.now() + timedelta(days=100))
    while at.jobs.poll("adsblol"):
        pass
    at.jobs.prune()


def test_the_kept_replies_alone_prove_the_landing_and_explain_names_them(tmp_path: Path) -> None:
    live = tmp_path / "live"
    live.mkdir()
    folder = live / "var" / "recordings"
    with desk(live, WEDNESDAY, Sky((Visit(lands_at=LANDS_AT, heard_above_ft=3_000.0),))) as at:
        for until, every_s in ((-0.5, 1200), (0.5, 120), (4, 1200)):
            at.work(LANDS_AT + until * HOUR, timedelta(seconds=every_s))
        at.jobs.services.pipeline.derivation.settle(at.clock.now())
        (found,) = landings.find(at.store)
    with desk(live, WEDNESDAY + 9 * HOUR, Sky()) as at:
        (closed,) = (path for path in folder.glob("*.warc.gz") if b"20261118T03" in bytes(path))
        pruned(at, folder)
        assert not closed.exists()
    kept = folder / "kept" / "kept-2026-11-18.warc.gz"
    held = [
        each.reply
        for each in recording.read([kept], recognise=partial(recording.recognise, hosts={}))
        if each.reply is not None
    ]
    absent = [reply for reply in held if isinstance(reply.ask, Fleet) and b'"ac": []' in reply.body]
    assert min(reply.received_at for reply in absent) < LANDS_AT - 3 * HOUR
    assert max(reply.received_at for reply in absent) > LANDS_AT + 2 * HOUR
    assert min(reply.received_at for reply in held) > WEDNESDAY + HOUR / 2

    config = str(Station(live).config)
    told = CliRunner().invoke(main, ["--config", config, "explain", found.id])
    assert str(kept) in told.stdout
    told = CliRunner().invoke(main, ["--config", config, "explain", found.id, "--json"])
    assert str(kept) in json.loads(told.stdout)[0]["raw_replies"]

    settings = load(Station(live).config, environ={})
    with Store.open(tmp_path / "again.sqlite") as store:
        recordings.replay(
            build_services(settings, store),
            recording.read([kept], recognise=partial(recording.recognise, hosts={})),
        )
        (again,) = landings.find(store)
    assert again.detection == found.detection

    pack = ["export", "evidence", found.id, "--out", str(tmp_path / "pack.zip")]
    assert CliRunner().invoke(main, ["--config", config, *pack]).exit_code == 0
    done = CliRunner().invoke(main, ["verify", str(tmp_path / "pack.zip"), "--json"])
    (checked,) = json.loads(done.stdout)
    assert checked["outcome"] == "same"
    assert checked["stored"] == checked["found"]
    assert checked["found"]["grade"] == found.detection.grade.value == "probable"

    kept.unlink()
    told = CliRunner().invoke(main, ["--config", config, "explain", found.id])
    assert "None is stored of" in " ".join(told.stdout.split())
