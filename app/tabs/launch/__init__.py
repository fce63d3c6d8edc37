"""One product, and its answer."""
