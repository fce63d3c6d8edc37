"""The catalogue as a map."""
