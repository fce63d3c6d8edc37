"""What the What if tab does, for programs: /what_if, /word_worth and /patch_worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from app.state.shop import Shop, words_of
from app.state.visit import Form, Visit
from app.tabs.what_if.versions import forced_fusion, launch_version, read_product
from app.wiring.endpoints import endpoint, product_fields
from app.wiring.picture_field import picture_input
from app.wiring.workbench import Workbench
from mamex.insight.comparison import compare
from mamex.insight.occlusion import patch_worth, word_worth
from mamex.launch.change import Change
from mamex.launch.product import PlannedProduct
from mamex.modalities import IMAGE


def build(bench: Workbench) -> None:
    """Offer the endpoints; call it while the page is being laid out."""
    _what_if(bench)
    _word_worth(bench)
    _patch_worth(bench)


def _what_if(bench: Workbench) -> None:
    def what_if(
        visit: Visit,
        picture: str | None = None,
        title: str = "",
        description: str = "",
        other_picture: str | None = None,
        other_title: str = "",
        other_description: str = "",
        remove: list[str] | None = None,
        picture_share: float | None = None,
        list_length: int = 20,
    ) -> dict[str, Any]:
        """Compare a planned product with a changed version of it: whom the change wins and loses, and why.

        Args:
            {product}
            other_picture: picture of the changed version; leave it out to keep the first.
            other_title: title of the changed version; leave it out to keep the first.
            other_description: description of the changed version; leave it out to keep the first.
            remove: modalities that the changed version lacks, "image" or "text".
            picture_share: fusion weight of its picture, 0 to 1; leave it out to let the model decide.
            {length}

        Returns:
            before, after (routing, fusion, reach, neighbours, warnings), reach_change, won, lost, kept, won_members,
            lost_members (each with a change that adds up to the change of the score), gained_neighbours,
            lost_neighbours, read_again.
        """
        shop = bench.shop_of(visit)
        form = Form(picture, title, description, list_length)
        other = Form(other_picture or picture, other_title or title, other_description or description, list_length)
        before = launch_version(shop, form, Change(), visit.memory)
        after = launch_version(shop, other, _change(remove or [], picture_share), visit.memory)
        return compare(shop.launcher, before.result, after.result).to_json()

    picture, title, description, length = product_fields()
    changes = [
        picture_input(label="Other picture", visible=False),
        gr.Textbox(label="Other title", value="", visible=False),
        gr.Textbox(label="Other description", value="", visible=False),
        gr.CheckboxGroup(bench.shop.launcher.modalities, label="Remove", value=[], visible=False),
        _share_field(),
    ]
    endpoint(what_if, "what_if", [bench.visit, picture, title, description, *changes, length])


def _word_worth(bench: Workbench) -> None:
    def word_worths(
        visit: Visit,
        picture: str | None = None,
        title: str = "",
        description: str = "",
        picture_share: float | None = None,
        list_length: int = 20,
    ) -> dict[str, Any]:
        """What each word of a planned product is worth: the model is asked again without it.

        Args:
            {product}
            picture_share: fusion weight of the picture, 0 to 1; leave it out to let the model decide.
            {length}

        Returns:
            pieces (name, users, reach, score: what the product has more with the word than without it), at_once,
            audience_size, list_length.
        """
        form = Form(picture, title, description, list_length)
        shop, product, fusion = _read(bench, visit, form, picture_share)
        return word_worth(shop.launcher, product, words_of(title, description), fusion, list_length).to_json()

    endpoint(word_worths, "word_worth", _worth_inputs(bench))


def _patch_worth(bench: Workbench) -> None:
    def patch_worths(
        visit: Visit,
        picture: str | None = None,
        title: str = "",
        description: str = "",
        picture_share: float | None = None,
        list_length: int = 20,
    ) -> dict[str, Any]:
        """What each part of a planned product's picture is worth: the model is asked again with it covered.

        Args:
            picture: its picture, a JPEG, PNG or WebP file.
            title: what it is called; may be empty.
            description: what people would read about it; may be empty.
            picture_share: fusion weight of the picture, 0 to 1; leave it out to let the model decide.
            {length}

        Returns:
            pieces, row by row (name, users, reach, score: what the product has more with the part than without it),
            columns, audience_size, list_length.
        """
        form = Form(picture, title, description, list_length)
        shop, product, fusion = _read(bench, visit, form, picture_share)
        return patch_worth(shop.launcher, product, picture or "", fusion, list_length).to_json()

    endpoint(patch_worths, "patch_worth", _worth_inputs(bench))


def _read(
    bench: Workbench, visit: Visit, form: Form, picture_share: float | None
) -> tuple[Shop, PlannedProduct, Mapping[str, float] | None]:
    """The visitor's shop, the product encoded, and its forced fusion weights, None if the model decides."""
    shop, change = bench.shop_of(visit), _change([], picture_share)
    product = read_product(shop, form, change, visit.memory)
    return shop, product, forced_fusion(shop, product, change)


def _change(removed: list[str], picture_share: float | None) -> Change:
    return Change(tuple(removed), IMAGE, picture_share)


def _worth_inputs(bench: Workbench) -> list[Any]:
    picture, title, description, length = product_fields()
    return [bench.visit, picture, title, description, _share_field(), length]


def _share_field() -> gr.Number:
    return gr.Number(label="Picture share", value=None, minimum=0, maximum=1, visible=False)
