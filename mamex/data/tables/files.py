"""Which file of a folder is which table: ours by their names, or one that other systems name."""

from __future__ import annotations

import re
from pathlib import Path

from mamex.data.problems import Problems
from mamex.files.words import quoted

#: What a table's name may end in.
ENDINGS = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".inter", ".item")
_SPREADSHEETS = (".xlsx", ".xls", ".ods", ".xlsm", ".numbers")
#: One of these words in a file's name tells what it holds; what speaks of orders of products holds orders.
_WORDS = {
    "interactions": (
        "interaction|interactions|inter|order|orders|transaction|transactions|purchase|purchases|sale|sales|rating|"
        "ratings|event|events|review|reviews|click|clicks|behavior|behaviors|behaviour|log|logs|bq|bestellungen|commandes|"
        "pedidos|ordini|verkaeufe|ventes|ventas"
    ),
    "items": (
        "item|items|product|products|article|articles|movie|movies|book|books|feed|catalogue|catalog|inventory|listing|"
        "listings|goods|produkte|artikel|produits|productos|prodotti|catalogo|katalog|sortiment"
    ),
}
#: Files by which public data sets are known, beside the source of ``prepare`` that reads them.
_PUBLIC = {
    "movielens": re.compile(r"\b(?:movies|ratings)\.dat\b"),
    "amazon": re.compile(r"\bmeta_\w+\.jsonl?\b|\breviews_\w+\.json"),
    "mmrec": re.compile(r"\b(?:image|text|visual)_feat\.npy\b"),
}
#: What a row of each is.
_ROWS = {"items": "product", "interactions": "purchase"}
_MOST_ENTRIES = 10_000
#: The word after which it isn't the table itself: customers of orders, images of products.
_OTHERS = re.compile(r"customer|client|user|tag|link|image|categor|coupon|template|example|readme", re.IGNORECASE)


def find_table(folder: Path, stem: str, problems: Problems) -> Path | None:
    """The file of "items" or "interactions"; None if there is none, or more than one, and ``problems`` says so."""
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except (OSError, ValueError):
        return None  # the caller has said that there is no such folder
    found = [name for name in (f"{stem}.csv", f"{stem}.csv.gz") if name in names]
    if len(found) == 2:
        message = f"{found[1]} is there as well; keep one of the two (only {found[0]} was checked)"
        problems.error(found[0], None, "two files", message)
    if found:
        return folder / found[0]
    return _find_foreign(folder, names, stem, problems)


def _find_foreign(folder: Path, names: list[str], stem: str, problems: Problems) -> Path | None:
    places = [folder, *_only_folder(folder, names)]
    for place in places:
        likely = _likely(place, stem)
        if len(likely) == 1:
            message = f"was read as the {stem}: there is no {stem}.csv in the folder"
            problems.note(likely[0].name, None, "file name", message)
            return likely[0]
        if likely:
            both = " and ".join(quoted(path.name) for path in likely[:2])
            message = (
                f"there is no such file, and {both} may both be meant; name one of them {stem}.csv, or join them if "
                "each holds a part"
            )
            problems.error(f"{stem}.csv", None, "missing file", message)
            return None
    sheets = [name for name in names if name.lower().endswith(_SPREADSHEETS) and _kind(name) in (stem, "")]
    advice = (
        f"save {quoted(sheets[0])} as 'CSV UTF-8', named {stem}.csv"
        if sheets
        else f"add it, with a row for each {_ROWS[stem]}"
    )
    tables = [name for name in names if name.lower().endswith(ENDINGS) and _kind(name) in (stem, "")]
    if not sheets and tables and len(tables) < 6:
        advice = f"rename the one that holds them to {stem}.csv ({', '.join(quoted(name) for name in tables)})"
    advice = _of_a_public_set(names) or advice
    problems.error(f"{stem}.csv", None, "missing file", f"there is no such file in the folder; {advice}")
    return None


def _of_a_public_set(names: list[str]) -> str:
    """What to do with a public data set as it is fetched; "" if a folder doesn't look like one."""
    found = " ".join(names).lower()
    source = next((source for source, sign in _PUBLIC.items() if sign.search(found)), "")
    wanted = f"this looks like a public data set; make a folder of it with python -m mamex prepare {source}"
    return f"{wanted} (see --help)" if source else ""


def _only_folder(folder: Path, names: list[str]) -> list[Path]:
    """The only folder within it that may hold tables, as archives are unpacked."""
    inner = [name for name in names[:_MOST_ENTRIES] if name[0] not in "._" and (folder / name).is_dir()]
    holding = [folder / name for name in inner if name.lower() not in ("images", "features", "pictures", "photos")]
    return holding if len(holding) == 1 else []


def _likely(folder: Path, stem: str) -> list[Path]:
    """The files that are most likely the table: with our name in another way of writing, or with a word for it."""
    try:
        names = sorted(entry.name for entry in folder.iterdir())[:_MOST_ENTRIES]
    except OSError:
        return []
    tables = [name for name in names if name.lower().endswith(ENDINGS) and name[0] not in "._"]
    exact = [name for name in tables if name.lower().split(".")[0] == stem]
    kinds = [name for name in tables if _kind(name) == stem]
    return [folder / name for name in exact or kinds if (folder / name).is_file()]


def _kind(name: str) -> str:
    """The table that a file's name speaks of, "" if of none."""
    # "EtsySoldOrderItems2024" speaks of orders as well as "sold_order_items" does.
    words = re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())
    if name.lower().endswith((".inter", ".item")):
        return "interactions" if name.lower().endswith(".inter") else "items"
    if _OTHERS.search(name):
        return ""
    return next((kind for kind, known in _WORDS.items() if set(words) & set(known.split("|"))), "")
