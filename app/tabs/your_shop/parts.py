"""The components of the Your shop tab that its handlers change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr


@dataclass(frozen=True)
class Parts:
    """The buttons, what the tab says, and the curves of a training in their area."""

    check: gr.Button
    train: gr.Button
    stop: gr.Button
    download: gr.DownloadButton
    leave: gr.Button
    stage: gr.HTML
    area: gr.Column
    curves: list[gr.Plot]
    twin: gr.HTML

    @property
    def of_training(self) -> list[Any]:
        """What changes while a model is trained."""
        buttons = [self.train, self.check, self.stop, self.download, self.leave]
        return [self.stage, *buttons, self.area, *self.curves, self.twin]
