"""What does one reply change? Its reports are stored and its landings derived, together."""
