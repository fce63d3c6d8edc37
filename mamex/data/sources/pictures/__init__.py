"""Fetching the pictures of a public data set, or of an export that gives their addresses."""
