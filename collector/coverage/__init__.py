"""Which aircraft could have been received, where, and how low? Pure calculations on slots."""
