"""Which watch wants an aircraft, by which criterion, and which aircraft are unlisted visitors? Pure
functions of one row."""
