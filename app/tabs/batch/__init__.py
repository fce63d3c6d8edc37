"""Many planned products, ranked."""
