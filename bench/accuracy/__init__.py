"""How far may the landings be believed? Simulated flights with known landings are received as feeds
do."""
