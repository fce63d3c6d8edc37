"""What a result is known by: its cell, and the code and data behind it."""
