"""Programs that use the page as customers do, and whether what they were told is theirs and right."""
