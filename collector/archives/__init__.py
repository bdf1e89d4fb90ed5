"""What do archives of the past hold? One reader a kind of archive; units of work → replies."""
