"""Modalities of which a model could learn nothing: no item on sale has them, or all look the same.

A side of the model that never saw anything would still take its share of every product, and what it said of one would
be noise. So such a modality is left out of the run, of the checkpoint and of the page, and that is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import torch

from mamex.config import Config
from mamex.data.cold_start import ColdStartData
from mamex.data.dataset import Dataset
from mamex.errors import DatasetError
from mamex.modalities import IMAGE, PICTURE_COLUMN, label, one

#: Why a modality was left out: no item on sale has it, or what they have is all the same.
ABSENT, ALIKE = "absent", "alike"
#: One item has nothing to be compared with.
FEWEST = 2
#: Rows that differ by less, as a share of their length, differ by rounding alone.
SAME = 1e-5


@dataclass(frozen=True)
class Learnable:
    """A problem without the modalities of which nothing could be learnt.

    Attributes:
        data: the problem.
        config: the settings; ``model.modalities`` names those that are left.
        left_out: modality -> ``ABSENT`` or ``ALIKE``.
        warnings: what was left out and why, and what little there is of the others, in words.
    """

    data: ColdStartData
    config: Config
    left_out: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def learnable(data: ColdStartData, config: Config, dataset: Dataset) -> Learnable:
    """Leave out what can't be learnt from.

    Raises:
        DatasetError: nothing is left.
    """
    faults: dict[str, tuple[str, str]] = {}
    for column, modality in enumerate(data.features):
        on_sale = data.present[data.warm_items, column]
        if int(on_sale.sum()) < FEWEST:
            faults[modality] = ABSENT, _absent(data, column, modality, dataset)
        elif _are_alike(data.features[modality][data.warm_items][on_sale]):
            faults[modality] = ALIKE, f"{_what(modality)} of all items are the same, so they tell nothing"
    kept = tuple(modality for modality in data.features if modality not in faults)
    if not kept:
        reasons = "; ".join(sentence for _, sentence in faults.values())
        wanted = " or ".join(one(modality) for modality in data.features)
        raise DatasetError(f"There is nothing to learn from in {dataset.folder}: {reasons}. Give the items {wanted}.")
    warnings = [f"{_capital(sentence)}; {modality} is left out." for modality, (_, sentence) in faults.items()]
    if faults:
        columns = [list(data.features).index(modality) for modality in kept]
        data = replace(data, features={m: data.features[m] for m in kept}, present=data.present[:, columns])
        config = config.model_copy(update={"model": config.model.model_copy(update={"modalities": kept})})
    silent = int((~data.present.any(dim=1)).sum())
    if silent:
        lacking = f"neither {' nor '.join(map(one, kept))}" if len(kept) > 1 else f"no {label(kept[0])}"
        warnings.append(f"{silent:,} of {data.n_items:,} items have {lacking}; nothing is known of them.")
    return Learnable(data, config, {modality: kind for modality, (kind, _) in faults.items()}, tuple(warnings))


def _absent(data: ColdStartData, column: int, modality: str, dataset: Dataset) -> str:
    """Who lacks a modality, and what of it there is."""
    here = data.present[:, column]
    count, on_sale = int(here.sum()), int(here[data.warm_items].sum())
    if not count:
        sentence = f"none of the {data.n_items:,} items has {one(modality)}"
        if modality == IMAGE and (named := int(dataset.items[PICTURE_COLUMN].ne("").sum())):
            sentence += f" that can be read ({named:,} {'name' if named > 1 else 'names'} one)"
        return sentence
    return f"only {on_sale:,} of the {len(data.warm_items):,} items to train on has {one(modality)}"


def _are_alike(features: torch.Tensor) -> bool:
    """Whether rows (n, d_m) differ by rounding at most."""
    length = features.norm(dim=1).max().clamp(min=torch.finfo(features.dtype).tiny)
    return bool(((features - features[:1]).norm(dim=1).max() / length) <= SAME)


def _what(modality: str) -> str:
    return "the pictures" if modality == IMAGE else f"the {label(modality)} features"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
