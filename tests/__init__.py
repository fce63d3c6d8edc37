"""The tests of the library, of the page, and of both under load, attack and failure."""
