"""Pictures: their names, their files, and those that show nothing."""
