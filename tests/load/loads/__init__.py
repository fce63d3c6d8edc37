"""What the page is put under: a crowd, rudeness, and the same for a long time."""
