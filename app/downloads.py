"""Where files for a visitor to download are written: folders that Gradio hands out and deletes within the hour."""

from __future__ import annotations

import tempfile
from pathlib import Path

from gradio.context import LocalContext
from gradio.utils import get_upload_folder


def download_path(name: str) -> Path:
    """A path that nobody else can guess, ending in ``name``; the file is for the caller to write."""
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(dir=folder)) / name
    # Gradio loses count of the files of a field once a handler updated or skipped it, so the page itself is told.
    page = LocalContext.blocks.get(None)
    if page is not None:
        page.upload_file_set.add(str(path))
    return path
