"""Strangers' files in, whole files out."""
