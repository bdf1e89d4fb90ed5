"""How far may the landings be believed? Simulated flights with known truth, heard as feeds hear."""
