"""One model in training: item tower, user tower, optimiser, and what one step of learning is.

Each step plays the cold start: a share of the warm items (a *fold*) is treated as if it had just arrived. Users are
read from the rest of their history, the fold's items compete for them, and the loss asks for those they bought.
Nothing of the target leaks into the user, and warm training looks as cold testing does.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from mamex.config import Config
from mamex.data.cold_start import ColdStartData
from mamex.model.dropout import drop_features
from mamex.model.paper import ItemForward, adapter_loss, alignment_loss, fusion_loss
from mamex.model.ranking_losses import sampled_bpr, softmax_loss
from mamex.model.routers import item_tower
from mamex.model.user_tower import UserTower
from mamex.training.histories import Histories, UserBatch
from mamex.training.warm_start import start_from_ridge

#: Factors tried on the scores of the starting point.
SCALES = tuple(2.0 ** (power / 2) for power in range(-4, 20))
#: How the names of the large maps end.
MAPS = ("expert_weight", "projection", "user_tower.map")


class Learner:
    """Holds everything that training changes.

    Args:
        data: the problem; only the warm items' interactions are read.
        config: the settings.
        device: where tensors live.
    """

    def __init__(self, data: ColdStartData, config: Config, device: torch.device) -> None:
        self.config, self.device = config, device
        modalities = config.model.modalities
        warm = torch.from_numpy(data.warm_items)
        self.tower = item_tower(config.model, {m: data.features[m].shape[1] for m in modalities})
        self.tower.fit_features(
            {m: data.features[m][warm] for m in modalities}, data.present[warm], config.training.seed
        )
        prepared = self.tower.prepare({m: data.features[m] for m in modalities})
        content = torch.cat([prepared[m] * data.present[:, i : i + 1] for i, m in enumerate(modalities)], dim=1)
        self.user_tower = UserTower(content.shape[1], config.model.dimension)
        self._prepared = {m: values.to(device) for m, values in prepared.items()}
        self._present, self._warm = data.present.to(device), warm.to(device)
        self._content = content[warm].to(device)  # (n_warm, F)
        self._n_users = data.n_users
        self._histories = Histories(_warm_pairs(data), data.n_users, len(warm), device)
        popularity = self._histories.popularity.float() + 1
        self._log_popularity = (popularity / popularity.mean()).log()
        with _randomness(config.training.seed, device), torch.no_grad():
            self._start(data, content)
        self.optimizer = torch.optim.AdamW(self._parameter_groups(), betas=(0.9, 0.99))
        self._average = {name: value.detach().clone() for name, value in self._parameters()}
        self._beginning = {name: value.clone() for name, value in self._average.items()}

    def _start(self, data: ColdStartData, content: Tensor) -> None:
        """Initial weights, then the scale of the scores that suits the loss best on one fold."""
        self.tower.reset()
        self.user_tower.reset()
        from_ridge = self.config.training.start == "ridge"
        if from_ridge:
            start_from_ridge(self.tower, self.user_tower, data, content, self.config)
        self.tower.to(self.device)
        self.user_tower.to(self.device)
        if from_ridge:
            self._fit_scale()

    def _fit_scale(self) -> None:
        """Ridge ranks but does not know the loss: multiply the scores so that a held-out fold's loss is least."""
        fold = torch.arange(0, len(self._warm), self._folds, device=self.device)
        users = torch.arange(self._n_users, device=self.device)[: self.config.training.users_per_step]
        batch = self._histories.batch(users, fold)
        if not len(batch.users):
            return
        scores = self._embed_users(batch) @ self._embed_fold(fold).embeddings.T
        losses = {scale: float(self._ranking_loss(scores * scale, batch, fold)) for scale in SCALES}
        root = math.sqrt(min(losses, key=losses.__getitem__))
        self.user_tower.scale(root)
        self.tower.scale_maps(root)

    def _parameters(self) -> Iterator[tuple[str, nn.Parameter]]:
        yield from ((f"tower.{name}", value) for name, value in self.tower.named_parameters())
        yield from ((f"user_tower.{name}", value) for name, value in self.user_tower.named_parameters())

    def _parameter_groups(self) -> list[dict[str, Any]]:
        """Decay (lambda 4 of equation 11) is on the large maps; the gates learn at a rate of their own."""
        settings = self.config.training
        maps: list[nn.Parameter] = []
        gates: list[nn.Parameter] = []
        rest: list[nn.Parameter] = []
        for name, value in self._parameters():
            group = maps if name.endswith(MAPS) else gates if "gate" in name else rest
            group.append(value)
        return [
            {"params": maps, "lr": settings.learning_rate, "weight_decay": settings.weight_decay},
            {"params": gates, "lr": settings.learning_rate * settings.gate_rate, "weight_decay": 0.0},
            {"params": rest, "lr": settings.learning_rate, "weight_decay": 0.0},
        ]

    def train_epoch(self, number: int) -> dict[str, float]:
        """One pass over all folds and users; returns the mean of each loss part.

        All randomness comes from (seed, number), so an epoch is the same whether or not the run was resumed before it.
        """
        totals: dict[str, Tensor] = {}
        steps = 0
        with _randomness(self.config.training.seed * 1_000_003 + number, self.device):
            for users, fold in self._steps():
                batch = self._histories.batch(users, fold)
                if not len(batch.users):
                    continue
                losses = self._step(batch, fold)
                steps += 1
                for name, value in losses.items():
                    totals[name] = totals.get(name, torch.zeros((), device=self.device)) + value
        return {name: float(value) / max(steps, 1) for name, value in totals.items()}

    @property
    def _folds(self) -> int:
        """How many parts of the warm items take turns as the cold ones, none of them larger than allowed."""
        settings = self.config.training
        return max(settings.folds, math.ceil(len(self._warm) / settings.most_candidates))

    def _steps(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Every batch of users against every fold, in random order."""
        settings = self.config.training
        order = torch.randperm(len(self._warm), device=self.device)
        for fold in order.tensor_split(self._folds):
            if len(fold):
                users = torch.randperm(self._n_users, device=self.device)
                for batch in users.split(settings.users_per_step):
                    yield batch, fold.sort().values

    def _step(self, batch: UserBatch, fold: Tensor) -> dict[str, Tensor]:
        settings = self.config.training
        items = self._embed_fold(fold)
        losses = {
            "ranking": self._ranking_loss(self._embed_users(batch) @ items.embeddings.T, batch, fold),
            "align": alignment_loss(items),
            "adapter": adapter_loss(items, self.config.model.balance),
            "fusion": fusion_loss(items, self.config.model.balance),
        }
        total = (
            losses["ranking"]
            + settings.align * losses["align"]
            + settings.adapter * losses["adapter"]
            + settings.fusion * losses["fusion"]
        )
        self.optimizer.zero_grad()
        total.backward()
        self.optimizer.step()
        with torch.no_grad():
            for name, value in self._parameters():
                self._average[name].lerp_(value, 1 - settings.averaging)
        return {"total": total.detach(), **{name: value.detach() for name, value in losses.items()}}

    def _embed_users(self, batch: UserBatch) -> Tensor:
        """Equation 9's e_u of a batch (B, d), from histories without the fold, with features dropped at random."""
        dropout = self.config.training.feature_dropout
        return self.user_tower(  # type: ignore[no-any-return]
            self._content, batch.owners, batch.bought, len(batch.users), dropout
        )

    def _embed_fold(self, fold: Tensor) -> ItemForward:
        """Equations 3-6 for the fold's items, with features and modalities dropped at random."""
        settings = self.config.training
        rows = self._warm[fold]
        present = self._present[rows]
        if settings.modality_dropout:
            kept = present & (torch.rand(present.shape, device=self.device) >= settings.modality_dropout)
            present = torch.where(kept.any(dim=1, keepdim=True), kept, present)
        dropped = {m: drop_features(v[rows], settings.feature_dropout) for m, v in self._prepared.items()}
        return self.tower.embed(dropped, present)

    def _ranking_loss(self, scores: Tensor, batch: UserBatch, fold: Tensor) -> Tensor:
        """Equation 10 with sampled negatives, or a softmax over all of the fold's items: scores s_ui (B, C)."""
        settings = self.config.training
        if settings.loss == "bpr":
            return sampled_bpr(scores, batch.target_owners, batch.targets, settings.negatives)
        if settings.popularity_offset:
            # What is popular is bought for being popular; the offset keeps that out of the scores (logQ correction).
            scores = scores + settings.popularity_offset * self._log_popularity[fold]
        return softmax_loss(scores, batch.target_owners, batch.targets)

    @torch.no_grad()
    def export(self) -> tuple[dict[str, Tensor], ItemForward]:
        """The weights as they would be used, on the CPU: averaged over steps, and towards the ridge that they began as.

        Returns:
            "tower.*" (the item tower's state), "users" (n_users, d) and "items" (n_items, d); and the forward pass of
            the warm items.
        """
        current: dict[str, Tensor] = {name: value.detach().clone() for name, value in self._parameters()}
        self._load_parameters(self._usable())
        items = self.tower.embed(self._prepared, self._present)
        histories = self._histories
        users = self.user_tower(self._content, histories.owners, histories.bought, self._n_users)
        weights = {f"tower.{name}": value.detach().cpu().clone() for name, value in self.tower.state_dict().items()}
        weights |= {"users": users.cpu(), "items": items.embeddings.cpu()}
        warm = ItemForward(**{name: getattr(items, name)[self._warm] for name in ItemForward.__dataclass_fields__})
        self._load_parameters(current)
        return weights, warm

    def _usable(self) -> dict[str, Tensor]:
        """The running average, some of the way back to the start.

        Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022: between weights that one began with and
        those fine-tuned lie weights that do better on what is unlike the training data. Noise is no such beginning.
        """
        settings = self.config.training
        if settings.start != "ridge" or not settings.start_share:
            return self._average
        return {name: value.lerp(self._beginning[name], settings.start_share) for name, value in self._average.items()}

    @torch.no_grad()
    def _load_parameters(self, values: dict[str, Tensor]) -> None:
        for name, parameter in self._parameters():
            parameter.copy_(values[name])

    def state(self) -> dict[str, Tensor]:
        """Everything that ``load_state`` needs to go on: weights, their average, the optimiser's moments."""
        tensors: dict[str, Tensor] = {f"weight.{name}": value for name, value in self._parameters()}
        tensors |= {f"average.{name}": value for name, value in self._average.items()}
        for index, moments in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{index}.{name}": value for name, value in moments.items()}
        return tensors

    def load_state(self, tensors: dict[str, Tensor]) -> None:
        """Go on from ``state()``."""
        self._load_parameters({n.removeprefix("weight."): v for n, v in tensors.items() if n.startswith("weight.")})
        self._average = {n: tensors[f"average.{n}"].to(self.device) for n in self._average}
        moments: dict[int, dict[str, Tensor]] = {}
        for name, value in tensors.items():
            if name.startswith("optimizer."):
                _, index, key = name.split(".", 2)
                moments.setdefault(int(index), {})[key] = value
        state = self.optimizer.state_dict()
        self.optimizer.load_state_dict({"state": moments, "param_groups": state["param_groups"]})


def _warm_pairs(data: ColdStartData) -> np.ndarray:
    """Training interactions (n, 2) with items counted among the warm ones."""
    row = np.full(data.n_items, -1)
    row[data.warm_items] = np.arange(len(data.warm_items))
    users, items = data.interactions.train.T
    return np.stack([users, row[items]], axis=1)


@contextmanager
def _randomness(seed: int, device: torch.device) -> Iterator[None]:
    """All random numbers inside come from ``seed``; the caller's generator is left as it was."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield
