"""A folder becomes items, users, interactions, and a cold-start problem."""
