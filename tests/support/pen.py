"""A stand-in for the process that draws, where a test is about something else."""

from __future__ import annotations

from collections.abc import Sequence

from collector.drawing import Drawer


class Pen(Drawer):
    """Draws something else each time; what does not work draws nothing."""

    def __init__(self, *, works: bool = True) -> None:
        super().__init__()
        self.works, self.calls = works, 0

    def drawn(self, orders: Sequence[str]) -> list[bytes | None]:
        self.calls += 1
        return [f"picture {self.calls}".encode() if self.works else None for _ in orders]
