"""Does a process of its own draw, small, without our secrets, and is a failure only no picture?"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from collector.coverage.sight import SeenCount, Sight
from collector.drawing import Drawer
from collector.reports.picture import Look, order
from collector.reports.picture.canvas import draw_order
from tests.support.weeks_told import weeks_chart

MOST_KIB = 120 * 1024
CHART = weeks_chart(SeenCount(2, 3, Sight(0.9, 0.9)))
_OBSERVED = """#!{python}
import json, os, re, runpy, sys
sys.argv = sys.argv[2:]
def refused(_):
    raise PermissionError(1, "Operation not permitted")
os.nice = refused  # as systemd/collector.service has it: its system calls are limited
try:
    runpy.run_module("collector.drawing", run_name="__main__", alter_sys=True)
finally:
    used = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
    json.dump([used, dict(os.environ)], open({told!r}, "w"))
"""


def python_that(tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `script` stand in the place of our interpreter."""
    path = tmp_path / "python"
    path.write_text(script)
    path.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(path))


def test_a_process_of_its_own_draws_what_this_one_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = str(tmp_path / "told.json")
    orders = [order(CHART, Look(suffix="png")), "{}", order(CHART, Look(suffix="svg"))]
    monkeypatch.setenv("COLLECTOR_MAIL_PASSWORD", "hunter2")
    python_that(tmp_path, _OBSERVED.format(python=sys.executable, told=told), monkeypatch)
    png, none, svg = Drawer(timeout_s=120).drawn(orders)
    assert none is None, "what cannot be read is left out, and the others are drawn"
    assert png == draw_order(orders[0])
    assert svg == draw_order(orders[2])
    used_kib, environment = json.loads(Path(told).read_text())
    assert used_kib < MOST_KIB
    assert "hunter2" not in environment.values()
    assert not Path(environment["MPLCONFIGDIR"]).exists(), "nothing is left behind"


@pytest.mark.parametrize(
    "script",
    [
        "#!/bin/sh\nexec sleep 60\n",
        "#!/bin/sh\nkill -9 $$\n",
        "#!/bin/sh\necho nonsense\n",
        "#!/no/such/interpreter\n",
    ],
    ids=["too slow", "killed", "nonsense", "does not start"],
)
def test_a_failure_is_no_picture_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    python_that(tmp_path, script, monkeypatch)
    assert Drawer(timeout_s=0.5).drawn(["{}", "{}"]) == [None, None]


def test_what_was_drawn_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = "import sys, msgspec; sys.stdout.buffer.write(msgspec.msgpack.encode([b'picture']))"
    count = tmp_path / "count"
    script = f'#!/bin/sh\necho >> {count}\nexec {sys.executable} -c "{answer}"\n'
    python_that(tmp_path, script, monkeypatch)
    drawer = Drawer()
    assert [drawer.drawn(["{}"]) for _ in range(3)] == [[b"picture"]] * 3
    assert drawer.drawn(["{}", "[]", "{}"]) == [b"picture"] * 3
    assert len(count.read_text().splitlines()) == 2


def test_what_runs_for_months_never_imports_matplotlib() -> None:
    program = """
import importlib, pkgutil, sys
for room in ("daemon", "web", "notify", "drawing"):
    package = importlib.import_module(f"collector.{room}")
    for module in pkgutil.iter_modules(package.__path__, f"collector.{room}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
import collector.services, collector.cli.run, collector.cli.serve
print(sorted({"matplotlib", "numpy", "PIL"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"[]\n"
