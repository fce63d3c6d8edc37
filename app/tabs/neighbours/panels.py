"""The written parts of the Neighbours tab: pure functions, result -> HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app import words
from app.parts.panels import picture
from app.parts.tables import twin
from app.state.shop import Shop
from app.state.thumbnails import LARGE
from app.state.visit import Launched
from app.theme.palette import colour
from mamex.insight.cannibalisation import Cannibalisation, Loss
from mamex.insight.items import OnSale
from mamex.launch.result import Neighbour


def space_name(space: str) -> str:
    """What a space is called on its switch."""
    return "All together" if space == "fused" else words.capital(words.modality(space))


def headline(launched: Launched) -> str:
    """Whose neighbours these are."""
    items = escape(launched.shop.about.items)
    return f"""<section class="view-head"><h2>What {escape(launched.name)} sits next to</h2><p class="lead">The {items}
on sale that are most alike: as the model sees them all together, or by one side alone.</p></section>"""


def cards(shop: Shop, found: Sequence[tuple[Neighbour, OnSale]], space: str, list_length: int) -> str:
    """The nearest products on sale, with what is known of each."""
    item = words.text(shop.about.item)
    if not found:
        return f'<p class="lead">The {item} has no {words.text(words.modality(space))}, so nothing can be compared.</p>'
    return f'<ul class="cards">{"".join(_card(shop, *one, list_length) for one in found)}</ul>'


def _card(shop: Shop, near: Neighbour, item: OnSale, list_length: int) -> str:
    width = max(0.0, min(1.0, near.similarity))
    facts = [("Similarity", words.similarity(near.similarity)), *_facts(shop, item, list_length)]
    return f"""<li class="card">{picture(shop, near, LARGE)}<p class="name">{escape(shop.title(near))}</p>
<dl class="facts">{_listed(facts)}</dl>{_weights(item)}
<span class="meter" aria-hidden="true"><i style="width:{width:.0%}"></i></span></li>"""


def _facts(shop: Shop, item: OnSale, list_length: int) -> list[tuple[str, str]]:
    price = shop.price(item.position)
    weights = [(words.capital(words.modality(name)), words.percent(weight)) for name, weight in item.fusion.items()]
    return [
        *([("Price", price)] if price else []),
        (f"Reach, top {list_length}", words.percent(item.reach)),
        *((f"Weight of {name.lower()}", share) for name, share in weights),
    ]


def _listed(facts: Sequence[tuple[str, str]]) -> str:
    return "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)


def _weights(item: OnSale) -> str:
    """An item's own fusion weights as one bar; the numbers stand above it."""
    parts = "".join(
        f'<i class="part {escape(name)}" style="width:{weight:.1%};background-color:{colour(name)}"></i>'
        for name, weight in item.fusion.items()
        if weight > 0
    )
    return f'<span class="weights-bar" aria-hidden="true">{parts}</span>'


def neighbours_table(shop: Shop, found: Sequence[tuple[Neighbour, OnSale]], list_length: int) -> str:
    """The numbers of the cards."""
    if not found:
        return ""
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


def losers_headline(launched: Launched, found: Cannibalisation, shown: Sequence[Loss]) -> str:
    """How many places the new product takes, and from how many products; ``shown`` have a bar below."""
    shop, result = launched.shop, launched.result
    name, users = escape(launched.name), words.people(shop.about, result.audience_size)
    title = "<h2>Whose places it takes</h2>"
    if not result.audience_size:
        return f'{title}<p class="lead">It enters no list, so nothing loses a place.</p>'
    taken, losing = int(found.lost.sum()), int((found.lost > 0).sum())
    room = (
        f" {words.people(shop.about, found.room)} had room in their list, so nothing drops out." if found.room else ""
    )
    most = ""
    if losing > len(shown):
        part = sum(loss.lost for loss in shown) / taken
        most = f" The {len(shown)} that lose most, below, give {words.percent(part)} of them."
    return f"""{title}<p class="lead">When {name} enters a top {result.list_length}, what stood at place
{result.list_length} drops out. For {users} that takes <strong class="taken">{taken:,}</strong>
{"place" if taken == 1 else "places"} from {words.things(shop.about, losing)}.{most}{room}</p>"""


def losers(shop: Shop, lost: Sequence[Loss]) -> str:
    """The products that lose most places, as cards."""
    return f'<ul class="cards">{"".join(_loser(shop, loss) for loss in lost)}</ul>' if lost else ""


def _loser(shop: Shop, loss: Loss) -> str:
    item = loss.item
    near = Neighbour(item.position, item.item_id, item.title, 0.0)
    price = shop.price(item.position)
    facts = [
        *([("Price", price)] if price else []),
        ("In lists now", f"{loss.audience:,}"),
        ("Get both", f"{loss.shared - loss.lost:,}"),
    ]
    return f"""<li class="card">{picture(shop, near, LARGE)}<p class="name">{escape(shop.title(near))}</p>
<p class="loss">loses <strong>{loss.lost:,}</strong> of {loss.audience:,} ({words.percent(loss.share_lost)})</p>
<dl class="facts">{_listed(facts)}</dl>
<span class="meter" aria-hidden="true"><i style="width:{min(loss.share_lost, 1):.1%}"></i></span></li>"""


def losers_table(shop: Shop, lost: Sequence[Loss], found: Cannibalisation) -> str:
    """Every number of the losers; the last row holds the rest, so that the places add up to the audience."""
    if not lost:
        return ""
    rows = [
        (
            loss.item.item_id,
            shop.title(Neighbour(loss.item.position, loss.item.item_id, loss.item.title, 0.0)),
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
