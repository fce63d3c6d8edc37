"""One user, and what they would be shown."""
