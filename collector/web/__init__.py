"""What can be seen in a browser? Read-only pages on loopback, without scripts, and `/status.json`.

serve(create_app(settings.database, settings, clock), host, port, stop)
"""

from collector.web.app import create_app
from collector.web.server import serve

__all__ = ["create_app", "serve"]
