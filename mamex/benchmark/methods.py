"""MAMEX and every rival behind one interface: resolved settings, search space, fit, and the same budget of trials."""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from mamex.baselines import BASELINES, LearnedRecommender, Recommender, SelfTuned
from mamex.benchmark.identity.fingerprint import code_fingerprint
from mamex.benchmark.problem import with_modalities
from mamex.config import Config, override
from mamex.data.cold_start import ColdStartData
from mamex.evaluation import Scorer, dot_products
from mamex.training.loop import TARGET, fit

MAMEX = "mamex"
#: What is tuned of MAMEX; the defaults of each are among its values.
MAMEX_SPACE: Mapping[str, tuple[Any, ...]] = {
    "training.learning_rate": (3e-4, 1e-3, 3e-3),
    "training.align": (0.001, 0.01, 0.1),
    "training.adapter": (0.001, 0.01, 0.1),
    "training.fusion": (0.001, 0.01, 0.1),
    "training.feature_dropout": (0.2, 0.4, 0.6),
    "model.kernel_gamma": (0.5, 1.0, 2.0),
    "training.averaging": (0.9, 0.95, 0.98),
}
#: ``--quick``: what a smoke run changes.
QUICK_MAMEX = ("training.epochs=3", "model.dimension=16")
QUICK_RIVAL: Mapping[str, int] = {"epochs": 3, "dimension": 16}


@dataclass(frozen=True)
class Fitted:
    """A method that has learnt: how it scores, and its metrics on validation (empty if it was not trained)."""

    scorer: Scorer
    validation: Mapping[str, float]


class Method(ABC):
    """What the benchmark asks of a method.

    Attributes:
        name: its name on the command line and in files.
        search_space: setting -> values that random trials draw from; empty for methods that tune themselves.
        code: fingerprint of the code that its numbers depend on.
    """

    name: str
    search_space: Mapping[str, tuple[Any, ...]]
    code: str

    @abstractmethod
    def settings(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Every setting, with ``changes`` applied to the defaults; can be written as JSON."""

    @abstractmethod
    def fit(self, data: ColdStartData, changes: Mapping[str, Any], seed: int) -> Fitted:
        """Learn from the warm items; deterministic for equal arguments."""


class MamexMethod(Method):
    """MAMEX and its variants.

    Args:
        config: the settings to which changes are applied.
    """

    name = MAMEX
    search_space = MAMEX_SPACE

    def __init__(self, config: Config) -> None:
        self._config = config
        self.code = code_fingerprint(fit)

    def _configure(self, changes: Mapping[str, Any]) -> Config:
        return override(self._config, [f"{name}={value}" for name, value in changes.items()])

    def settings(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        config = self._configure(changes)
        return {"model": config.model.model_dump(mode="json"), "training": config.training.model_dump(mode="json")}

    def fit(self, data: ColdStartData, changes: Mapping[str, Any], seed: int) -> Fitted:
        config = self._configure(changes).with_seed(seed)
        data = with_modalities(data, config.model.modalities)
        trained = fit(data, config)
        items = trained.tower(data.features, data.present).embeddings
        return Fitted(dot_products(trained.users, items), trained.best.validation)


class BaselineMethod(Method):
    """A rival of ``mamex.baselines``.

    Args:
        kind: its class.
        config: says what competes on validation.
        quick: make it a smoke run.
    """

    def __init__(self, kind: type[Recommender], config: Config, quick: bool = False) -> None:
        self._kind = kind
        self._candidates = config.evaluation.candidates
        self._base = {"candidates": self._candidates, **(QUICK_RIVAL if quick else {})}
        self.name = kind.name
        self.search_space = kind.search_space if issubclass(kind, LearnedRecommender) else {}
        self.code = code_fingerprint(kind)

    def settings(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        if not issubclass(self._kind, LearnedRecommender):
            return dict(changes)
        return asdict(replace(self._kind.settings_type(), **{**self._base, **changes}))

    def fit(self, data: ColdStartData, changes: Mapping[str, Any], seed: int) -> Fitted:
        if issubclass(self._kind, LearnedRecommender):
            recommender: Recommender = self._kind(self._kind.settings_type(**self.settings(changes)))
        elif issubclass(self._kind, SelfTuned):
            recommender = self._kind(self._candidates)
        else:
            recommender = self._kind()
        recommender.fit(data, seed)
        validation = recommender.validation if isinstance(recommender, LearnedRecommender) else {}
        return Fitted(recommender.score, validation)


def all_methods(config: Config, quick: bool = False) -> dict[str, Method]:
    """Every method by name, MAMEX last, as in the paper's tables."""
    rivals: list[Method] = [BaselineMethod(kind, config, quick) for kind in BASELINES.values()]
    return {method.name: method for method in [*rivals, MamexMethod(config)]}


def random_trials(method: str, space: Mapping[str, Sequence[Any]], count: int) -> list[dict[str, Any]]:
    """``count`` groups of settings: the defaults, then random draws, each setting uniformly from its values.

    A trial depends on the method's name and its own number alone, so that more trials add to fewer. A method without
    a search space has its defaults alone.
    """
    if not space:
        return [{}]
    trials: list[dict[str, Any]] = [{}]
    for number in range(1, count):
        random = np.random.default_rng([zlib.crc32(method.encode()), number])
        trials.append({name: values[int(random.integers(len(values)))] for name, values in space.items()})
    return trials


def best_trial(validations: Sequence[Mapping[str, float]]) -> int:
    """The trial with the highest validation NDCG@20; of equal ones the first, and one without a value never wins."""
    values = [np.nan_to_num(validation.get(TARGET, np.nan), nan=-1.0) for validation in validations]
    return int(np.argmax(values))
