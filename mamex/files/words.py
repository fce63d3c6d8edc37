"""Text as it may come from anywhere, made fit for being encoded and shown."""

from __future__ import annotations

import re

#: Characters that steer what shows them: control characters, and those that turn the order of all that follow; and
#: halves of surrogate pairs, which no file can hold.
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def whole_characters(text: str) -> str:
    """The text with its surrogate pairs joined, and a replacement character for each half that has lost the other.

    Halves come from JSON, and from bytes on the command line that are not UTF-8; nothing can encode them.
    """
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def printable(text: str) -> str:
    """Without control characters: something from a file must not steer the user's terminal."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else "?" for character in text)


def quoted(value: str) -> str:
    """Something from a file, fit to be shown in a message: short and without control characters."""
    return f"'{printable(value[:60])}…'" if len(value) > 60 else f"'{printable(value)}'"
