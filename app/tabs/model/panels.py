"""The model in words and tables: what it is, how good it is, how it was set; checkpoint and records -> HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from app import words
from app.parts.open_table import open_table
from app.state.shop import Shop
from mamex.config import Setting

#: Methods of metrics.json as people call them.
METHODS = {
    "mamex": "MAMEX",
    "ridge": "ridge regression",
    "ridge-weighted": "ridge, modality weights",
    "content-knn": "content-kNN",
    "random": "random order",
}
_DEVIATION = ".std"


def facts(shop: Shop) -> str:
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
    listed = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in rows)
    return f'<h2>What it is</h2><dl class="facts-list">{listed}</dl>'


def metrics(shop: Shop, found: Mapping[str, Any] | None) -> str:
    """How good it is beside simple baselines, and by which protocol."""
    title = "<h2>How good it is</h2>"
    command = "python -m mamex evaluate --checkpoint CHECKPOINT --seeds 3"  # visitors need not know where it lies
    if found is None:
        return f"""{title}<p class="lead">Nobody has measured this checkpoint yet. This command does, beside ridge,
content-kNN and random order, and the numbers appear here:</p><pre class="command">{escape(command)}</pre>"""
    methods: Mapping[str, Mapping[str, float]] = found["methods"]
    names = [name for name in next(iter(methods.values()), {}) if not name.endswith(_DEVIATION)]
    best = {name: max(values.get(name, 0.0) for values in methods.values()) for name in names}
    rows = [
        [escape(METHODS.get(method, method)), *(_metric(values, name, best[name]) for name in names)]
        for method, values in methods.items()
    ]
    heads = ["Method", *(name.replace("recall", "Recall").replace("ndcg", "NDCG") for name in names)]
    seeds = found["protocol"].get("seeds", [])
    spread = f"mean ± standard deviation over {len(seeds)} seeds" if len(seeds) > 1 else "one seed, so by luck in part"
    lead = f'<p class="lead">On items kept out of training, {spread}. The best of each column is bold.</p>'
    return f"{title}{lead}{_stale(shop, found)}{open_table('Metrics', heads, rows)}{_protocol(found['protocol'])}"


def _metric(values: Mapping[str, float], name: str, best: float) -> str:
    if name not in values:
        return ""
    deviation = values.get(name + _DEVIATION)
    text = f"{values[name]:.4f}" + (f" ± {deviation:.4f}" if deviation is not None else "")
    return f"<strong>{text}</strong>" if values[name] == best else text


def _stale(shop: Shop, found: Mapping[str, Any]) -> str:
    """A warning if the numbers are those of another model."""
    if found.get("checkpoint") in (None, shop.launcher.checkpoint.identifier):
        return ""
    other = escape(str(found["checkpoint"]))
    return f"""<div class="callout warning" role="note"><strong>Mind:</strong> these numbers were measured on checkpoint
{other}, which is not this one; evaluate again.</div>"""


def _protocol(protocol: Mapping[str, Any]) -> str:
    entries = "".join(
        f"<div><dt>{escape(words.capital(str(key).replace('_', ' ')))}</dt><dd>{escape(_listed(value))}</dd></div>"
        for key, value in protocol.items()
    )
    return f'<h3>Protocol</h3><dl class="facts-list">{entries}</dl>'


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def settings(found: Sequence[Setting]) -> str:
    """Every setting with its meaning; those that differ from the default are marked."""
    changed = sum(setting.changed for setting in found)
    rows = []
    for setting in found:
        value = escape(setting.value)
        mark = (
            f"<strong>{value}</strong> <small>instead of {escape(setting.default)}</small>"
            if setting.changed
            else value
        )
        rows.append([f"<code>{escape(setting.name)}</code><small>{escape(setting.meaning)}</small>", mark])
    differing = f"{changed} differ from the defaults and are bold." if changed != 1 else "One differs, in bold."
    lead = "All are as they come." if not changed else differing
    return f"""<h2>How it was set</h2>
<p class="lead">{lead} A setting is changed with <code>--set NAME=VALUE</code>.</p>
{open_table("Settings", ["Setting", "Value"], rows, numbers=False)}"""
