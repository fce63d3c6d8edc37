"""Tables: how they are written, how they are called, whose they are."""
