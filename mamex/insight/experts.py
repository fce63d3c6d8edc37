"""What each expert reads: how much it is used, its most typical items, and what is common among its items.

An item belongs to the experts of a modality by its active gate weights, which sum to 1. So an expert's items are all
items, each counted by the expert's weight in it, and the rest is what the other experts of that modality make of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from torch import Tensor

from mamex.data.contents.items import ITEM_COLUMNS
from mamex.data.dataset import Dataset
from mamex.model.paper import ItemTower
from mamex.retrieval.catalogue import Catalogue

#: Typical items, column values and words that a profile names at most.
MOST_TYPICAL, MOST_VALUES, MOST_WORDS = 8, 6, 10
#: Traits of fewer items are left out, because a handful of items proves nothing.
FEWEST = 5
#: Standard errors that a trait has to stand out by.
LEAST_Z = 2.0
#: Items' worth of prior belief that an expert has no preference.
PRIOR = 10.0
#: A column with more different values is no trait but a measure or a name; "category" is a trait whatever it holds.
MOST_DISTINCT = 60
#: Relative difference below which the experts of a modality compute the same.
ALIKE_BELOW = 1e-3
_NO_TRAITS = frozenset(ITEM_COLUMNS)
_SAMPLE = 256


@dataclass(frozen=True)
class Preference:
    """A trait that is more common among an expert's items than among the rest."""

    column: str  # of items.csv; "" for a word of title and description
    value: str
    share: float  # of the expert's items
    share_of_all: float  # of all items that have the modality
    z: float  # log-odds ratio in standard errors, see ``log_odds``


@dataclass(frozen=True)
class ExpertProfile:
    """One expert of one modality.

    Attributes:
        share: of the active gate over all warm items that have the modality.
        strongest: share of those items for which it has the largest gate weight.
        typical: (item position, weight in the gate over all experts), largest weights first.
        values, words: what it prefers, most certain first.
    """

    share: float
    strongest: float
    typical: list[tuple[int, float]]
    values: list[Preference]
    words: list[Preference]


@dataclass(frozen=True)
class ModalityProfile:
    """The experts of one modality.

    Attributes:
        items: how many warm items have the modality.
        difference: how far the experts' readings of an item lie from their mean, relative to it; 0 if all are alike.
        experts: one profile an expert (K).
    """

    modality: str
    items: int
    difference: float
    experts: list[ExpertProfile]

    @property
    def alike(self) -> bool:
        """Whether the experts compute the same, as they do where training never improved on its starting point."""
        return self.difference < ALIKE_BELOW


@dataclass(frozen=True)
class Traits:
    """Which item has which trait: ``presence`` (C, V) holds zeros and ones, ``names`` the column and value of each."""

    names: list[tuple[str, str]]
    presence: sparse.csr_matrix


def profile_experts(tower: ItemTower, catalogue: Catalogue, dataset: Dataset) -> list[ModalityProfile]:
    """Profiles of all modalities' experts, from the items on sale."""
    items = dataset.items.iloc[catalogue.positions]
    texts = dataset.texts()
    values, words = column_traits(items), word_traits([texts[position] for position in catalogue.positions])
    differences = expert_differences(tower, catalogue)
    profiles = []
    for place, modality in enumerate(catalogue.prepared):
        rows = np.flatnonzero(catalogue.forward.present[:, place].numpy())
        dense, active = (
            gates[rows, place].numpy() for gates in (catalogue.forward.dense_gates, catalogue.forward.active_gates)
        )
        shares, strongest = expert_use(active)
        preferred_values = preferences(_of_rows(values, rows), active, MOST_VALUES)
        preferred_words = preferences(_of_rows(words, rows), active, MOST_WORDS)
        experts = [
            ExpertProfile(
                share=float(shares[expert]),
                strongest=float(strongest[expert]),
                typical=[
                    (int(catalogue.positions[rows[row]]), float(dense[row, expert]))
                    for row in np.argsort(-dense[:, expert], kind="stable")[:MOST_TYPICAL]
                ],
                values=preferred_values[expert],
                words=preferred_words[expert],
            )
            for expert in range(active.shape[1])
        ]
        profiles.append(ModalityProfile(modality, len(rows), differences[place], experts))
    return profiles


def expert_use(active: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Active gates (C, K) -> each expert's share of all gate weight (K,), and of the items it is strongest for (K,)."""
    count, experts = active.shape
    if not count:
        return np.zeros(experts), np.zeros(experts)
    return active.mean(axis=0), np.bincount(active.argmax(axis=1), minlength=experts) / count


def log_odds(presence: sparse.csr_matrix, weights: np.ndarray) -> np.ndarray:
    """How much more often each trait occurs with an expert than without it, in standard errors.

    With y the weight of the items that have the trait and n that of all, for the expert and (primed) for the rest, and
    a prior of ``PRIOR`` items that have the trait as often as all items do (a and b with and without it),

        z = (ln (y + a)/(n - y + b) - ln (y' + a)/(n' - y' + b)) / sqrt(1/(y+a) + 1/(n-y+b) + 1/(y'+a) + 1/(n'-y'+b)).

    The prior keeps rare traits from looking extreme: Monroe, Colaresi and Quinn, "Fightin' words", 2008, with items in
    the place of word counts.

    Args:
        presence: (C, V) zeros and ones; no trait is had by all items or by none.
        weights: (C, K) active gates, rows sum to 1.

    Returns:
        z (V, K).
    """
    count = presence.shape[0]
    having = np.asarray(presence.sum(axis=0)).reshape(-1, 1)  # (V, 1)
    prior_with, prior_without = PRIOR * having / count, PRIOR * (1 - having / count)
    mine, total = presence.T @ weights.astype(np.float64), weights.sum(axis=0, dtype=np.float64)  # (V, K) and (K,)
    odds, variance = np.zeros_like(mine), np.zeros_like(mine)
    for sign, with_it, among in ((1, mine, total), (-1, having - mine, count - total)):
        # Rounding can leave a little less than nothing.
        yes, no = with_it.clip(min=0) + prior_with, (among - with_it).clip(min=0) + prior_without
        odds += sign * np.log(yes / no)
        variance += 1 / yes + 1 / no
    z: np.ndarray = odds / np.sqrt(variance)
    return z


def preferences(traits: Traits, weights: np.ndarray, most: int) -> list[list[Preference]]:
    """For each expert its ``most`` certain preferences, of traits that neither few items have nor all.

    Args:
        traits: of the items (C, V).
        weights: the items' active gates (C, K).
    """
    count, experts = weights.shape
    having = np.asarray(traits.presence.sum(axis=0)).ravel()
    usable = np.flatnonzero((having >= FEWEST) & (having < count))
    if not len(usable):
        return [[] for _ in range(experts)]
    presence = traits.presence[:, usable]
    z = log_odds(presence, weights)
    shares = (presence.T @ weights) / weights.sum(axis=0).clip(min=1e-12)
    found: list[list[Preference]] = []
    for expert in range(experts):
        best = np.argsort(-z[:, expert], kind="stable")[:most]
        found.append([])
        for trait in best[z[best, expert] >= LEAST_Z]:
            column, value = traits.names[usable[trait]]
            share, share_of_all = float(shares[trait, expert]), float(having[usable[trait]] / count)
            found[expert].append(Preference(column, value, share, share_of_all, float(z[trait, expert])))
    return found


def column_traits(items: pd.DataFrame) -> Traits:
    """The values of every column whose values repeat: category, colour, material and the like."""
    names: list[tuple[str, str]] = []
    blocks = [sparse.csr_matrix((len(items), 0))]
    for column in items.columns:
        if column in _NO_TRAITS:
            continue
        codes, values = pd.factorize(items[column].astype(str).str.strip().replace("", None))
        if not len(values) or (len(values) > MOST_DISTINCT and column != "category"):
            continue
        rows = np.flatnonzero(codes >= 0)
        blocks.append(sparse.csr_matrix((np.ones(len(rows)), (rows, codes[rows])), shape=(len(items), len(values))))
        names += [(str(column), str(value)) for value in values]
    return Traits(names, sparse.hstack(blocks, format="csr"))


def word_traits(texts: Sequence[str]) -> Traits:
    """Words of three letters or more, English function words aside, of titles and descriptions; each counts once."""
    from sklearn.feature_extraction.text import CountVectorizer  # takes a second, for which the page should not wait

    vectoriser = CountVectorizer(binary=True, stop_words="english", token_pattern=r"(?u)\b[^\W\d_]{3,}\b")
    try:
        presence = vectoriser.fit_transform(texts)
    except ValueError:  # scikit-learn's way to say that there is no such word in any text
        return Traits([], sparse.csr_matrix((len(texts), 0)))
    return Traits([("", str(word)) for word in vectoriser.get_feature_names_out()], presence.tocsr())


def expert_differences(tower: ItemTower, catalogue: Catalogue) -> list[float]:
    """For each modality, the largest relative distance of an expert's reading E_m^k(h_m) from the experts' mean.

    Measured on the first few hundred items; the mean over those that have the modality, 0 if none has it.
    """
    prepared = {modality: h[:_SAMPLE] for modality, h in catalogue.prepared.items()}
    present = catalogue.forward.present[:_SAMPLE]
    readings = tower.readings(prepared, present)  # (N, M, K, d)
    mean = readings.mean(dim=2, keepdim=True)
    distance = (readings - mean).norm(dim=-1).amax(dim=2)  # (N, M)
    relative = distance / mean.squeeze(2).norm(dim=-1).clamp(min=1e-12)
    return [_mean(relative[present[:, place], place]) for place in range(len(prepared))]


def _mean(values: Tensor) -> float:
    return float(values.mean()) if len(values) else 0.0


def _of_rows(traits: Traits, rows: np.ndarray) -> Traits:
    return Traits(traits.names, traits.presence[rows])
