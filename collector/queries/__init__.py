"""What is stored about a week, a landing, an airfield, and the collector itself? Read-only."""
