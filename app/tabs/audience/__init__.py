"""Who gets the product, and why."""
