"""What exactly did the feeds answer? Recordings keep it as WARC 1.1, to be proven and replayed.

`Recorder` writes replies, and polls that got none. `read` yields both in order of receipt. `prune`
deletes old files, and first copies what landings rest on. Any web-archive tool opens the files, and
`read` accepts files of other tools: `recognise` identifies a feed by the shape of the URL.
"""

from collector.recording.keeping import files_of, prune
from collector.recording.reading import read
from collector.recording.records import Recorded
from collector.recording.urls import Recognised, recognise
from collector.recording.writing import Recorder
from collector.secret import without_credentials

__all__ = [
    "Recognised",
    "Recorded",
    "Recorder",
    "files_of",
    "prune",
    "read",
    "recognise",
    "without_credentials",
]
