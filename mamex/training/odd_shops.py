"""What must be known of the numbers of a shop whose shape leaves them little to say, before they are computed."""

from __future__ import annotations

import numpy as np

from mamex.config import Config
from mamex.data.cold_start import ColdStartData
from mamex.data.items.trainable import FEW, HOLD_OUT_MORE
from mamex.data.splits import Part
from mamex.evaluation import candidate_items
from mamex.retrieval.list_lengths import USUAL, held_out_say_nothing, says_nothing


def what_says_little(data: ColdStartData, config: Config) -> list[str]:
    """Warnings about lists that are too long for the shop, and about products that nobody ever bought."""
    candidates = candidate_items(data, Part.VALIDATION, config.evaluation.candidates)
    said = [says_nothing(len(data.warm_items), USUAL), held_out_say_nothing(len(candidates)), _never_bought(data)]
    return [sentence for sentence in said if sentence]


def _never_bought(data: ColdStartData) -> str:
    """That few of the held-out products were ever bought because most of the shop never was; "" if that is not so."""
    parts = (data.interactions.train, data.interactions.validation, data.interactions.test)
    train, validation, test = (len(np.unique(pairs[:, 1])) for pairs in parts)
    bought = train + validation + test
    if min(validation, test) >= FEW or 2 * bought > data.n_items:
        return ""
    return (
        f"Only {bought:,} of {data.n_items:,} items were ever bought; {validation:,} of these are held out for "
        f"validation and {test:,} for test, so what is measured on them is luck in part. Hold out more with "
        f"{HOLD_OUT_MORE}, or leave out what was never bought with data.k_core=1."
    )
