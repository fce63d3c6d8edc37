"""Where the finished catalogue goes."""

from pathlib import Path

CATALOGUE = Path(__file__).parent.parent / "catalogue"
IMAGES = CATALOGUE / "images"
