"""What does this run do? One configuration from TOML, credentials and the environment (step 0).

    sources ─► schema (form, mistakes) ─► watches, fields, outside (names resolved) ─► values

`load` gives `Settings` or every mistake at once; docs/configuration.md lists every key.
"""

from collector.settings.explain import explain
from collector.settings.files import example, init
from collector.settings.loading import SEARCHED, check, load
from collector.settings.values import Explained, PollingSettings, Settings, WebSettings

__all__ = [
    "SEARCHED",
    "Explained",
    "PollingSettings",
    "Settings",
    "WebSettings",
    "check",
    "example",
    "explain",
    "init",
    "load",
]
