"""The page under load: many programs at once, each answer compared with the one that was computed alone."""
