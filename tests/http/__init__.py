"""The HTTP room, over real loopback connections."""
