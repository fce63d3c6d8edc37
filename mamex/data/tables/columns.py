"""What the columns of a shop's tables are called elsewhere, and which of a file's columns is which of ours.

Names are compared without case, accents, spaces and punctuation, so that ``itemId``, ``Item ID`` and ``item_id`` are
one. Our own names always win; of other names the earlier in a list does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

#: Our name -> the names of others, the likeliest first. "name+title" is the name "name" beside a column "title": what
#: it means then differs from what it means alone.
Aliases = dict[str, str]

#: A stock keeping unit is what orders name most often; other tables name the article by its number in the data base,
#: or by its address.
_SKU = (
    "sku, variant sku, item sku, product sku, lineitem sku, seller sku, stock code, article number, artikelnummer, "
    "artikel nr, art nr, item number, product number, product code+product name, reference, referencia, codice articolo"
)
_ID = (
    "product id, item, article id, parent asin, asin, movie id, book id, track id, song id, game id, recipe id, "
    "business id, listing id, offer id, content id, material id, iid, pid, product, article, artikel, item product id, "
    "variation id, variant id, product ids, artikel id, id product, id article, id produit, id producto"
)
#: In a table of interactions, these number the row.
_ID_OF_ITEMS = f"{_ID}, id, number, code, ref"
_HANDLE = "handle, slug, url key, product handle"
_BARCODE = "variant barcode, barcode, gtin, gtin13, global unique id, ean, ean13, ean code, upc, isbn, isbn13, mpn"
#: What was bought or is sold, in words.
_NAME = "lineitem name, item name, product name, product title, prod name, item title, order item name"
_NAMES_OF_ITEMS = (
    "product title, product name, prod name, item name, item title, name, heading, movie title, book title, product, "
    "label, meta title, titel, bezeichnung, produktname, artikelname, artikelbezeichnung, nom, designation, nombre, "
    "titulo, titre, nome, titolo, naam"
)

ITEM_ALIASES: Aliases = {
    "item_id": f"{_SKU}, {_ID_OF_ITEMS}, {_HANDLE}, {_BARCODE}, name+title",
    "title": _NAMES_OF_ITEMS,
    "description": (
        "body html, body, product description, item description, detail desc, long description, full description, "
        "desc, details, overview, plot, summary, text, words, short description, subtitle, features, meta description, "
        "genres, genre, beschreibung, produktbeschreibung, langtext, descripcion, descrizione, omschrijving"
    ),
    "image": (
        "image urls x y z, image ur ls x y z, "
        "image src, image link, image url, base image, images, image path, image file, image name, main image, "
        "featured image, primary image, main image url, product image, picture, pictures, picture url, picture file, "
        "photo, photos, photo url, img, img url, im url, image url high res, imageurls, thumbnail, small image, "
        "thumbnail image, poster, filename, file name, file, variant image, bild, bilder, bild url, foto, imagen, "
        "immagine, afbeelding"
    ),
    "sku": _SKU,
    "id": _ID_OF_ITEMS,
    "handle": _HANDLE,
    "barcode": _BARCODE,
    "item_group": (
        "item group id, item group, parent, parent sku, parent id, group id, product group, style id, style code, "
        "handle+variant sku, handle+option1 value, parent asin+asin, product code+article id, product id+variant id, "
        "configurable sku"
    ),
    "product_kind": "type+sku, product type+attribute set code, product type+sku",
    "picture_position": "image position, picture position",
    "status": "status, published, availability, product online, visibility in catalog, is active, active, enabled",
    "option": "option1 value, variation, variant title, size, color, colour, attribute 1 value s",
}

INTERACTION_ALIASES: Aliases = {
    "user_id": (
        "customer id, client id, user, uid, member id, buyer id, shopper id, reviewer id, visitor id, account id, "
        "person id, consumer id, profile id, customer, customer number, customer no, customer code, client number, "
        "client, member, buyer, shopper, reviewer, visitor, account, kundennummer, kunden nr, kunde, kunden id, "
        "kundnr, id client, numero client, cliente, id cliente, codice cliente, klant, klantnummer, customer user id, "
        "customer user, id customer, user pseudo id, "
        "email, customer email, billing email, billing email address, user email, client email, email address, e mail, "
        "email billing, buyer email, username, user name, customer name, client name, customer username, nickname, "
        "session id, session, cookie id, device id"
    ),
    "item_id": f"{_SKU}, {_ID}, {_HANDLE}, {_BARCODE}, {_NAME}",
    "timestamp": (
        "date add, "
        "created at, purchased at, ordered at, bought at, event time, event timestamp, order date, purchase date, "
        "transaction date, date, datetime, date time, t dat, time, ts, unix review time, unix time, review time, "
        "review date, invoice date, sale date, rated at, added at, paid at, payment date, paid date, completed date, "
        "order time, order timestamp, order created, order created at, date created, created, creation date, day, "
        "processed at, date purchased, purchase time, transaction time, time stamp, "
        "datum, bestelldatum, kaufdatum, zeit, date commande, date de commande, fecha, fecha pedido, data, "
        "data ordine, besteldatum"
    ),
    "rating": (
        "stars, score, star rating, overall, review rating, user rating, review score, rate, vote, grade, preference, "
        "bewertung, sterne, calificacion, valutazione, like, liked, feedback"
    ),
    "quantity": (
        "qty, quantity refund, lineitem quantity, item quantity, quantity ordered, qty ordered, order quantity, "
        "product quantity, units, units sold, number of units, pieces, item qty, quantity sold, amount of items, "
        "count, menge, anzahl, stuckzahl, quantite, cantidad, quantita, aantal"
    ),
    "returned": (
        "qty refunded, quantity refunded, product quantity refunded, refunded quantity, refunded qty, qty returned, "
        "quantity returned, returned quantity, product quantity return"
    ),
    "event": (
        "event type, event name, behavior type, behaviour type, behavior, behaviour, action, action type, "
        "interaction type, interaction, activity, transaction type, order type, financial status, payment status, "
        "order status, status, state, fulfillment status, type"
    ),
    "cancelled": (
        "cancelled at, canceled at, is cancelled, is canceled, canceled, refunded at, returned at, returned, "
        "is returned, is return, refunded, is refund, is refunded, return date, storniert"
    ),
    "order": (
        "id order, "
        "order id, order number, order no, order, invoice, invoice no, invoice number, invoice id, transaction id, "
        "basket id, increment id, receipt id, order name, name+lineitem name, bestellnummer, auftragsnummer, "
        "rechnungsnummer, numero commande, pedido, ordine"
    ),
    "item_name": _NAME,
}
#: By the table that they are of.
ALIASES = {"items": ITEM_ALIASES, "interactions": INTERACTION_ALIASES}
#: Columns that may be another of ours at the same time: the number of a product may be its id here.
SHARED = ("sku", "id", "handle", "barcode", "item_group", "item_name", "option", "status")
#: How RecBole writes a column's type behind its name.
_TYPE = re.compile(r":(?:token|token_seq|float|float_seq)$")
_WORDS = re.compile(r"[\W_]+")
_MOST_HEADER = 200  # no name of ours is as long; a header of a million characters isn't taken apart


@dataclass(frozen=True)
class Found:
    """Which of a header's columns are ours.

    Attributes:
        places: ours -> its position in the header.
        also: ours -> positions of further columns that may be meant by it, the likeliest first.
        twice: names of ours that two columns have.
    """

    places: dict[str, int]
    also: dict[str, tuple[int, ...]]
    twice: tuple[str, ...] = ()


def plain_name(header: str) -> str:
    """A column's name as it is compared: "Body (HTML)" is "bodyhtml", "userId:token" is "userid"."""
    header = _TYPE.sub("", header[:_MOST_HEADER].strip())
    if not header.isascii():
        header = "".join(c for c in unicodedata.normalize("NFKD", header) if not unicodedata.combining(c))
    return _WORDS.sub("", header.lower())


def written_alike(header: str, names: Sequence[str]) -> str:
    """The one of our names that a header is but for case, spaces, dashes and a type; "" if it is none."""
    plain = re.sub(r"[\s-]+", "_", _TYPE.sub("", header.strip())).lower()
    return plain if plain in names else ""


def find_columns(
    headers: Sequence[str], wanted: Sequence[str], aliases: Aliases, is_blank: Callable[[int], bool]
) -> Found:
    """Which column is which of ours.

    Args:
        headers: as the file writes them.
        wanted: our names, those that come first choose first.
        aliases: other names for them.
        is_blank: whether nothing is written in a column; a foreign name counts only where something is.
    """
    places: dict[str, int] = {}
    twice = []
    for position, header in enumerate(headers):
        name = written_alike(header, wanted)
        if name and name not in places:
            places[name] = position
        elif name and name not in SHARED:
            twice.append(name)
    by_name: dict[str, list[int]] = {}
    for position, header in enumerate(headers):
        by_name.setdefault(plain_name(header), []).append(position)
    candidates = {name: _candidates(name, aliases.get(name, ""), by_name) for name in wanted}
    taken = {position for name, position in places.items() if name not in SHARED}
    for name in wanted:
        free = [place for place in candidates[name] if name in SHARED or place not in taken]
        filled = next((place for place in free if not is_blank(place)), free[0] if free else None)
        if name not in places and filled is not None:
            places[name] = filled
            if name not in SHARED:
                taken.add(filled)
    also = {}
    for name in (name for name in wanted if name not in SHARED):
        rest = tuple(place for place in candidates[name] if place not in taken and places.get(name) != place)
        if rest:
            also[name] = rest
    return Found({name: places[name] for name in wanted if name in places}, also, tuple(twice))


def known_names(headers: Sequence[str], aliases: Aliases) -> int:
    """How many of a header's columns have a name that is ours or known of others."""
    names = {plain_name(name.partition("+")[0]) for ours, others in aliases.items() for name in (ours, *_split(others))}
    return sum(plain_name(header) in names for header in headers)


def _candidates(name: str, others: str, by_name: dict[str, list[int]]) -> list[int]:
    """Positions of the columns that may be meant by a name of ours, the likeliest first."""
    found: dict[int, None] = {}
    for alias in (name, *_split(others)):
        alone, _, beside = alias.partition("+")
        if not beside or plain_name(beside) in by_name:
            found |= dict.fromkeys(by_name.get(plain_name(alone), ())[:1])
    return list(found)


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]
