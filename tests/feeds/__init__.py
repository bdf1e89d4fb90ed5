"""Tests of `feeds`: a conformance suite for all adapters, and tests for each."""
