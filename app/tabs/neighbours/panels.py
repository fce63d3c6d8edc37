"""The written parts of the Neighbours tab: pure functions, result -> HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app import words
from app.parts.tables import twin
from app.state.shop import Shop
from app.state.thumbnails import LARGE
from app.state.visit import Launched
from app.theme.templates import render
from mamex.insight.cannibalisation import Cannibalisation, Loss
from mamex.insight.items import OnSale
from mamex.retrieval.catalogue import FUSED, Item, Neighbour


@dataclass(frozen=True)
class Lost:
    """How many of the lists that it is in a product loses, and their share."""

    lost: str
    audience: str
    share: str


@dataclass(frozen=True)
class Card:
    """A product on sale.

    Attributes:
        picture: "" if it has none.
        facts: names and values.
        weights: its modalities, and how wide each one's part of the bar is.
        loss: None unless the card is about it; no weights are shown then.
        meter: how far the meter at its foot reaches.
    """

    title: str
    picture: str
    facts: Sequence[tuple[str, str]]
    meter: str
    weights: Sequence[tuple[str, str]] = ()
    loss: Lost | None = None


def space_name(space: str) -> str:
    """What a space is called on its switch."""
    return "All together" if space == FUSED else words.capital(words.modality(space))


def headline(launched: Launched) -> Markup:
    """Whose neighbours these are."""
    items = launched.shop.about.items
    return render("tabs/neighbours/headline.html", product=launched.name, items=items)


def cards(shop: Shop, found: Sequence[tuple[Neighbour, OnSale]], space: str, list_length: int) -> Markup:
    """The nearest products on sale, with what is known of each."""
    if not found:
        side = words.modality(space)
        return render("tabs/neighbours/incomparable.html", item=shop.about.item, side=side)
    return render("tabs/neighbours/cards.html", cards=[_card(shop, *one, list_length) for one in found])


def _card(shop: Shop, near: Neighbour, item: OnSale, list_length: int) -> Card:
    return Card(
        title=shop.title(near),
        picture=shop.thumbnails.uri(near.position, LARGE),
        facts=[("Similarity", words.similarity(near.similarity)), *_facts(shop, item, list_length)],
        meter=f"{max(0.0, min(1.0, near.similarity)):.0%}",
        # The numbers stand above the bar.
        weights=[(name, f"{weight:.1%}") for name, weight in item.fusion.items() if weight > 0],
    )


def _facts(shop: Shop, item: OnSale, list_length: int) -> list[tuple[str, str]]:
    weights = [(words.capital(words.modality(name)), words.percent(weight)) for name, weight in item.fusion.items()]
    return [
        *_price(shop, item),
        (f"Reach, top {list_length}", words.percent(item.reach)),
        *((f"Weight of {name.lower()}", share) for name, share in weights),
    ]


def _price(shop: Shop, item: Item) -> list[tuple[str, str]]:
    price = shop.price(item.position)
    return [("Price", price)] if price else []


def neighbours_table(shop: Shop, found: Sequence[tuple[Neighbour, OnSale]], list_length: int) -> Markup:
    """The numbers of the cards."""
    if not found:
        return Markup()
    modalities = list(found[0][1].fusion)
    rows = [
        (
            near.item_id,
            shop.title(near),
            shop.price(near.position),
            f"{near.similarity:.4f}",
            f"{item.reach:.4f}",
            *(f"{item.fusion[modality]:.4f}" for modality in modalities),
        )
        for near, item in found
    ]
    weights = [f"Weight of {words.modality(modality)}" for modality in modalities]
    heads = ("Number", words.capital(shop.about.item), "Price", "Similarity", f"Reach, top {list_length}", *weights)
    return twin(f"Nearest {shop.about.items}", heads, rows, 2)


def losers_headline(launched: Launched, found: Cannibalisation, shown: Sequence[Loss]) -> Markup:
    """How many places the new product takes, and from how many products; ``shown`` have a bar below."""
    about, result = launched.shop.about, launched.result
    taken, losing = int(found.lost.sum()), int((found.lost > 0).sum())
    return render(
        "tabs/neighbours/lost.html",
        product=launched.name,
        length=result.list_length,
        users=words.people(about, result.audience_size) if result.audience_size else "",
        taken=f"{taken:,}",
        places="place" if taken == 1 else "places",
        losing=words.things(about, losing),
        shown=len(shown),
        most=words.percent(sum(loss.lost for loss in shown) / taken) if losing > len(shown) else "",
        room=words.people(about, found.room) if found.room else "",
    )


def losers(shop: Shop, lost: Sequence[Loss]) -> Markup:
    """The products that lose most places, as cards."""
    return render("tabs/neighbours/cards.html", cards=[_loser(shop, loss) for loss in lost]) if lost else Markup()


def _loser(shop: Shop, loss: Loss) -> Card:
    return Card(
        title=shop.title(loss.item),
        picture=shop.thumbnails.uri(loss.item.position, LARGE),
        facts=[
            *_price(shop, loss.item),
            ("In lists now", f"{loss.audience:,}"),
            ("Get both", f"{loss.shared - loss.lost:,}"),
        ],
        meter=f"{min(loss.share_lost, 1):.1%}",
        loss=Lost(f"{loss.lost:,}", f"{loss.audience:,}", words.percent(loss.share_lost)),
    )


def losers_table(shop: Shop, lost: Sequence[Loss], found: Cannibalisation) -> Markup:
    """Every number of the losers; the last row holds the rest, so that the places add up to the audience."""
    if not lost:
        return Markup()
    rows = [
        (
            loss.item.item_id,
            shop.title(loss.item),
            shop.price(loss.item.position),
            f"{loss.lost:,}",
            f"{loss.audience:,}",
            f"{loss.share_lost:.4f}",
            f"{loss.shared:,}",
        )
        for loss in lost
    ]
    rest = int(found.lost.sum()) - sum(loss.lost for loss in lost)
    if rest:
        rows.append(("", f"all other {shop.about.items}", "", f"{rest:,}", "", "", ""))
    if found.room:
        rows.append(("", "lists that had room", "", f"{found.room:,}", "", "", ""))
    rows.append(("", "Together: the audience", "", f"{int(found.lost.sum()) + found.room:,}", "", "", ""))
    users = shop.about.users
    heads = ("Number", words.capital(shop.about.item), "Price", "Places lost", f"{words.capital(users)} now")
    return twin("Places lost", (*heads, "Share lost", "Overlap of audiences"), rows, 2)
