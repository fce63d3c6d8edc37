"""metrics.json and its printed table: every number beside its protocol, seeds and baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

#: seed -> metric name -> value
SeedMetrics = Sequence[Mapping[str, float]]


def summarise(runs: Mapping[str, SeedMetrics]) -> dict[str, dict[str, float]]:
    """Method -> one mapping of metrics a seed, to method -> mean and, with several seeds, sample standard deviation."""
    methods: dict[str, dict[str, float]] = {}
    for method, seeds in runs.items():
        methods[method] = {}
        for name in seeds[0]:
            values = np.array([metrics[name] for metrics in seeds])
            methods[method][name] = float(values.mean())
            if len(values) > 1:
                methods[method][f"{name}.std"] = float(values.std(ddof=1))
    return methods


def format_table(methods: Mapping[str, Mapping[str, float]]) -> str:
    """A plain table, methods down and metrics across, best of each column marked with a star."""
    names = [name for name in next(iter(methods.values())) if not name.endswith(".std")]
    best = {name: max(metrics[name] for metrics in methods.values()) for name in names}
    width = max(len(method) for method in methods)
    lines = [" " * width + "".join(f"{name:>18}" for name in names)]
    for method, metrics in methods.items():
        cells = "".join(f"{_cell(metrics, name, best[name]):>18}" for name in names)
        lines.append(f"{method:<{width}}{cells}")
    return "\n".join(lines)


def _cell(metrics: Mapping[str, float], name: str, best: float) -> str:
    deviation = metrics.get(f"{name}.std")
    spread = f" ±{deviation:.4f}" if deviation is not None else ""
    return f"{metrics[name]:.4f}{spread}{'*' if metrics[name] == best else ' '}"


def format_protocol(protocol: Mapping[str, Any]) -> str:
    """The protocol in one paragraph, to stand beside the table."""
    return "; ".join(f"{key.replace('_', ' ')}: {value}" for key, value in protocol.items())
