"""What stands in the cells."""
