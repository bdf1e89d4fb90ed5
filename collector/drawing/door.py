"""Who draws for the daemon, the page and the mails? A `Drawer` starts the process that does."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Sequence

import msgspec
import structlog

log = structlog.get_logger(__name__)

TIMEOUT_S = 20.0
"""Two pictures take one to three seconds; a machine that is ten times slower still draws them."""
REMEMBERED_BYTES = 2_000_000
"""A page is looked at more than once; a picture on it has 30 to 150 KB."""
_SHARED_ENVIRONMENT = (
    "PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "LD_LIBRARY_PATH",
    "TMPDIR",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
)
"""What the process needs of our environment. Passwords and keys, which may stand there, are none
of its business."""
_REASON_LONGEST = 300


class Drawer:
    """Draws pictures in another process, one set at a time, and remembers the last ones."""

    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._busy = threading.Lock()
        self._remembered: OrderedDict[str, bytes] = OrderedDict()

    def drawn(self, orders: Sequence[str]) -> list[bytes | None]:
        """Return the picture for each order (`reports.picture.orders.order`), None where there is
        none.

        A picture is missing if it could not be drawn, or not within the time-out in seconds. The
        reason is logged. Nothing is raised: who asks goes on without pictures.
        """
        if not self._busy.acquire(timeout=self._timeout_s):
            log.warning("no picture", reason=f"others were drawn for {self._timeout_s:g} s")
            return [None] * len(orders)
        try:
            missing = [each for each in dict.fromkeys(orders) if each not in self._remembered]
            new = dict(zip(missing, self._draw(missing), strict=True)) if missing else {}
            result = [new.get(each) or self._remembered.get(each) for each in orders]
            self._remember(orders, result)
            return result
        finally:
            self._busy.release()

    def _remember(self, orders: Sequence[str], pictures: Sequence[bytes | None]) -> None:
        for order, picture in zip(orders, pictures, strict=True):
            if picture is not None:
                self._remembered[order] = picture
                self._remembered.move_to_end(order)
        while sum(map(len, self._remembered.values())) > REMEMBERED_BYTES:
            self._remembered.popitem(last=False)

    def _draw(self, orders: Sequence[str]) -> list[bytes | None]:
        try:
            pictures, reason = _in_own_process(orders, self._timeout_s)
        except subprocess.TimeoutExpired:
            pictures, reason = [], f"not drawn within {self._timeout_s:g} s"
        except (OSError, ValueError) as error:
            pictures, reason = [], str(error)
        if len(pictures) != len(orders):
            pictures = [None] * len(orders)
        if None in pictures:
            log.warning("no picture", reason=reason[-_REASON_LONGEST:] or "the process ended")
        return pictures


def _in_own_process(orders: Sequence[str], timeout_s: float) -> tuple[list[bytes | None], str]:
    """Return the pictures, as far as they could be drawn, and what the process said.

    Raises subprocess.TimeoutExpired, OSError, and ValueError if the answer cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="collector-drawing-") as folder:
        shared = {name: os.environ[name] for name in _SHARED_ENVIRONMENT if name in os.environ}
        done = subprocess.run(
            [sys.executable, "-m", "collector.drawing"],
            input=msgspec.json.encode(list(orders)),
            capture_output=True,
            timeout=timeout_s,
            check=False,
            # A signal from the terminal or to the service's group ends us, not what we wait for.
            start_new_session=True,
            # The font comes with matplotlib: no folder of the machine is searched, none written.
            env=shared
            | {"MPLCONFIGDIR": folder, "MPL_IGNORE_SYSTEM_FONTS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
    reason = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode != 0:
        return [], reason or f"the process ended with {done.returncode}"
    return msgspec.msgpack.decode(done.stdout, type=list[bytes | None]), reason
