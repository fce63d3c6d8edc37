"""Shops of odd shapes, and what the commands say of them."""
