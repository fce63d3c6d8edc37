"""The model, its settings and its metrics."""
