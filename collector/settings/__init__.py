"""How is the collector configured? By one TOML file, credential files and environment variables.

    sources ─► schema, mistakes ─► watches, airfields, connections ─► values
    (values)   (form checked)      (names resolved)                   (`Settings`)

`load` returns `Settings`, or raises ConfigError with every mistake. docs/configuration.md lists the
keys.
"""

from collector.settings.explain import explain
from collector.settings.files import example, init
from collector.settings.loading import SEARCHED, check, load, load_usable
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
    "load_usable",
]
