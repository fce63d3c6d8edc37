"""What was bought and not taken back: quantities, returns, the state of an order and the kind of an event.

A row counts as an interaction unless it takes back. It takes back, without being a purchase itself,

- when its quantity is negative: the amount is subtracted from what the user has bought of the item;
- when its event is a return or the like, in a column of events (view, purchase, return, ...): the same, by its amount,
  or by one;
- when its state is refunded, cancelled, failed or the like, in a column of states (paid, shipped, refunded, ...), or
  the column ``cancelled`` is filled: the order itself came to nothing, and what was bought in other orders stays; but
  if the same order has a row of the same item that is a purchase, that is taken back.

A user who has bought nothing of an item in the end, all rows together, has no interaction with it, in whatever order
the rows stand. A quantity that is empty or can't be read is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from mamex.data.contents.columns import Column, Rows, counted
from mamex.data.contents.ratings import parse_ratings
from mamex.files.words import quoted

_BACK = (
    "return returns returned refund refunds refunded fully_refunded cancel canceled cancelled cancellation void voided "
    "chargeback charge_back credit_note failed failure declined denied rejected expired fraud suspected_fraud trash "
    "deleted unpaid reversed reversal payment_failed order_cancelled order_canceled "
    "storniert storno retoure zurückgegeben erstattet fehlgeschlagen "
    "remboursé remboursée annulé annulée échouée retour retourné cancelado cancelada devuelto devolución reembolsado "
    "annullato reso rimborsato geannuleerd terugbetaald"
)
_DISLIKED = "remove_from_cart removed_from_cart remove remove_from_wishlist dislike downvote thumbs_down abandoned"
_LESSER = (
    "view views viewed pageview page_view product_view detail_view view_item item_view pv click clicks clicked "
    "impression impressions cart carts add_to_cart addtocart added_to_cart add_to_basket basket wishlist "
    "add_to_wishlist favorite favourite fav search checkout_start begin_checkout checkout_draft draft hover scroll"
)
_PURCHASE = (
    "purchase purchases purchased buy buys bought order orders ordered order_placed sale sales sold transaction "
    "transactions paid payment partially_paid complete completed processing fulfilled shipped delivered closed "
    "partially_refunded authorized conversion"
)
#: What tells a column of events from one of states: in the first, a return is a row of its own.
_EVENTS = (
    "purchase purchases buy buys order orders order_placed sale sales transaction transactions conversion return "
    f"returns refund refunds cancel cancellation chargeback charge_back credit_note {_LESSER}"
)
TAKEN_BACK, DISLIKED, LESSER = (frozenset(words.split()) for words in (_BACK, _DISLIKED, _LESSER))
PURCHASES, EVENTS = frozenset(_PURCHASE.split()), frozenset(_EVENTS.split())
#: In a column that says whether an order was cancelled, what says that it was not.
NOT_CANCELLED = frozenset(["0", "0.0", "no", "n", "false", "f", "none", "null", "nan", "n/a", "-", "nein", "non"])
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u00a0": "", "\u202f": "", " ": "", "'": ""})


def amounts(quantities: Column, rows: Rows) -> np.ndarray:
    """(n,) float64: how many each row is about; 1 where that is empty, or can't be read, which is told."""
    texts = quantities.values
    numbers = parse_amounts(texts)
    unreadable = np.isnan(numbers) & texts.ne("").to_numpy(dtype=bool)
    if unreadable.any():
        chosen = quantities.rows_of(unreadable)
        message = f"the quantity {quoted(texts[unreadable].iloc[0])} can't be read, and is taken for 1"
        rows.tell("warning", "unreadable quantity", chosen, f"{message} ({rows.share(chosen)}); write a number")
    return np.asarray(np.where(np.isnan(numbers), 1.0, numbers)[quantities.codes], dtype=np.float64)


def parse_amounts(texts: pd.Series) -> np.ndarray:
    """(m,) float64 from "2", "2.0", "2,5", "1.000,50", "-1", "1-" and "(1)"; NaN where there is no finite number."""
    numbers = parse_ratings(texts).copy()
    for place in np.flatnonzero(np.isnan(numbers) & texts.ne("").to_numpy(dtype=bool)):
        numbers[place] = _amount(texts.iloc[place])
    return numbers


def _amount(text: str) -> float:
    text = text[:40].translate(_MINUS)
    negative = (text.startswith("(") and text.endswith(")")) or text.endswith("-")
    text = text.strip("()").removesuffix("-")
    mark = "," if text.rfind(",") > text.rfind(".") else "."
    text = text.replace("." if mark == "," else ",", "").replace(mark, ".", 1)
    if not re.fullmatch(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)", text):
        return np.nan
    return -abs(float(text)) if negative else float(text)


def kept_purchases(
    pairs: np.ndarray, quantities: Column, states: Sequence[Column], orders: Column, usable: np.ndarray, rows: Rows
) -> np.ndarray:
    """(n,) bool: the rows that are purchases which were not taken back, as the module says.

    Args:
        pairs: (n,) int64, the same for rows of one user and one item.
        quantities: how many; empty where the table doesn't say.
        states: the columns of events or states, the most telling first, and the column ``cancelled`` last.
        orders: the number of each row's order; empty where the table doesn't say.
        usable: (n,) bool, the rows that have a user and an item; others are not looked at.
        rows: for what is told.
    """
    amount = amounts(quantities, rows)
    nothing, back = _read_states(states, usable, rows)
    again = nothing & _is_in_order_of(pairs, orders, usable & ~nothing & ~back, nothing)
    nothing, back = nothing & ~again, back | again
    takes = back | (amount < 0)
    gains = np.where(takes, -np.abs(np.where(amount == 0, 1.0, amount)), amount)
    purchase: np.ndarray = usable & ~takes & ~nothing & (amount > 0)
    if purchase.sum() == usable.sum():
        return purchase
    undone = _undone(pairs, gains, usable & ~nothing, usable & takes & ~nothing) & purchase
    _tell_taken_back(amount, takes, nothing, usable, undone, rows)
    return np.asarray(purchase & ~undone)


def _is_in_order_of(pairs: np.ndarray, orders: Column, purchases: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """(n,) bool: which of the rows asked about have a purchase of the same user and item in the same order?"""
    asked = asked & ~orders.is_empty
    if not asked.any():
        return asked
    codes = pd.factorize(pairs)[0].astype(np.int64) * len(orders.values) + orders.codes
    return asked & np.isin(codes, codes[purchases])


def _undone(pairs: np.ndarray, gains: np.ndarray, counted_rows: np.ndarray, takes: np.ndarray) -> np.ndarray:
    """(n,) bool: rows whose user has nothing left of the item; only pairs of which something was taken are summed."""
    concerned = np.isin(pairs, pairs[takes]) & counted_rows
    undone = np.zeros(len(pairs), dtype=bool)
    codes, distinct = pd.factorize(pairs[concerned])
    if len(distinct):
        undone[concerned] = (np.bincount(codes, weights=gains[concerned], minlength=len(distinct)) < 1e-9)[codes]
    return undone


def _tell_taken_back(
    amount: np.ndarray, takes: np.ndarray, nothing: np.ndarray, usable: np.ndarray, undone: np.ndarray, rows: Rows
) -> None:
    negative = usable & ~nothing & (amount < 0)
    if negative.any():
        message = f"the quantity is negative in {rows.share(negative)}: returns, no purchases; they are subtracted"
        rows.leave_out("note", "negative quantity", negative, message)
    zero = usable & ~nothing & ~takes & (amount == 0)
    if zero.any():
        rows.leave_out("note", "quantity 0", zero, f"the quantity is 0 in {rows.share(zero)}: no purchase; left out")
    if undone.any():
        many = undone.sum() > usable.sum() / 2
        message = f"{rows.share(undone)} are purchases that were taken back, the last piece of them, and are left out"
        message += "; are sales written with a minus sign?" if many and negative.any() else ""
        rows.leave_out("warning" if many else "note", "purchase taken back", undone, message)


def _read_states(states: Sequence[Column], usable: np.ndarray, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """(n,) bool twice: rows of orders that came to nothing; and rows that take back what was bought before."""
    nothing, back = np.zeros(len(usable), dtype=bool), np.zeros(len(usable), dtype=bool)
    for place, column in enumerate(states):
        came_to_nothing, takes_back = _read_state(column, usable & ~nothing & ~back, rows, is_first=place == 0)
        nothing |= came_to_nothing
        back |= takes_back
    return nothing, back


def _read_state(column: Column, usable: np.ndarray, rows: Rows, is_first: bool) -> tuple[np.ndarray, np.ndarray]:
    words = column.values.str.lower().str.replace(r"^wc-", "", regex=True).str.replace(r"[\s_-]+", "_", regex=True)
    here = column.counts(usable) > 0
    kinds = {name: words.isin(known).to_numpy(dtype=bool) & here for name, known in _KNOWN.items()}
    back, nothing = column.rows_of(kinds["back"]) & usable, column.rows_of(kinds["disliked"]) & usable
    if not kinds["events"].any():
        nothing, back = nothing | back, np.zeros(len(back), dtype=bool)
    if (nothing | back).any():
        message = f"{rows.share(nothing | back)} are no purchases by their {column.name}"
        message += f" ({counted(column.most_common(nothing | back))}) and are left out"
        message += "; what was bought before is taken back" if back.any() else ""
        rows.leave_out("note", "no purchase", nothing | back, message)
    if is_first:
        _tell_kinds(column, kinds, usable & ~nothing & ~back, rows)
    return nothing, back


def called_off(cancelled: Column) -> Column:
    """The column ``cancelled``, a time or a yes where an order was cancelled, as a column of states."""
    says_no = cancelled.values.str.lower().isin(NOT_CANCELLED | {""})
    return Column(cancelled.name, cancelled.codes, cancelled.values.where(says_no, "cancelled").where(~says_no, ""))


def sent_back(quantities: Column, returned: Column) -> Column:
    """A column of states of the rows of which everything was sent back: by an amount beside the other, or a yes."""
    yes = called_off(returned).values.ne("").to_numpy(dtype=bool)
    back = parse_amounts(returned.values)[returned.codes]
    bought = parse_amounts(quantities.values)[quantities.codes]
    everything = np.nan_to_num(back) >= np.where(np.isnan(bought), 1.0, bought)
    everything &= np.nan_to_num(back) > 0
    everything |= np.isnan(back) & yes[returned.codes]
    return Column(returned.name, everything.astype(np.int64), pd.Series(["", "refunded"], dtype="str"))


_KNOWN = {"back": TAKEN_BACK, "disliked": DISLIKED, "lesser": LESSER, "purchase": PURCHASES, "events": EVENTS}


def _tell_kinds(events: Column, kinds: dict[str, np.ndarray], remaining: np.ndarray, rows: Rows) -> None:
    """Say which kinds of rows count; loudly where purchases stand among views."""
    common = events.most_common(remaining & ~events.is_empty)
    if len(common) < 2:
        return
    lesser = events.rows_of(kinds["lesser"]) & remaining
    said = f"the column {events.name} has several kinds of rows ({counted(common)})"
    if lesser.any() and kinds["purchase"].any():
        names = counted(events.most_common(lesser))
        message = (
            f"{said}: all count as interactions, also those that are no purchases ({names}); take them out of the "
        )
        rows.tell("warning", "kinds of events mixed", None, f"{message}file if only purchases should count")
    else:
        rows.tell("note", "kinds of events", None, f"{said}: all count as interactions")
