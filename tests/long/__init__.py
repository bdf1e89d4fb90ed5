"""Tests that need programs which CI does not install: `make long` runs them."""
