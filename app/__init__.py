"""The browser demo; start it with ``python app/main.py``."""
