"""How does the detector do on real recordings? Labelled ones are run through `replay` and
`backfill`, beside published rules on the same input."""
