"""Tests of `http`, over real loopback connections."""
