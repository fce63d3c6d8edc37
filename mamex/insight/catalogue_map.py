"""The map of the items on sale for programs: where each lies, how it is read, and where a planned product belongs."""

from __future__ import annotations

from typing import Any

import torch

from mamex.launch.launcher import Launcher
from mamex.launch.result import LaunchResult
from mamex.retrieval.catalogue import FUSED
from mamex.retrieval.item_map import ANCHORS, place


def placed(launcher: Launcher, result: LaunchResult) -> tuple[float, float]:
    """Where a launched product lies on the map."""
    catalogue, checkpoint = launcher.catalogue, launcher.checkpoint
    by_position = torch.zeros(checkpoint.dataset.n_items, 2)
    by_position[torch.from_numpy(catalogue.positions)] = checkpoint.coordinates
    x, y = place(result.reading.forward.embeddings, catalogue.spaces[FUSED], by_position)[0].tolist()
    return x, y


def map_json(launcher: Launcher, result: LaunchResult | None = None) -> dict[str, Any]:
    """The whole map as JSON, with a launched product on it if there is one.

    Returns:
        items (item_id, title, x, y, category, strongest_expert and fusion of each modality) and product (x, y, nearest
        item_ids), None without one.
    """
    positions, coordinates = launcher.catalogue.positions.tolist(), launcher.checkpoint.coordinates.tolist()
    pairs = enumerate(zip(positions, coordinates, strict=True))
    items = [
        {**_written(launcher, position), "x": x, "y": y, **_read(launcher, row)} for row, (position, (x, y)) in pairs
    ]
    if result is None:
        return {"items": items, "product": None}
    x, y = placed(launcher, result)
    nearest = [item.item_id for item in result.neighbours[FUSED][:ANCHORS]]
    return {"items": items, "product": {"x": x, "y": y, "nearest": nearest}}


def _written(launcher: Launcher, position: int) -> dict[str, str]:
    """What the item table says of an item."""
    items = launcher.checkpoint.dataset.items
    return {
        "item_id": str(items["item_id"].iloc[position]),
        "title": str(items["title"].iloc[position]),
        "category": str(items["category"].iloc[position]) if "category" in items else "",
    }


def _read(launcher: Launcher, row: int) -> dict[str, Any]:
    """How the model reads an item: from 0 the expert that counts most in each modality, and its fusion weights."""
    forward = launcher.catalogue.forward
    present, strongest = forward.present[row].tolist(), forward.active_gates[row].argmax(dim=1).tolist()
    weights = forward.fusion[row].tolist()
    return {
        "strongest_expert": {
            modality: expert if here else None
            for modality, expert, here in zip(launcher.modalities, strongest, present, strict=True)
        },
        "fusion": dict(zip(launcher.modalities, weights, strict=True)),
    }
