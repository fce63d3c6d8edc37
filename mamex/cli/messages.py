"""Where messages go: nobody has to be listening for a run to go on."""

from __future__ import annotations

from typing import Any, TextIO


class PatientStream:
    """Standard error, but what can't be written there is dropped: a closed pipe or a full disk ends no training.

    Args:
        stream: None if the process was started without one.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what can be written; returns the length of all of it."""
        if self._stream is not None:
            try:
                self._stream.write(text)
            except (OSError, ValueError):  # gone, or closed
                self._stream = None
        return len(text)

    def flush(self) -> None:
        if self._stream is not None:
            try:
                self._stream.flush()
            except (OSError, ValueError):
                self._stream = None

    def isatty(self) -> bool:
        return self._stream is not None and self._stream.isatty()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
