"""Which rows each table has: what each is called, by which method it is made, and what is changed for it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mamex.baselines import BASELINES
from mamex.benchmark.identity.cells import Kind
from mamex.benchmark.methods import MAMEX
from mamex.config import Config
from mamex.errors import BenchmarkError

#: How methods are called in tables; the paper's names where it has them.
LABELS = {
    "random": "random",
    "content-knn": "content-kNN",
    "ridge": "ridge",
    "ridge-weighted": "ridge, modality weights",
    "ridge-kernel": "kernel ridge, modality weights",
    "bpr-mapper": "BPR + content mapper",
    "lightgcn-mapper": "LightGCN + content mapper",
    "dropoutnet": "DropoutNet",
    "metaembed": "MetaEmbed",
    "clcrec": "CLCRec",
    "mtpr": "MTPR",
    "mtpr-without-id": "MTPR without ID",
    "gar": "GAR",
    "alignrec": "AlignRec",
    "milk": "MILK",
    MAMEX: "MAMEX",
}
#: Methods that read no content of cold items: losing it changes nothing.
WITHOUT_CONTENT = frozenset({"random"})
MODALITY_DROPOUT = 0.3
GRID_EXPERTS, GRID_ACTIVE = (4, 6, 8), (2, 3, 4)


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes:
        label: what it is called.
        method: what makes its numbers.
        changes: settings that are changed on top of those chosen by tuning.
    """

    label: str
    method: str
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A table or figure.

    Attributes:
        name: as on the command line.
        title: what it shows.
        rows: in order.
        kind: test, or missing (one result for each share of items that lose a modality).
    """

    name: str
    title: str
    rows: Sequence[Row]
    kind: Kind = "test"

    @property
    def file(self) -> str:
        """The name of its files, without ending."""
        return f"table{self.name}" if self.name.isdigit() else self.name


OURS = Row(LABELS[MAMEX], MAMEX)


def plan(name: str, config: Config, methods: Sequence[str] | None = None) -> Table:
    """A table by name.

    Args:
        name: one of ``options.TABLES``.
        config: the settings of the run.
        methods: which methods tables of several methods show; None for all. The other tables are about MAMEX alone.

    Raises:
        BenchmarkError: a method is unknown, or the table makes no sense with these settings.
    """
    chosen = choose_methods(methods)
    if name == "1":
        return Table(name, "Overall performance", [Row(LABELS.get(m, m), m) for m in chosen])
    if name == "2":
        return Table(name, "Ablation of MAMEX's components", _ablation())
    if name == "3":
        return Table(name, "Routers and experts", _routers())
    if name == "figure2":
        return Table(name, "Single modalities and all of them", _modalities(config))
    if name == "missing":
        if config.evaluation.candidates == "all":
            raise BenchmarkError(
                "The table 'missing' ranks cold items; set evaluation.candidates to cold or cold_test."
            )
        rows = _missing(chosen)
        if not rows:
            raise BenchmarkError("The table 'missing' needs a method that reads content; add one to --methods.")
        return Table(name, "Cold items that lose a modality", rows, "missing")
    return Table(name, "Number of experts (K) and of active ones (k)", _grid())


def choose_methods(names: Sequence[str] | None) -> list[str]:
    """Names of methods in the order of the tables, MAMEX last.

    Raises:
        BenchmarkError: one of ``names`` is unknown.
    """
    known = [*BASELINES, MAMEX]
    for name in names or []:
        if name not in known:
            nearest = difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
            raise BenchmarkError(f"There is no method '{name}'; did you mean '{nearest}'? Known: {', '.join(known)}.")
    return [name for name in known if names is None or name in names]


def _ablation() -> list[Row]:
    return [
        Row("w/o MoE", MAMEX, {"model.experts": 1, "model.active_experts": 1}),
        Row("w/o Align", MAMEX, {"training.align": 0}),
        Row("w/o MMF", MAMEX, {"model.fusion": "average"}),
        Row("softmax for sparsemax", MAMEX, {"model.fusion": "softmax"}),
        Row("KL(uniform ‖ mean)", MAMEX, {"model.balance": "reverse"}),
        OURS,
    ]


def _routers() -> list[Row]:
    joint, shared = {"model.router": "joint"}, {"model.router": "shared"}
    return [Row("joint router", MAMEX, joint), Row("modality-specific router", MAMEX, shared), OURS]


def _modalities(config: Config) -> list[Row]:
    modalities = config.model.modalities
    if len(modalities) < 2:
        raise BenchmarkError("The table 'figure2' compares modalities, but model.modalities names only one.")
    return [*(Row(f"{modality} only", MAMEX, {"model.modalities": modality}) for modality in modalities), OURS]


def _missing(methods: Sequence[str]) -> list[Row]:
    rows = [Row(LABELS.get(m, m), m) for m in methods if m not in WITHOUT_CONTENT]
    if MAMEX in methods:
        changes = {"training.modality_dropout": MODALITY_DROPOUT}
        rows.append(Row(f"MAMEX, modality dropout {MODALITY_DROPOUT}", MAMEX, changes))
    return rows


def _grid() -> list[Row]:
    return [
        Row(f"K={experts}, k={active}", MAMEX, {"model.experts": experts, "model.active_experts": active})
        for experts in GRID_EXPERTS
        for active in GRID_ACTIVE
    ]
