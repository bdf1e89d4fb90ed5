"""What exactly did the feeds say, and can we hear it again? Recordings as plain WARC 1.1.

`Recorder` keeps replies and, for those not worth keeping, what they proved; `read` gives both
back in the order of their receipt. Any web-archive tool opens the files, and `read` takes the
files of other tools: `recognise` knows a feed by the shape of the URL.
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
