"""Is a week unusual, and who must be told? Counts, the usual, rules and their life cycle. Pure."""
