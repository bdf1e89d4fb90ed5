"""How is a longer period reported? Months or years of landings stand beside the published
record."""
