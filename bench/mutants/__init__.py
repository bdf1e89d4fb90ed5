"""Would a test notice if a line of a pure room were wrong? Mutants are drawn by lot and tested."""
