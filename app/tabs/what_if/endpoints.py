"""What the What if tab does, for programs: /what_if, /word_worth and /patch_worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from app.state.shop import words_of
from app.state.visit import Form, Visit
from app.tabs.what_if.versions import forced_fusion, launch_version, read_product
from app.wiring.endpoints import endpoint, product_fields
from app.wiring.picture_field import picture_input
from app.wiring.workbench import Workbench
from mamex.insight.comparison import compare
from mamex.insight.occlusion import Occlusion, patch_worth, word_worth
from mamex.launch.change import Change
from mamex.launch.launcher import Launcher
from mamex.launch.product import PlannedProduct
from mamex.modalities import IMAGE


@dataclass(frozen=True)
class Asked:
    """A product that was read and not launched.

    Attributes:
        fusion: its forced fusion weights; None if the model decides.
    """

    form: Form
    product: PlannedProduct
    fusion: Mapping[str, float] | None


def build(bench: Workbench) -> None:
    """Offer the endpoints; call it while the page is being laid out."""
    _what_if(bench)
    _worth(bench, "word_worth", _words)
    _worth(bench, "patch_worth", _patches)


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


def _worth(bench: Workbench, name: str, answer: Callable[[Launcher, Asked], Occlusion]) -> None:
    """An endpoint whose product is read and not launched; the docstring of ``answer`` is what programs read."""

    def handler(
        visit: Visit,
        picture: str | None = None,
        title: str = "",
        description: str = "",
        picture_share: float | None = None,
        list_length: int = 20,
    ) -> dict[str, Any]:
        shop, change = bench.shop_of(visit), _change([], picture_share)
        form = Form(picture, title, description, list_length)
        product = read_product(shop, form, change, visit.memory)
        return answer(shop.launcher, Asked(form, product, forced_fusion(shop, product, change))).to_json()

    handler.__doc__ = answer.__doc__
    picture, title, description, length = product_fields()
    endpoint(handler, name, [bench.visit, picture, title, description, _share_field(), length])


def _words(launcher: Launcher, asked: Asked) -> Occlusion:
    """What each word of a planned product is worth: the model is asked again without it.

    Args:
        {product}
        picture_share: fusion weight of the picture, 0 to 1; leave it out to let the model decide.
        {length}

    Returns:
        pieces (name, users, reach, score: what the product has more with the word than without it), at_once,
        audience_size, list_length.
    """
    text = words_of(asked.form.title, asked.form.description)
    return word_worth(launcher, asked.product, text, asked.fusion, asked.form.list_length)


def _patches(launcher: Launcher, asked: Asked) -> Occlusion:
    """What each part of a planned product's picture is worth: the model is asked again with it covered.

    Args:
        picture: its picture, a JPEG, PNG, WebP, HEIC or AVIF file.
        title: what it is called; may be empty.
        description: what people would read about it; may be empty.
        picture_share: fusion weight of the picture, 0 to 1; leave it out to let the model decide.
        {length}

    Returns:
        pieces, row by row (name, users, reach, score: what the product has more with the part than without it),
        columns, audience_size, list_length.
    """
    return patch_worth(launcher, asked.product, asked.form.picture or "", asked.fusion, asked.form.list_length)


def _change(removed: list[str], picture_share: float | None) -> Change:
    return Change(tuple(removed), IMAGE, picture_share)


def _share_field() -> gr.Number:
    return gr.Number(label="Picture share", value=None, minimum=0, maximum=1, visible=False)
