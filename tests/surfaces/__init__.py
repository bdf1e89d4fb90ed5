"""Do all surfaces say the same? A scenario with known truth, rendered through each of them."""
