"""Where files for a visitor to download are written: folders that Gradio hands out and deletes within the hour."""

from __future__ import annotations

import tempfile
from pathlib import Path

import gradio as gr
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


def unseen_download(elem_id: str) -> gr.DownloadButton:
    """A file behind a button of ours, which makes it first and then clicks this one.

    The style sheet hides it: what ``visible`` hides, Gradio shows once the column around it is made visible again.
    """
    return gr.DownloadButton(elem_id=elem_id, elem_classes="unseen")
