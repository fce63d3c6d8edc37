"""What a run leaves behind, and reading it without trusting it."""
