"""What each expert reads."""
