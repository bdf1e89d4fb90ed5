"""Does anything in the site tell of the operator? A last look at every file before it is written.

The pages are made from what may leave, so that nothing should be found. What is looked for cannot
stand in a page by chance: credentials, addresses, paths.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from collector.errors import CollectorError
from collector.settings import Settings

_SHORTEST = 6
"""Characters. A shorter text may stand in a page by chance."""


def refuse_secrets(files: Mapping[str, bytes], settings: Settings) -> None:
    """Refuse files that hold a credential, an address of a person, or a path of this machine.

    Raises CollectorError.
    """
    wanted = {
        written.encode(): what
        for what, texts in _secrets(settings).items()
        for text in texts
        if len(text) >= _SHORTEST
        for written in (text, escape(text))  # as a table has it, and as a page has it
    }
    for path, content in files.items():
        for text, what in wanted.items():
            if text in content:
                raise CollectorError(
                    f"{path} would hold {what}; nothing was written. It is a defect of the "
                    "collector, or that text stands in a title or a source of your configuration"
                )


def _secrets(settings: Settings) -> dict[str, list[str]]:
    places = [settings.path, settings.database, settings.recordings, settings.data]
    return {
        "a credential": [secret.reveal() for secret in settings.secrets],
        "your contact": [settings.contact or ""],
        "the address of a recipient": [each.address for each in settings.recipients],
        "a path of this machine": [
            str(each.absolute()) for each in places if each is not None and each.name
        ],
        "the address of a feed": [feed.url for feed in settings.feeds if feed.url],
    }
