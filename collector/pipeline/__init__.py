"""What does one reply change? From its bytes to stored landings, in one transaction."""
