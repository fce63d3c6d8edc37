"""Shops for tests: written, simulated, trained."""
