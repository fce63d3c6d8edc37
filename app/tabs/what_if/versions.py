"""The versions of a product that the What if view compares, and what their difference says in one place."""

from __future__ import annotations

import time
from collections.abc import Mapping

from app.state.shop import Shop
from app.state.visit import Form, Version
from mamex.encoders.memory import FeatureMemory
from mamex.errors import LaunchError
from mamex.launch.change import Change, with_share
from mamex.launch.product import PlannedProduct
from mamex.progress import Marks


def read_product(shop: Shop, form: Form, change: Change, memory: FeatureMemory) -> PlannedProduct:
    """Encode a version; only what ``memory`` doesn't know is encoded.

    Raises:
        MamexError: one sentence on what to change.
    """
    product = shop.read(form.picture, form.title, form.description, memory)
    taken = [modality for modality in change.removed if modality in product.features]
    if len(taken) == len(product.features):
        raise LaunchError("Everything was taken away; leave the product its picture or its words.")
    for modality in taken:
        product = product.without(modality)
    return product


def forced_fusion(shop: Shop, product: PlannedProduct, change: Change) -> Mapping[str, float] | None:
    """The fusion weights that a change asks for; None if the model decides, or there is nothing to choose."""
    if change.share is None:
        return None
    launcher = shop.launcher
    weights = launcher.reading(product).forward.fusion[0].tolist()
    fusion = dict(zip(launcher.modalities, weights, strict=True))
    return with_share(fusion, list(product.features), change.modality, change.share)


def launch_version(shop: Shop, form: Form, change: Change, memory: FeatureMemory, chosen: bool = False) -> Version:
    """Launch a version.

    Raises:
        MamexError: one sentence on what to change.
    """
    marks: Marks = [("", time.perf_counter())]
    product = read_product(shop, form, change, memory)
    marks.append(("read", time.perf_counter()))
    fusion = forced_fusion(shop, product, change)
    # Members are described where they are won or lost; see `mamex.insight.comparison`.
    result = shop.launcher.score(product, fusion=fusion, list_length=form.list_length, members=0, marks=marks)
    return Version(shop, form, result, change, chosen)
