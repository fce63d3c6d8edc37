"""A cold-start problem becomes a model."""
