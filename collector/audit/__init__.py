"""Can the answers be trusted? Rules are tried on the past, and published lists checked by row."""
