"""Shops as strangers export them: whole folders made by code, and what is right for each.

``python -m tests.strangers`` tries every situation and prints a tally.
"""
