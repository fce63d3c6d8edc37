"""The model in words and tables: what it is, how good it is, how it was set; checkpoint and records -> HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from app import words
from app.parts.tables import open_table
from app.state.shop import Shop
from app.theme.templates import render, render_macro
from mamex.config import Setting
from mamex.insight.held_out import warnings_of_test

#: Methods of metrics.json as people call them.
METHODS = {
    "mamex": "MAMEX",
    "ridge": "ridge regression",
    "ridge-weighted": "ridge, modality weights",
    "content-knn": "content-kNN",
    "random": "random order",
}
_DEVIATION = ".std"
_CELLS = "tabs/model/cells.html"


def facts(shop: Shop) -> Markup:
    """What was trained on what."""
    checkpoint, about = shop.launcher.checkpoint, shop.about
    summary, model = checkpoint.summary, checkpoint.config.model
    counts = checkpoint.data.part_sizes
    parameters = sum(weights.numel() for weights in checkpoint.tower.parameters())
    sides = ", ".join(
        f"{words.modality(name)} ({width:,} numbers)"
        for name, width in checkpoint.encoder_identity["dimensions"].items()
    )
    has = ", ".join(
        f"{words.percent(float(checkpoint.data.present[:, place].float().mean()))} with {words.modality(name)}"
        for place, name in enumerate(checkpoint.data.features)
    )
    rows = [
        ("Checkpoint", checkpoint.identifier),
        ("Trained on", shop.name + (" (simulated)" if about.simulated else "")),
        (words.capital(about.items), f"{shop.products:,}: {counts[0]:,} on sale, {counts[1]:,} for validation, "
         f"{counts[2]:,} for test; {has}"),
        (words.capital(about.users), f"{shop.shoppers:,}, who {about.bought} "
         f"{len(checkpoint.data.interactions.train):,} times what is on sale"),
        ("Encoder", f"{checkpoint.encoder_identity['name']}: {sides}"),
        ("Experts", f"{model.experts} for each side, {model.active_experts} used at a time; {parameters:,} weights"),
        ("Training", f"{summary['epochs'] - 1} epochs in {summary['seconds']:,.0f} s, the best was epoch "
         f"{summary['best_epoch']}"),
    ]  # fmt: skip
    return render("tabs/model/facts.html", facts=rows)


def metrics(shop: Shop, found: Mapping[str, Any] | None) -> Markup:
    """How good it is beside simple baselines, and by which protocol."""
    if found is None:
        return render("tabs/model/metrics.html", measured=False)
    protocol = found["protocol"]
    seeds = protocol.get("seeds", [])
    return render(
        "tabs/model/metrics.html",
        measured=True,
        spread=f"mean ± standard deviation over {len(seeds)} seeds"
        if len(seeds) > 1
        else "one seed, so by luck in part",
        warned=[*_stale(shop, found), *warnings_of_test(shop.launcher.checkpoint)],
        table=_methods(found["methods"]),
        protocol=[(words.capital(str(key).replace("_", " ")), _listed(value)) for key, value in protocol.items()],
    )


def _methods(methods: Mapping[str, Mapping[str, float]]) -> Markup:
    names = [name for name in next(iter(methods.values()), {}) if not name.endswith(_DEVIATION)]
    best = {name: max(values.get(name, 0.0) for values in methods.values()) for name in names}
    rows = [
        [METHODS.get(method, method), *(_metric(values, name, best[name]) for name in names)]
        for method, values in methods.items()
    ]
    heads = ["Method", *(name.replace("recall", "Recall").replace("ndcg", "NDCG") for name in names)]
    return open_table("Metrics", heads, rows)


def _metric(values: Mapping[str, float], name: str, best: float) -> str:
    if name not in values:
        return ""
    deviation = values.get(name + _DEVIATION)
    text = f"{values[name]:.4f}" + (f" ± {deviation:.4f}" if deviation is not None else "")
    return render_macro(_CELLS, "measured", text=text, best=values[name] == best)


def _stale(shop: Shop, found: Mapping[str, Any]) -> list[str]:
    """A warning if the numbers are those of another model."""
    other = found.get("checkpoint")
    if other in (None, shop.launcher.checkpoint.identifier):
        return []
    return [f"these numbers were measured on checkpoint {other}, which is not this one; evaluate again."]


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def settings(found: Sequence[Setting]) -> Markup:
    """Every setting with its meaning; those that differ from the default are marked."""
    changed = sum(setting.changed for setting in found)
    differing = f"{changed} differ from the defaults and are bold." if changed != 1 else "One differs, in bold."
    rows = [[render_macro(_CELLS, cell, setting=setting) for cell in ("meaning", "value")] for setting in found]
    return render(
        "tabs/model/settings.html",
        changed=differing if changed else "All are as they come.",
        table=open_table("Settings", ["Setting", "Value"], rows, numbers=False),
    )


def learned(logged: bool) -> Markup:
    """The title of the curves; without a log there are none."""
    return render("tabs/model/learned.html", logged=logged)
