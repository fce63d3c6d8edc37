"""How a program of ours starts: without being held up by what only long runs need."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Import and load without looking for garbage meanwhile, nor ever again among what was loaded.

    Importing torch, open_clip and Gradio makes a million objects that all stay. Python looks through them again and
    again while they grow more, which takes a sixth of the time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
