"""Two versions of a product beside each other."""
