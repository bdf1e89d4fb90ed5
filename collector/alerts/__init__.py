"""Is a week unusual, and is a mail due? Counts, the usual count, rules and the life of an alert;
pure functions."""
