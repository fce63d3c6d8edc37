"""A planned product: read, scored, explained."""
