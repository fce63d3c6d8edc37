"""Text as it may come from anywhere, made fit for being encoded and shown."""

from __future__ import annotations


def whole_characters(text: str) -> str:
    """The text with its surrogate pairs joined, and a replacement character for each half that has lost the other.

    Halves come from JSON, and from bytes on the command line that are not UTF-8; nothing can encode them.
    """
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
