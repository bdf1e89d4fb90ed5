"""How often does a rule fire while nothing has changed? The past is fitted, a usual future is drawn
many times, and the rules are evaluated on it (docs/alerts.md)."""
