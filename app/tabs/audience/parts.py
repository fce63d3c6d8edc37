"""The components of the Audience tab that its handlers change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr


@dataclass(frozen=True)
class Slot:
    """Room for one way to group users."""

    column: gr.Column
    title: gr.HTML
    figure: gr.Plot


@dataclass(frozen=True)
class Head:
    """What the tab says of the audience as a whole; ``first`` leads to the Launch tab before there is one."""

    stage: gr.HTML
    first: gr.Button
    area: gr.Column
    lead: gr.HTML
    slots: list[Slot]
    twin: gr.HTML

    @property
    def components(self) -> list[Any]:
        """What opening the tab fills."""
        slots = [part for slot in self.slots for part in (slot.column, slot.title, slot.figure)]
        return [self.stage, self.first, self.area, self.lead, *slots, self.twin]


@dataclass(frozen=True)
class Part:
    """The list of members, one page of it: its ``gr.State``, what is found, the rows, and how to turn pages."""

    listed: gr.State
    status: gr.HTML
    members: gr.HTML
    previous: gr.Button
    number: gr.HTML
    following: gr.Button

    @property
    def components(self) -> list[Any]:
        """What another page fills."""
        return [self.listed, self.status, self.members, self.previous, self.number, self.following]
