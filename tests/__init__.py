"""The tests mirror the package; what they share stands in `tests/support`."""
