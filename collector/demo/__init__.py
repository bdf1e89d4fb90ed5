"""What does the collector show of a season? A simulated one is replayed through everything.

`season` says what its only feed replies, `run` records these replies, replays the recording as
`collector replay` does, and sends the season's mails into a folder. Nothing of it happened, and
everything that is shown of it says so.
"""

from collector.demo.mails import write_as_pages
from collector.demo.run import DemoResult, SeasonClock, begin_folder, simulate, steps_of
from collector.demo.season import SEASON, Season

__all__ = [
    "SEASON",
    "DemoResult",
    "Season",
    "SeasonClock",
    "begin_folder",
    "simulate",
    "steps_of",
    "write_as_pages",
]
