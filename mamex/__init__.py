"""MAMEX: multi-modal adaptive mixture of experts for cold-start recommendation.

>>> import mamex
>>> config = mamex.override(mamex.Config(), ["training.epochs=20"])
>>> mamex.train("assets/catalogue", "runs/shop", config)                          # doctest: +SKIP
>>> launcher = mamex.Launcher.load("runs/shop")                                   # doctest: +SKIP
>>> launcher.launch(text="A red coat").audience_size                              # doctest: +SKIP

What stands in ``__all__`` is what the library offers; each name is imported when it is asked for, because torch takes
seconds that ``python -m mamex --help`` should not cost. Modules of the library import from each other, never from here.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from mamex.baselines import BASELINES, Recommender
    from mamex.benchmark.evaluate import evaluate_run as evaluate
    from mamex.checkpoint.checkpoint import Checkpoint, load_checkpoint
    from mamex.config import Config, override
    from mamex.data.check import check_dataset
    from mamex.data.dataset import Dataset, read_dataset
    from mamex.encoders import Encoder, load_encoder
    from mamex.errors import MamexError
    from mamex.insight.cannibalisation import cannibalisation
    from mamex.insight.comparison import compare
    from mamex.insight.experts import profile_experts
    from mamex.insight.occlusion import patch_worth, word_worth
    from mamex.launch.launcher import Launcher
    from mamex.launch.result import LaunchResult
    from mamex.training.run import train_run as train

__all__ = [
    "BASELINES",
    "Checkpoint",
    "Config",
    "Dataset",
    "Encoder",
    "LaunchResult",
    "Launcher",
    "MamexError",
    "Recommender",
    "cannibalisation",
    "check_dataset",
    "compare",
    "evaluate",
    "load_checkpoint",
    "load_encoder",
    "override",
    "patch_worth",
    "profile_experts",
    "read_dataset",
    "train",
    "word_worth",
]

#: Where each name is, as the imports above say it to type checkers and editors.
_PLACES = {
    "BASELINES": "mamex.baselines:BASELINES",
    "Checkpoint": "mamex.checkpoint.checkpoint:Checkpoint",
    "Config": "mamex.config:Config",
    "Dataset": "mamex.data.dataset:Dataset",
    "Encoder": "mamex.encoders:Encoder",
    "LaunchResult": "mamex.launch.result:LaunchResult",
    "Launcher": "mamex.launch.launcher:Launcher",
    "MamexError": "mamex.errors:MamexError",
    "Recommender": "mamex.baselines:Recommender",
    "cannibalisation": "mamex.insight.cannibalisation:cannibalisation",
    "check_dataset": "mamex.data.check:check_dataset",
    "compare": "mamex.insight.comparison:compare",
    "evaluate": "mamex.benchmark.evaluate:evaluate_run",
    "load_checkpoint": "mamex.checkpoint.checkpoint:load_checkpoint",
    "load_encoder": "mamex.encoders:load_encoder",
    "override": "mamex.config:override",
    "patch_worth": "mamex.insight.occlusion:patch_worth",
    "profile_experts": "mamex.insight.experts:profile_experts",
    "read_dataset": "mamex.data.dataset:read_dataset",
    "train": "mamex.training.run:train_run",
    "word_worth": "mamex.insight.occlusion:word_worth",
}

if not TYPE_CHECKING:  # a type checker would take every other name for one of any type

    def __getattr__(name):
        """Import what is asked for, once."""
        if name not in _PLACES:
            raise AttributeError(f"module 'mamex' has no attribute {name!r}")
        module, _, original = _PLACES[name].partition(":")
        globals()[name] = value = getattr(import_module(module), original)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
