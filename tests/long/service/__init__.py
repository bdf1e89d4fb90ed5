"""Does the service do what docs/operating.md says? `make service` tries it in a box with systemd.

The box is a throw-away systemd over a copy-on-write view of this machine: a command with the
subcommands `start`, `exec COMMAND…` and `stop`, named by `$COLLECTOR_BOX` or found beside the
checkout. What is done in it are the commands of the page, word for word.
"""
