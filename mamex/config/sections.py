"""The sections of a run's settings: each field with its default, its meaning and its limits."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from mamex.modalities import IMAGE, TEXT

#: Numbers in the weights of one modality's experts; 4 GiB. A larger model is a slip of the hand.
MOST_WEIGHTS = 2**30
#: Seeds of 32 bits, which every library here takes, with room for the further seeds of an evaluation above it.
LARGEST_SEED = 4_000_000_000
#: Characters of a wrong value that its message repeats.
SHOWN = 80


class Section(BaseModel):
    """A group of settings: immutable, finite, and closed to names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, protected_namespaces=())

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_values_for_numbers(cls, value: Any, info: ValidationInfo) -> Any:
        # Pydantic takes true for 1, and a file that says true where a number belongs was not made by us.
        if isinstance(value, bool) and cls.model_fields[str(info.field_name)].annotation in (int, float):
            raise PydanticCustomError("number_type", "Input should be a valid number")
        return value


class DataConfig(Section):
    """Which interactions are used and how items are split (section 4.1.1 of the paper)."""

    k_core: int = Field(
        0, ge=0, le=1_000_000, description="keep users and items with at least this many interactions; 0 keeps all"
    )
    unknown_items: Literal["error", "drop"] = Field(
        "error", description="what is done with interactions of items that items.csv lacks, discontinued ones say"
    )
    exclude_users: tuple[str, ...] = Field(
        (), max_length=1000, description="users left out, such as the one number that all guests share"
    )
    min_rating: float | None = Field(
        None,
        ge=-1e6,
        le=1e6,
        description="ratings from here up count as interactions; none for the middle of the scale, 0 for all",
    )
    day_first: bool | None = Field(
        None, description="whether 03/04/2025 is the third of April; none for what the other dates of the column say"
    )
    group_column: str = Field(
        "", max_length=1000, description="column of items.csv whose equal values never straddle the split"
    )
    train_share: float = Field(0.8, gt=0, lt=1, description="share of items that are warm")
    validation_share: float = Field(0.1, gt=0, lt=1, description="share of items held out for validation")

    @model_validator(mode="after")
    def _leave_room_for_test(self) -> DataConfig:
        if self.train_share + self.validation_share >= 1:
            raise ValueError("train_share and validation_share must leave some items for test; give less than 1 in all")
        return self


class ModelConfig(Section):
    """Equations 2-8 of the paper; letters in parentheses are the paper's."""

    modalities: tuple[str, ...] = Field(
        (IMAGE, TEXT), min_length=1, max_length=16, description="modalities fused (M), in order"
    )
    dimension: int = Field(256, ge=1, le=16_384, description="width of item and user embeddings (d)")
    experts: int = Field(4, ge=1, le=1024, description="experts of each modality (K)")
    active_experts: int = Field(4, ge=1, le=1024, description="experts that read each item (k)")
    router: Literal["modality", "shared", "joint"] = Field(
        "modality",
        description="own gate and own experts for each modality; or, of Table 3, own gates and shared experts; or one "
        "gate and shared experts that read all modalities side by side, without a fusion step",
    )
    fusion: Literal["sparsemax", "softmax", "average"] = Field(
        "sparsemax", description="how fusion logits become weights (G); average is the paper's ablation w/o MMF"
    )
    fusion_gate: Literal["linear", "mlp"] = Field("linear", description="what computes the fusion logits")
    balance: Literal["paper", "reverse"] = Field("paper", description="KL(mean || uniform), or the reverse")
    center: bool = Field(True, description="subtract the training items' mean from each modality's features")
    normalise: bool = Field(True, description="scale each modality's features to unit length")
    kernel_components: int = Field(
        512,
        ge=0,
        le=16_384,
        description="kernel principal components that stand for a modality's features; 0 for the features",
    )
    kernel_gamma: float = Field(
        1.0, gt=0, le=1e6, description="inverse squared width of that kernel, exp(-gamma |a - b|^2)"
    )

    @model_validator(mode="after")
    def _check(self) -> ModelConfig:
        if self.active_experts > self.experts:
            raise ValueError("model.active_experts can't be larger than model.experts; lower it")
        if not all(self.modalities):
            raise ValueError("model.modalities needs a name between its commas")
        if len(set(self.modalities)) != len(self.modalities):
            raise ValueError("model.modalities names a modality twice; name each once")
        for name in self.modalities:
            _check_modality(name)
        if self.experts * self.dimension * max(self.kernel_components, 1) > MOST_WEIGHTS:
            raise ValueError(
                "model.experts, model.dimension and model.kernel_components together make a model of more than "
                f"{MOST_WEIGHTS:,} weights a modality; lower one of them"
            )
        return self


def _check_modality(name: str) -> None:
    """Modalities name files and parts of the model, so not every text will do.

    Raises:
        ValueError: it will not.
    """
    if not re.fullmatch(r"[\w-]{1,64}", name):
        raise ValueError(
            f"model.modalities can't name a modality {shortened(name)}: letters, digits, _ and - will do, 64 at most"
        )
    if name not in (IMAGE, TEXT):
        from torch import nn  # takes seconds, which `--help` should not cost

        if hasattr(nn.ModuleDict(), name):
            raise ValueError(
                f"model.modalities can't name a modality '{name}', a word that PyTorch keeps for itself; rename it"
            )


class TrainingConfig(Section):
    """How the model learns (section 3.4); lambdas are those of equation 11."""

    seed: int = Field(0, ge=0, le=LARGEST_SEED, description="drives the split, the initial weights and the sampling")
    start: Literal["ridge", "random"] = Field(
        "ridge", description="initial weights: low-rank ridge with all experts of a modality alike, or noise (paper)"
    )
    epochs: int = Field(80, ge=1, le=1_000_000, description="passes over all users and folds, at most")
    patience: int = Field(
        15, ge=1, le=1_000_000, description="epochs without a better validation NDCG@20 before stopping"
    )
    learning_rate: float = Field(0.001, gt=0, le=1000, description="step size of AdamW")
    gate_rate: float = Field(10.0, gt=0, le=1e6, description="the gates' step size as a multiple of learning_rate")
    weight_decay: float = Field(0.0, ge=0, le=1e6, description="decay of expert and user maps (lambda 4, decoupled)")
    users_per_step: int = Field(8192, ge=1, le=10_000_000, description="users of one step")
    folds: int = Field(5, ge=2, le=100_000, description="parts of the warm items; each in turn plays the cold items")
    most_candidates: int = Field(
        4096, ge=2, le=10_000_000, description="items of a fold at most; large shops get more folds"
    )
    loss: Literal["softmax", "bpr"] = Field("softmax", description="ranking loss; bpr is equation 10")
    negatives: int = Field(1, ge=1, le=10_000, description="negatives of each positive, for bpr")
    popularity_offset: float = Field(0.0, ge=0, le=1, description="share of log popularity kept out of the scores")
    align: float = Field(0.01, ge=0, le=1e6, description="weight of the alignment loss (lambda 1)")
    adapter: float = Field(0.01, ge=0, le=1e6, description="weight of the expert balance loss (lambda 2)")
    fusion: float = Field(0.01, ge=0, le=1e6, description="weight of the modality balance loss (lambda 3)")
    feature_dropout: float = Field(0.4, ge=0, lt=1, description="share of features zeroed at random")
    modality_dropout: float = Field(0.0, ge=0, lt=1, description="share of modalities hidden at random")
    averaging: float = Field(0.95, ge=0, lt=1, description="decay of the running average of weights that is validated")
    start_share: float = Field(
        0.3, ge=0, lt=1, description="share of ridge's own weights in the weights that are validated and used"
    )


class EvaluationConfig(Section):
    """The protocol by which rankings are scored."""

    candidates: Literal["cold", "cold_test", "all"] = Field(
        "cold", description="what competes: all cold items (MILK), the scored part's cold items, or every item"
    )


class Config(Section):
    """All settings of a run."""

    encoder: str = Field(
        "compact", min_length=1, max_length=4096, description="compact, features, MODEL/TAG or MODEL/PATH of open_clip"
    )
    data: DataConfig = DataConfig()
    model: ModelConfig = ModelConfig()
    training: TrainingConfig = TrainingConfig()
    evaluation: EvaluationConfig = EvaluationConfig()

    def with_seed(self, seed: int) -> Config:
        """The same settings with another seed."""
        return self.model_copy(update={"training": self.training.model_copy(update={"seed": seed})})


def shortened(text: str) -> str:
    """A text in quotation marks, printable on one line, with its end cut off if it is long."""
    text = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return "'" + "".join(c if c.isprintable() else repr(c)[1:-1] for c in text) + "'"
