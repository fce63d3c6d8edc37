"""MAMEX: multi-modal adaptive mixture of experts for cold-start recommendation."""

__version__ = "0.1.0"
