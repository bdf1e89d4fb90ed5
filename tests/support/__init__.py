"""What several test modules share: recordings beside the checkout, encoders, simulated flights."""
