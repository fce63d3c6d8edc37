"""What the What if view says about its versions beside their comparison: pure functions, version -> HTML."""

from __future__ import annotations

from html import escape

from app import words
from app.state.pictures import no_picture, picture_uri
from app.state.thumbnails import LARGE
from app.state.visit import Version
from mamex.insight.comparison import Comparison
from mamex.launch.change import Change


def version_card(version: Version, label: str, later: str = "") -> str:
    """Picture, words and what was done to a version.

    Args:
        version: which one.
        label: what it is called on the page.
        later: the name of what was launched since, "" for nothing.
    """
    form = version.form
    uri = picture_uri(form.picture, LARGE)
    image = f'<img src="{uri}" alt="Picture of version {escape(label)}">' if uri else ""
    empty = f'<span class="no-picture">{no_picture(form.picture)}</span>' if not image else ""
    description = " ".join(form.description.split()) or "No description."
    newer = (
        f'<p class="small newer">Launched since: “{escape(later)}”. Pin it to compare with that.</p>' if later else ""
    )
    return f"""<section class="version" aria-label="Version {escape(label)}">{image}{empty}<div>
<h2><span class="tag">{escape(label)}</span> {escape(version.name)}</h2>
<p class="small words">{escape(description)}</p>{_done(version.change)}
<p class="small">Top {form.list_length}: <strong>{version.result.audience_size:,}</strong></p></div></section>{newer}"""


def _done(change: Change) -> str:
    """What was done to it beside picture and words."""
    done = [f"without the {words.modality(modality)}" for modality in change.removed]
    if change.share is not None:
        done.append(f"share of the {words.modality(change.modality)} set to {words.percent(change.share)}")
    return f'<p class="small done">{escape(words.capital(" · ".join(done)))}</p>' if done else ""


def change_hint(first: Version, second: Version, compared: Comparison) -> str:
    """What had to be read again for the second version, or that nothing was changed yet."""
    if first.change == second.change and first.form == second.form:
        return (
            '<div class="callout"><strong>B is still A.</strong> Change its words or picture, or move the slider.</div>'
        )
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
    return f'<p class="small reread">{escape(" ".join(said))}</p>'
