"""What a hostile case is, what is right, and the judge of what was observed."""
