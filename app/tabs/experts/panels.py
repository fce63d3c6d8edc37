"""The experts as cards: how much each is used, its most typical items, and what it prefers; profiles -> HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app import words
from app.parts.tables import twin
from app.state.shop import Shop
from app.theme.templates import render
from mamex.insight.experts import LEAST_Z, PRIOR, ExpertProfile, ModalityProfile, Preference

#: Typical items with a picture on each card.
PICTURES = 6
#: Their size in pixels, for a sharp screen.
PICTURE_SIZE = 190


@dataclass(frozen=True)
class Typical:
    """A typical item; ``picture`` is "" if it has none."""

    title: str
    picture: str
    weight: str


@dataclass(frozen=True)
class Trait:
    """What an expert prefers; ``column`` is "" for a word."""

    column: str
    value: str
    share: str
    share_of_all: str
    lift: str


@dataclass(frozen=True)
class Card:
    """One expert; one that ``rests`` has nothing but its name to show."""

    name: str
    rests: bool
    width: str
    share: str
    strongest: str
    typical: Sequence[Typical]
    traits: Sequence[Trait]
    words: Sequence[Trait]


def stage(shop: Shop, profiles: Sequence[ModalityProfile]) -> Markup:
    """All that the tab shows."""
    sections = [modality_section(shop, profile) for profile in profiles]
    counted = {"least_z": f"{LEAST_Z:.0f}", "prior": f"{PRIOR:.0f}"}
    return render("tabs/experts/stage.html", about=shop.about, sections=sections, **counted)


def modality_section(shop: Shop, profile: ModalityProfile) -> Markup:
    """All experts of one modality."""
    name = words.modality(profile.modality)
    return render(
        "tabs/experts/modality.html",
        about=shop.about,
        modality=profile.modality,
        side=name,
        one=name if name.endswith("s") else f"a {name}",  # words are many
        items=words.things(shop.about, profile.items) if profile.items else "",
        alike=_alike(shop, profile),
        experts=[_card(shop, place, expert) for place, expert in enumerate(profile.experts)],
        table=_table(shop, profile),
    )


def _alike(shop: Shop, profile: ModalityProfile) -> list[str]:
    """A warning if it makes no difference which expert reads an item."""
    if not profile.alike or len(profile.experts) < 2:
        return []
    why = ""
    if shop.launcher.checkpoint.summary["best_epoch"] == 0:
        why = " Training found nothing better than its starting point, in which all experts of a side are alike."
    which = f"The gate still sorts {shop.about.items}, but which expert reads one changes nothing."
    return [f"these experts compute the same.{why} {which}"]


def _card(shop: Shop, place: int, expert: ExpertProfile) -> Card:
    return Card(
        name=words.expert(place),
        rests=expert.share == 0,
        width=f"{expert.share:.1%}",
        share=words.percent(expert.share),
        strongest=words.percent(expert.strongest),
        typical=[_typical(shop, *entry) for entry in expert.typical[:PICTURES]],
        traits=[_trait(value) for value in expert.values],
        words=[_trait(word) for word in expert.words],
    )


def _typical(shop: Shop, position: int, weight: float) -> Typical:
    title = shop.title(shop.launcher.catalogue.item(position))
    return Typical(title, shop.thumbnails.uri(position, PICTURE_SIZE), words.percent(weight))


def _trait(preferred: Preference) -> Trait:
    return Trait(
        column=words.capital(preferred.column),
        value=preferred.value,
        share=words.percent(preferred.share),
        share_of_all=words.percent(preferred.share_of_all),
        lift=f"{preferred.share / preferred.share_of_all:.1f}{words.UNBROKEN}×",
    )


def _table(shop: Shop, profile: ModalityProfile) -> Markup:
    """All numbers of the cards."""
    rows = []
    for place, expert in enumerate(profile.experts):
        name = words.expert(place)
        rows.append((name, "takes of the gate", "", f"{expert.share:.4f}", "", ""))
        rows.append((name, "strongest for", "", f"{expert.strongest:.4f}", "", ""))
        for position, weight in expert.typical:
            title = shop.title(shop.launcher.catalogue.item(position))
            rows.append((name, "typical", title, f"{weight:.4f}", "", ""))
        for value in (*expert.values, *expert.words):
            numbers = (f"{value.share:.4f}", f"{value.share_of_all:.4f}", f"{value.z:.1f}")
            rows.append((name, value.column or "word", value.value, *numbers))
    heads = ("Expert", "What", "Which", "Its share or weight", "Share of all", "Standard errors")
    return twin(f"Experts of the {words.modality(profile.modality)}", heads, rows, 3)
