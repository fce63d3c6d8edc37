"""Every setting of a run, with its default, its meaning and its limits.

The defaults are what a user gets without flags; they were chosen on validation and on splits
that no table reports (assets/results/README.md).
"""

from mamex.config.assignments import override, parse_config, setting_names
from mamex.config.listing import Setting, list_settings
from mamex.config.sections import (
    SHOWN,
    Config,
    DataConfig,
    EvaluationConfig,
    ModelConfig,
    TrainingConfig,
    shortened,
)

__all__ = [
    "SHOWN",
    "Config",
    "DataConfig",
    "EvaluationConfig",
    "ModelConfig",
    "Setting",
    "TrainingConfig",
    "list_settings",
    "override",
    "parse_config",
    "setting_names",
    "shortened",
]
