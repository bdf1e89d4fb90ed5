"""The feeds room: one conformance suite, and what each adapter has of its own."""
