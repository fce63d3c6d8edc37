"""Drawings that two tabs or more share."""
