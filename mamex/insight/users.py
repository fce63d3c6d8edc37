"""One user: what they bought, what they would be shown of the cold items, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from mamex.checkpoint.checkpoint import Checkpoint
from mamex.data.splits import Part
from mamex.errors import LaunchError
from mamex.evaluation import ranking_metrics
from mamex.launch.result import Reading
from mamex.retrieval.catalogue import Catalogue
from mamex.retrieval.thresholds import ranks

CUTOFF = 20


@dataclass(frozen=True)
class Purchase:
    """Something a user bought."""

    position: int
    item_id: str
    title: str
    date: str  # 2024-05-31, "" where unknown


@dataclass(frozen=True)
class Suggestion:
    """A cold item in the list that a user would be shown."""

    position: int
    item_id: str
    title: str
    place: int  # from 1, among all cold items
    score: float  # s_ui, equation 9
    contributions: dict[str, list[float]]  # modality -> one number an expert (K); all of them sum to the score
    bought: bool  # whether the user really bought it


@dataclass(frozen=True)
class ShopperReading:
    """All that is known of one user.

    Attributes:
        position, user_id: who it is.
        history: bought items on sale, latest first; those without a date last.
        suggestions: the best cold items, best first.
        candidates: how many cold items compete.
        bought: cold items that the user really bought.
        found: of these, how many are among the first ``CUTOFF``.
        recall: Recall@20 over all cold items bought, found / bought; None if none was.
        test_recall: the same over the test items bought alone, as in the protocol; None if none was.
    """

    position: int
    user_id: str
    history: list[Purchase]
    suggestions: list[Suggestion]
    candidates: int
    bought: int
    found: int
    recall: float | None
    test_recall: float | None

    def to_json(self) -> dict[str, Any]:
        """The reading as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Standing:
    """Where a planned product stands for one user, among the items on sale that they don't own."""

    place: int  # from 1
    competitors: int  # items on sale that the user doesn't own
    score: float
    contributions: dict[str, list[float]]


class ShopperReader:
    """Reads users of one checkpoint; embeds its cold items once.

    Args:
        checkpoint: users and items.
        catalogue: the items on sale.
    """

    def __init__(self, checkpoint: Checkpoint, catalogue: Catalogue) -> None:
        self._checkpoint, self._catalogue = checkpoint, catalogue
        data = checkpoint.data
        self.cold = data.cold_items
        rows = torch.from_numpy(self.cold)
        self._prepared = checkpoint.tower.prepare({name: values[rows] for name, values in data.features.items()})
        self._forward = checkpoint.tower.embed(self._prepared, data.present[rows])
        later = np.concatenate([data.interactions.validation, data.interactions.test])
        self._later = later[np.argsort(later[:, 0], kind="stable")]

    def find(self, search: str, most: int = 20) -> list[int]:
        """Positions of the first users whose user_id contains ``search``; one that equals it comes first.

        Upper and lower case are the same; an empty search finds the first users of all.
        """
        wanted, user_ids = search.strip().casefold(), self._checkpoint.dataset.user_ids
        fitting = (place for place, name in enumerate(user_ids) if wanted in str(name).casefold())
        exact = self._exact(search.strip())
        found = list(islice((place for place in fitting if place != exact), most))
        return found if exact is None else [exact, *found][:most]

    def position(self, user_id: str) -> int:
        """The position of a user.

        Raises:
            LaunchError: nobody has this user_id.
        """
        found = self._exact(user_id.strip())
        if found is None:
            raise LaunchError(
                f"Nobody here has the user_id {user_id.strip()[:60]!r}; choose one that a search for a product shows."
            )
        return found

    def _exact(self, user_id: str) -> int | None:
        user_ids = self._checkpoint.dataset.user_ids  # sorted
        place = int(np.searchsorted(user_ids, user_id))
        return place if place < len(user_ids) and user_ids[place] == user_id else None

    def read(self, user: int, most: int = CUTOFF) -> ShopperReading:
        """Everything about the user at a position.

        Args:
            user: position.
            most: how many suggestions are listed.
        """
        scores = self._forward.embeddings @ self._checkpoint.users[user]  # (C,)
        later = self._bought_later(user)
        bought = torch.from_numpy(np.isin(self.cold, later))
        tested = bought & torch.from_numpy(self._checkpoint.data.part[self.cold] == Part.TEST)
        order = scores.argsort(descending=True, stable=True)[:most]
        recall = _recall(scores, bought)
        return ShopperReading(
            position=int(user),
            user_id=str(self._checkpoint.dataset.user_ids[user]),
            history=self._history(user),
            suggestions=self._suggestions(user, order, scores, bought),
            candidates=len(self.cold),
            bought=int(bought.sum()),
            found=round((recall or 0.0) * int(bought.sum())),
            recall=recall,
            test_recall=_recall(scores, tested),
        )

    def stand(self, user: int, reading: Reading) -> Standing:
        """Where a planned product stands for the user at a position."""
        embedding = self._checkpoint.users[user]
        score = reading.forward.embeddings @ embedding  # (1,)
        owned = self._catalogue.bought[[user]]
        split = self._checkpoint.tower.contributions(embedding[None], reading.prepared, reading.forward)[0, 0]
        return Standing(
            place=int(ranks(score, embedding[None], self._catalogue.embeddings, owned)[0]),
            competitors=len(self._catalogue.positions) - owned.nnz,
            score=float(score[0]),
            contributions=self._named(split),
        )

    def _bought_later(self, user: int) -> np.ndarray:
        first, last = np.searchsorted(self._later[:, 0], [user, user + 1])
        return self._later[first:last, 1]

    def _history(self, user: int) -> list[Purchase]:
        interactions = self._checkpoint.dataset.interactions  # sorted by user, then by time, undated ones last
        first, last = np.searchsorted(interactions["user"].to_numpy(), [user, user + 1])
        own = interactions.iloc[first:last]
        own = own[self._checkpoint.data.part[own["item"].to_numpy()] == Part.TRAIN]
        dated = own["timestamp"].notna()
        rows = pd.concat([own[dated][::-1], own[~dated]])
        return [
            Purchase(*self._item(item), "" if pd.isna(time) else f"{time:%Y-%m-%d}")
            for item, time in zip(rows["item"].tolist(), rows["timestamp"], strict=True)
        ]

    def _suggestions(self, user: int, order: Tensor, scores: Tensor, bought: Tensor) -> list[Suggestion]:
        prepared = {name: values[order] for name, values in self._prepared.items()}
        forward = self._checkpoint.tower.embed(prepared, self._forward.present[order])
        split = self._checkpoint.tower.contributions(self._checkpoint.users[[user]], prepared, forward)[0]  # (n, M, K)
        return [
            Suggestion(
                *self._item(int(self.cold[row])),
                place=place + 1,
                score=float(scores[row]),
                contributions=self._named(split[place]),
                bought=bool(bought[row]),
            )
            for place, row in enumerate(order.tolist())
        ]

    def _item(self, position: int) -> tuple[int, str, str]:
        items = self._checkpoint.dataset.items
        return position, str(items["item_id"].iloc[position]), str(items["title"].iloc[position])

    def _named(self, split: Tensor) -> dict[str, list[float]]:
        return {modality: split[i].tolist() for i, modality in enumerate(self._checkpoint.data.features)}


def _recall(scores: Tensor, relevant: Tensor) -> float | None:
    """Recall@20 of one user, None without a relevant item."""
    if not bool(relevant.any()):
        return None
    return float(ranking_metrics(scores[None], relevant[None], (CUTOFF,))[f"recall@{CUTOFF}"][0])
