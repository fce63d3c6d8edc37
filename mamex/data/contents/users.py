"""Who the rows of interactions.csv are about: who is nobody, who is left out, and who is suspiciously busy."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import numpy as np
import pandas as pd

from mamex.config import DataConfig
from mamex.data.contents.columns import Column, Rows, counted, listed
from mamex.data.contents.ids import tell_rounded
from mamex.files.words import printable, quoted

#: What programs and shops write, in any case, where no customer is known.
_NOBODY_WORDS = (
    "null,(null),nil,nan,none,(none),<none>,na,n/a,#n/a,#na,<na>,nat,undefined,<null>,\\n,-,--,?,.,#value!,#ref!,#name?,"
    "unknown,anonymous,anonym,anon,guest,gast,not set,(not set),guest customer,guest user,guest order,not logged in"
)
NOBODY = frozenset(_NOBODY_WORDS.split(","))
#: How shops number the one customer who stands for all guests.
GUEST_NUMBERS = r"-?0+(?:\.0+)?|-1(?:\.0+)?"
#: A user with this share of all rows, or of all items, and this many times what the median user has, stands out.
LARGE_SHARE, NEARLY_ALL, TIMES_THE_MEDIAN, TIMES_FOR_GUESTS = 0.1, 0.9, 10, 3
#: Fewer users are too few to tell who stands out among them; fewer rows or items are too few to stand out by.
MANY_USERS, MANY_ROWS, MANY_ITEMS = 6, 20, 10


def find_users(users: Column, others: Sequence[Column], settings: DataConfig, rows: Rows) -> tuple[Column, np.ndarray]:
    """The users with spellings of one name merged, and (n,) bool: which rows have one who is not left out.

    Rows without a user, or of a placeholder such as NULL, are left out with a warning, and an error if no other rows
    are there. E-mail addresses in different cases are one user, as 123 and 123.0 are; other ids that differ only in
    case, spaces or leading zeros may be different people, and stay so, with a warning.

    Args:
        users: the column of users.
        others: further columns that name a user, an e-mail address say; they stand in where the first names nobody, or
            the number that all guests share.
        settings: whom to leave out.
        rows: for what is told.
    """
    tell_rounded(users, rows)
    for other in others:
        users = _stand_in(users, other, settings.exclude_users, rows)
    users = _merge_spellings(users, rows)
    empty = users.is_empty
    nobody = _is_nobody(users) & ~empty
    if len(empty) and (empty | nobody).all():
        _tell_nobody_at_all(users, empty, nobody, rows)
        return users, ~(empty | nobody)
    if empty.any():
        message = f"has no user_id, as {rows.share(empty)} (guest orders?); left out"
        rows.leave_out("warning", "empty user_id", empty, message)
    if nobody.any():
        names = counted(users.most_common(nobody))
        message = f"names no user, as {rows.share(nobody)} do ({names}: guest orders, or a failed export?); left out"
        rows.leave_out("warning", "placeholder user_id", nobody, message)
    return users, ~(empty | nobody) & ~_excluded(users, settings.exclude_users, rows)


def _is_nobody(users: Column, guests_too: bool = False) -> np.ndarray:
    """(n,) bool: rows without a user or with a placeholder; with the number of all guests, if asked for."""
    nobody = users.values.str.lower().isin(NOBODY | {""})
    if guests_too:
        nobody |= users.values.str.fullmatch(GUEST_NUMBERS)
    return users.rows_of(nobody.to_numpy(dtype=bool))


def _stand_in(users: Column, other: Column, excluded: Sequence[str], rows: Rows) -> Column:
    chosen = _is_nobody(users, guests_too=True) & ~_is_nobody(other)
    chosen &= ~users.rows_of(users.values.isin(excluded).to_numpy(dtype=bool))
    if not chosen.any():
        return users
    message = f"{rows.share(chosen)} have no customer of their own; they are told apart by {quoted(other.name)}"
    rows.tell("note", "users by another column", chosen, message)
    return users.replaced_from(other, chosen)


def _tell_nobody_at_all(users: Column, empty: np.ndarray, nobody: np.ndarray, rows: Rows) -> None:
    if empty.all():
        rows.tell("error", "empty user_id", empty, f"has no user_id, as {rows.share(empty)}; fill in who bought")
        return
    names = counted(users.most_common(nobody))
    message = f"names no user, as {rows.share(empty | nobody)} ({names}); export the users' ids"
    rows.tell("error", "placeholder user_id", nobody, message)


def _excluded(users: Column, names: Sequence[str], rows: Rows) -> np.ndarray:
    """(n,) bool: the rows of users whom ``data.exclude_users`` leaves out; those who aren't there are told."""
    wanted = {name.strip() for name in names}
    chosen = users.rows_of(users.values.isin(wanted).to_numpy(dtype=bool))
    there = set(users.values[users.values.isin(wanted)])
    absent = sorted(wanted - there)
    if absent:
        message = f"data.exclude_users names {listed(absent)}, who {'has' if len(absent) == 1 else 'have'} no rows"
        rows.tell("warning", "excluded users who are not there", None, message)
    if chosen.all() and len(chosen):
        rows.tell("error", "all users excluded", chosen, "data.exclude_users leaves nobody; exclude fewer users")
    elif chosen.any():
        message = f"data.exclude_users leaves out {rows.share(chosen)} ({counted(users.most_common(chosen))})"
        rows.leave_out("note", "excluded users", chosen, message)
    return chosen


def _merge_spellings(users: Column, rows: Rows) -> Column:
    """One value for addresses that differ in case and numbers that differ in ".0"; other likenesses are told."""
    lower = users.values.str.lower()
    is_address = lower.str.contains("@", regex=False).to_numpy(dtype=bool)
    is_number = lower.str.endswith(".0").to_numpy(dtype=bool)
    keys = users.values.where(~is_address, lower)
    if is_number.any():
        keys = keys.where(~is_number, keys.str.replace(r"^([0-9]+)\.0$", r"\1", regex=True))
    merged, distinct = pd.factorize(keys)
    if len(distinct) < len(keys):
        alike = pd.Series(merged).duplicated(keep=False).to_numpy(dtype=bool)
        first = np.zeros(len(distinct), dtype=np.int64)
        first[merged[::-1]] = np.arange(len(merged))[::-1]  # of values with one key, the first is written last
        examples = listed(users.values[merged == merged[np.argmax(alike)]].tolist())
        message = f"writes its user_id otherwise than other rows do, in case or '.0' ({examples}): read as one user "
        chosen = users.rows_of(alike)
        total = len(np.unique(merged[alike]))
        message += f"(so with {total:,} {'user' if total == 1 else 'users'}, {rows.share(chosen)})"
        rows.tell("warning", "spellings of one user_id", chosen, message)
        users = Column(users.name, merged[users.codes], users.values.iloc[first].reset_index(drop=True))
    _tell_alike(users, rows)
    return users


def _tell_alike(users: Column, rows: Rows) -> None:
    """Warn of ids that differ only in case, inner spaces or leading zeros: they count as different users."""
    keys = users.values.str.lower().str.replace(" ", "", regex=False)
    padded = keys.str.startswith("0").to_numpy(dtype=bool)
    if padded.any():
        keys = keys.where(~padded, keys.str.replace(r"^0+(?=[0-9]+$)", "", regex=True))
    alike = keys.duplicated(keep=False).to_numpy(dtype=bool)
    if not alike.any():
        return
    chosen = users.rows_of(alike)
    examples = listed(users.values[keys == keys.iloc[int(np.argmax(alike))]].tolist())
    message = f"has a user_id that differs from another's only in case, spaces or leading zeros ({examples}), as "
    message += f"{rows.share(chosen)}; they count as different users"
    rows.tell("warning", "user ids that are nearly alike", chosen, message)


def tell_shape(users: Column, positions: np.ndarray, counted_rows: np.ndarray, n_items: int, rows: Rows) -> None:
    """Warn of what a table of purchases seldom looks like: one user, one who has nearly everything, mere repeats.

    Args:
        users: who each row is about.
        positions: (n,) int64 positions of their items.
        counted_rows: (n,) bool, the rows that count as interactions.
        n_items: number of items of the shop.
        rows: for what is told.
    """
    codes, bought = users.codes[counted_rows], positions[counted_rows]
    if not len(codes):
        return
    repeated = pd.Series(codes.astype(np.int64) * max(n_items, int(bought.max()) + 1) + bought).duplicated().to_numpy()
    purchases = np.bincount(codes, minlength=len(users.values))
    pairs = np.bincount(codes[~repeated], minlength=len(users.values))
    if (purchases > 0).sum() == 1:
        name = quoted(users.values.iloc[codes[0]])
        message = (
            f"all rows that count ({len(codes):,}) are of one user, {name}; tastes can only be learned from several"
        )
        rows.tell("warning", "one user", None, message)
    elif purchases.max() == 1 and len(codes) >= MANY_ROWS:
        message = (
            f"each of {len(codes):,} users has one row only: are these the numbers of orders, or of single visits? "
        )
        rows.tell("warning", "one row each", None, message + "Tastes show in what one user buys, again and again")
    if repeated.mean() > 0.5:
        left = int((~repeated).sum())
        message = f"{int(repeated.sum()):,} of {len(codes):,} rows repeat the user and the item of another row and are "
        message += f"merged, {left:,} pairs remain: do customers buy the same again, or are ids cut, rounded or alike?"
        rows.tell("warning", "most rows repeated", None, message)
    _tell_busy(users, purchases, pairs, n_items, rows)


def _tell_busy(users: Column, purchases: np.ndarray, pairs: np.ndarray, n_items: int, rows: Rows) -> None:
    there = purchases > 0
    if there.sum() < MANY_USERS:
        return
    many, wide = np.median(purchases[there]), np.median(pairs[there])
    busy = (purchases >= max(MANY_ROWS, LARGE_SHARE * purchases.sum(), TIMES_THE_MEDIAN * many)) | (
        (pairs >= max(MANY_ITEMS, NEARLY_ALL * n_items)) & (pairs >= TIMES_THE_MEDIAN / 2 * wide)
    )
    guests = users.values.str.fullmatch(GUEST_NUMBERS).to_numpy(dtype=bool)
    busy |= guests & (purchases >= max(MANY_ROWS / 4, TIMES_FOR_GUESTS * many))
    places = np.flatnonzero(busy)
    if not len(places) or len(places) > there.sum() / 3:
        return
    places = places[np.argsort(-purchases[places], kind="stable")][:3]
    shares = [
        f"user {quoted(users.values.iloc[place])} has {purchases[place]:,} of {purchases.sum():,} rows and "
        f"{pairs[place]:,} of {n_items:,} items"
        for place in places
    ]
    setting = "data.exclude_users=" + ",".join(printable(users.values.iloc[place][:60]) for place in places)
    message = f"{'; '.join(shares)}: guest orders? leave them out with --set {shlex.quote(setting)}"
    rows.tell("warning", "one user with much of everything", None, message)
