"""A visitor's own dataset."""
