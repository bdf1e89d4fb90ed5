"""What do archives of the past hold? One reader for each kind of archive, which yields replies."""
