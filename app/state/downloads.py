"""Where files for a visitor to download are written: among the uploads, which are deleted within the hour."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from app.state.scratch import new_folder


def download_path(name: str) -> Path:
    """A path that nobody else can guess, ending in ``name``; the file is for the caller to write."""
    return new_folder("uploads") / name


def unseen_download(elem_id: str) -> gr.DownloadButton:
    """A file behind a button of ours, which makes it first and then clicks this one.

    The style sheet hides it: what ``visible`` hides, Gradio shows once the column around it is made visible again.
    """
    return gr.DownloadButton(elem_id=elem_id, elem_classes="unseen")
