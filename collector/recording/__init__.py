"""What exactly did the feeds answer? Recordings keep it as WARC 1.1, to be proven and replayed.

`Recorder` writes replies, and for replies not worth keeping the coverage that they proved. `read`
yields both in order of receipt. Any web-archive tool opens the files, and `read` accepts files of
other tools: `recognise` identifies a feed by the shape of the URL.
"""

from collector.recording.reading import read
from collector.recording.records import Recorded
from collector.recording.urls import Recognised, recognise
from collector.recording.writing import Recorder, prune
from collector.secret import without_credentials

__all__ = [
    "Recognised",
    "Recorded",
    "Recorder",
    "prune",
    "read",
    "recognise",
    "without_credentials",
]
