"""Pictures that strangers made, opened within bounds."""
