"""Which aircraft could have been heard, where, and how low?"""
