"""Which feed is polled when, and which full tracks are requested?"""
