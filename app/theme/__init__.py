"""How the page looks."""
