"""The visitor and the shop; nothing of how they look."""
