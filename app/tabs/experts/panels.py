"""The experts as cards: how much each is used, its most typical items, and what it prefers; profiles -> HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from typing import Any

from app import words
from app.parts.tables import twin
from app.state.shop import Shop
from app.theme.palette import colour
from mamex.insight.experts import LEAST_Z, PRIOR, ExpertProfile, ModalityProfile, Preference

#: Typical items with a picture on each card.
PICTURES = 6
#: Their size in pixels, for a sharp screen.
PICTURE_SIZE = 190


def lead(shop: Shop) -> str:
    """What the page shows, in words."""
    items, item = escape(shop.about.items), escape(shop.about.item)
    return f"""<h2>What each expert reads</h2><p class="lead">For every {item}, a gate of each side says which of
its experts read it, and how much. Here is what the {items} of one expert have in common, over all {items}
on sale.</p>"""


def modality_section(shop: Shop, profile: ModalityProfile) -> str:
    """All experts of one modality."""
    name = words.modality(profile.modality)
    title = f"<h2>Experts of the {escape(name)}</h2>"
    if not profile.items:
        return f'{title}<p class="lead">No {escape(shop.about.item)} on sale has {_article(name)}.</p>'
    count = f'<p class="small">{words.things(shop.about, profile.items)} on sale have {_article(name)}.</p>'
    cards = "".join(_card(shop, profile, place) for place in range(len(profile.experts)))
    return f'{title}{_alike(shop, profile)}{count}<ol class="expert-cards">{cards}</ol>{_table(shop, profile)}'


def how_it_is_counted() -> str:
    """The method, for those who ask."""
    return f"""<details class="more"><summary>How this is counted</summary><p class="small">Each item counts for an
expert by its weight in the gate among the experts used. “Takes” is the mean of that weight, “strongest” the share of
items for which it is the largest. A trait or word is listed if its log-odds, with the expert against without it, are
more than {LEAST_Z:.0f} standard errors above zero; a prior of {PRIOR:.0f} items keeps rare ones from standing out by
luck. “× as often” compares its share of the expert’s items with its share of all.</p></details>"""


def _alike(shop: Shop, profile: ModalityProfile) -> str:
    """A warning if it makes no difference which expert reads an item."""
    if not profile.alike or len(profile.experts) < 2:
        return ""
    why = ""
    if shop.launcher.checkpoint.summary["best_epoch"] == 0:
        why = " Training found nothing better than its starting point, in which all experts of a side are alike."
    return f"""<div class="callout warning" role="note"><strong>Mind:</strong> these experts compute the same.{why} The
gate still sorts {escape(shop.about.items)}, but which expert reads one changes nothing.</div>"""


def _article(name: str) -> str:
    """``picture`` -> ``a picture``; ``words`` are many."""
    return escape(name if name.endswith("s") else f"a {name}")


def _card(shop: Shop, profile: ModalityProfile, place: int) -> str:
    expert = profile.experts[place]
    if expert.share == 0:
        rests = f"Rests: the gate chooses others for every {escape(shop.about.item)}."
        return f'<li class="expert"><h3>{words.expert(place)}</h3><p class="small">{rests}</p></li>'
    typical = "".join(_typical(shop, *entry) for entry in expert.typical[:PICTURES])
    return f"""<li class="expert"><h3>{words.expert(place)}</h3>{_use(shop, profile.modality, expert)}
<ul class="typical" aria-label="Most typical">{typical}</ul>
{_values(expert.values)}{_words(expert.words)}</li>"""


def _use(shop: Shop, modality: str, expert: ExpertProfile) -> str:
    hatched = (
        f'<i class="part {escape(modality)}" style="width:{expert.share:.1%};background-color:{colour(modality)}"></i>'
    )
    return (
        f'<span class="use" aria-hidden="true">{hatched}</span><p class="use-words">takes '
        f"<strong>{words.percent(expert.share)}</strong> of the gate · strongest for "
        f"<strong>{words.percent(expert.strongest)}</strong> of the {escape(shop.about.items)}</p>"
    )


def _typical(shop: Shop, position: int, weight: float) -> str:
    title = escape(shop.title(shop.launcher.members.neighbour(position, 1.0)))
    uri = shop.thumbnails.uri(position, PICTURE_SIZE)
    image = f'<img src="{uri}" alt="">' if uri else '<span class="no-picture"></span>'
    return f'<li title="{title}">{image}<span>{title}</span><small>{words.percent(weight)}</small></li>'


def _values(values: Sequence[Preference]) -> str:
    if not values:
        return '<p class="small">Prefers no category or other trait clearly.</p>'
    rows = "".join(map(_value, values))
    return f'<table class="prefers"><caption>Prefers</caption><tbody>{rows}</tbody></table>'


def _value(value: Preference) -> str:
    all_of_them = f"{words.percent(value.share_of_all)} of all · {_lift(value)}"
    return (
        f'<tr><th scope="row"><small>{escape(words.capital(value.column))}</small>{escape(value.value)}</th>'
        f'<td class="number">{words.percent(value.share)} of its own<small>{all_of_them}</small></td></tr>'
    )


def _lift(value: Preference) -> str:
    return f"{value.share / value.share_of_all:.1f}{words.UNBROKEN}×"


def _words(preferred: Sequence[Preference]) -> str:
    if not preferred:
        return '<p class="small">No word stands out.</p>'
    entries = "".join(
        f'<li>{escape(word.value)} <small>{_lift(word)}<span class="sr"> as often</span></small></li>'
        for word in preferred
    )
    return f'<p class="words-title">Words, × as often</p><ul class="word-list">{entries}</ul>'


def _table(shop: Shop, profile: ModalityProfile) -> str:
    """All numbers of the cards."""
    rows = []
    for place, expert in enumerate(profile.experts):
        name = words.expert(place)
        rows.append((name, "takes of the gate", "", f"{expert.share:.4f}", "", ""))
        rows.append((name, "strongest for", "", f"{expert.strongest:.4f}", "", ""))
        for position, weight in expert.typical:
            title = shop.title(shop.launcher.members.neighbour(position, 1.0))
            rows.append((name, "typical", title, f"{weight:.4f}", "", ""))
        for value in (*expert.values, *expert.words):
            numbers = (f"{value.share:.4f}", f"{value.share_of_all:.4f}", f"{value.z:.1f}")
            rows.append((name, value.column or "word", value.value, *numbers))
    heads = ("Expert", "What", "Which", "Its share or weight", "Share of all", "Standard errors")
    return twin(f"Experts of the {words.modality(profile.modality)}", heads, rows, 3)


def profiles_json(shop: Shop, profiles: Sequence[ModalityProfile]) -> dict[str, Any]:
    """The profiles for programs; typical items by their ids."""
    ids = shop.launcher.checkpoint.dataset.items["item_id"]
    answer = {}
    for profile in profiles:
        experts = []
        for expert in profile.experts:
            typical = [{"item_id": str(ids.iloc[position]), "weight": weight} for position, weight in expert.typical]
            experts.append({**asdict(expert), "typical": typical})
        answer[profile.modality] = {
            "items": profile.items,
            "difference": profile.difference,
            "alike": profile.alike,
            "experts": experts,
        }
    return answer
