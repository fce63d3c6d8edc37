"""The page that is mailed."""
