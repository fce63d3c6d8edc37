"""What the What if view says about its versions beside their comparison: pure functions, version -> HTML."""

from __future__ import annotations

from functools import partial

from markupsafe import Markup

from app import words
from app.state.pictures import no_picture, picture_uri
from app.state.thumbnails import LARGE
from app.state.visit import Version
from app.theme.templates import render_macro
from mamex.insight.comparison import Comparison
from mamex.launch.change import Change

_drawn = partial(render_macro, "tabs/what_if/panels.html")


def change_heading() -> Markup:
    """What stands above the fields of version B."""
    return _drawn("change_heading")


def worth_lead() -> Markup:
    """How the worth of words and parts of the picture is found."""
    return _drawn("worth_lead")


def version_card(version: Version, label: str, later: str = "") -> Markup:
    """Picture, words and what was done to a version.

    Args:
        version: which one.
        label: what it is called on the page.
        later: the name of what was launched since, "" for nothing.
    """
    form = version.form
    return _drawn(
        "version_card",
        label=label,
        name=version.name,
        uri=picture_uri(form.picture, LARGE),
        no_picture=no_picture(form.picture),
        description=" ".join(form.description.split()) or "No description.",
        done=_done(version.change),
        length=form.list_length,
        size=f"{version.result.audience_size:,}",
        later=later,
    )


def _done(change: Change) -> str:
    """What was done to it beside picture and words, "" for nothing."""
    done = [f"without the {words.modality(modality)}" for modality in change.removed]
    if change.share is not None:
        done.append(f"share of the {words.modality(change.modality)} set to {words.percent(change.share)}")
    return words.capital(" · ".join(done))


def change_hint(first: Version, second: Version, compared: Comparison) -> Markup:
    """What had to be read again for the second version, or that nothing was changed yet."""
    if first.change == second.change and first.form == second.form:
        return _drawn("unchanged")
    said = []
    if compared.read_again:
        timings = second.result.timings
        took = sum(spent for stage, spent in timings.items() if stage == "read" or stage.startswith("encode_"))
        again = " and ".join(words.modality(modality) for modality in compared.read_again)
        said.append(f"Only what changed was read again: the {again}" + (f" ({took:.0f} ms)." if took >= 1 else "."))
    for modality in second.result.product.features:
        saved = first.result.timings.get(f"encode_{modality}", 0.0)
        if modality not in compared.read_again and saved >= 1:
            said.append(f"Remembering the {words.modality(modality)} saved {saved:.0f} ms.")
    return _drawn("read_again", said=said)
