"""H&M Personalized Fashion Recommendations, as Kaggle lays it out.

``articles.csv``, ``customers.csv``, ``transactions_train.csv`` (31.8 million rows, 3.5 GB; read in chunks, 16 bytes a
row kept) and ``images/010/0108775015.jpg``. An article is one colour of a product; all colours of a ``product_code``
are one item here, because a new colour of a known product is no cold start.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from mamex.data.sources.base import Prepared, require_file
from mamex.data.sources.writing import copy_pictures, k_core, picture_name, write_dataset
from mamex.errors import SourceError
from mamex.modalities import PICTURE_COLUMN
from mamex.progress import Progress

LAYOUT = "the unpacked Kaggle folder with articles.csv, customers.csv, transactions_train.csv and images/"
ARTICLE_COLUMNS = (
    "article_id",
    "product_code",
    "prod_name",
    "product_type_name",
    "product_group_name",
    "graphical_appearance_name",
    "colour_group_name",
    "index_name",
    "section_name",
    "garment_group_name",
    "detail_desc",
)
TRANSACTION_COLUMNS = ("t_dat", "customer_id", "article_id", "price")
CHUNK = 1_000_000


def prepare_hm(
    out: Path,
    source: Path,
    progress: Progress,
    users: int | None = None,
    seed: int = 0,
    core: int = 0,
    price_scale: float = 1.0,
    chunk: int = CHUNK,
) -> Prepared:
    """Write the dataset folder.

    Args:
        out: the dataset folder.
        source: the unpacked Kaggle folder.
        progress: called as work goes on.
        users: draw so many of the customers with at least ``core`` purchases at random; None takes all.
        seed: of that draw.
        core: k of the k-core filter, after the draw; 0 keeps all.
        price_scale: Kaggle's prices are divided by an unknown number; they are multiplied by this one.
        chunk: rows of transactions_train.csv read at once.

    Raises:
        SourceError: a file is missing or of another layout, there are too few customers, or nothing is left.
    """
    articles = read_articles(source)
    customers = _read_column(require_file(source, "customers.csv", LAYOUT), "customer_id")
    bought = read_transactions(source, customers, pd.Index(articles["article_id"]), progress, chunk)
    if users is not None:
        bought = bought[np.isin(bought["customer"], _draw(bought["customer"].to_numpy(), users, seed, core))]
    # Categoricals keep tens of millions of ids as numbers.
    product, codes = pd.factorize(articles["product_code"])
    bought = bought.assign(
        user_id=pd.Categorical.from_codes(bought["customer"], categories=customers),
        item_id=pd.Categorical.from_codes(product[bought["article"]], categories=codes),
        timestamp=bought["day"].to_numpy().astype("datetime64[D]"),
    )
    bought = k_core(bought, core)
    items, copies = _items(source, articles, bought, price_scale)
    copy_pictures(copies, out, progress)
    first = bought.drop_duplicates(["user_id", "item_id"])  # the file is by day
    return write_dataset(out, items, first[["user_id", "item_id", "timestamp"]])


def read_articles(source: Path) -> pd.DataFrame:
    """The columns of articles.csv that are used, all str.

    Raises:
        SourceError: the file is missing or of another layout.
    """
    path = require_file(source, "articles.csv", LAYOUT)
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, usecols=list(ARTICLE_COLUMNS))
    except ValueError as error:
        raise SourceError(f"{path} lacks columns of Kaggle's articles.csv; give {LAYOUT}.") from error


def _read_column(path: Path, name: str) -> pd.Index:
    try:
        column: pd.Index = pd.Index(pd.read_csv(path, dtype=str, keep_default_na=False, usecols=[name])[name])
        return column
    except ValueError as error:
        raise SourceError(f"{path} has no column {name}; give {LAYOUT}.") from error


def read_transactions(
    source: Path, customers: pd.Index, articles: pd.Index, progress: Progress, chunk: int = CHUNK
) -> pd.DataFrame:
    """All purchases, in the file's order, which is by day.

    Returns:
        customer and article: int32 positions in ``customers`` and ``articles``; day: int32 days since 1970; price:
        float32, in Kaggle's unit.

    Raises:
        SourceError: the file is missing, of another layout, or names what the other files don't have.
    """
    path = require_file(source, "transactions_train.csv", LAYOUT)
    size, pieces = path.stat().st_size, []
    try:
        with path.open("rb") as stream:
            for rows in pd.read_csv(stream, dtype=str, usecols=list(TRANSACTION_COLUMNS), chunksize=chunk):
                pieces.append(_compact(rows, customers, articles))
                progress("reading purchases", stream.tell(), size)
    except (ValueError, OverflowError) as error:  # a missing column, a day or a price that is none
        raise SourceError(f"{path} is not t_dat,customer_id,article_id,price on each line; give {LAYOUT}.") from error
    bought = pd.concat(pieces, ignore_index=True)
    if bought.empty:
        raise SourceError(f"{path} has no purchases; unpack it again.")
    for column in ("customer", "article"):
        if (bought[column] < 0).any():
            row = int(np.argmax(bought[column] < 0)) + 2
            raise SourceError(f"{path} row {row}: {column}s.csv lacks its {column}_id; unpack both again.")
    return bought


def _compact(rows: pd.DataFrame, customers: pd.Index, articles: pd.Index) -> pd.DataFrame:
    days = pd.to_datetime(rows["t_dat"], format="%Y-%m-%d").to_numpy().astype("datetime64[D]")
    return pd.DataFrame(
        {
            "customer": customers.get_indexer(pd.Index(rows["customer_id"])).astype(np.int32),
            "article": articles.get_indexer(pd.Index(rows["article_id"])).astype(np.int32),
            "day": days.astype(np.int64).astype(np.int32),
            "price": rows["price"].astype(np.float32),
        }
    )


def _draw(customer: np.ndarray, users: int, seed: int, core: int) -> np.ndarray:
    """(users,) positions of customers, drawn from those with enough purchases."""
    eligible = np.flatnonzero(np.bincount(customer) >= max(1, core))
    if len(eligible) < users:
        raise SourceError(f"Only {len(eligible):,} customers have enough purchases; set --users or --k-core lower.")
    return np.random.default_rng(seed).choice(eligible, size=users, replace=False)


def _items(
    source: Path, articles: pd.DataFrame, bought: pd.DataFrame, price_scale: float
) -> tuple[pd.DataFrame, list[tuple[Path, str]]]:
    """One row a product that was bought, shown by its most bought colour that has a picture; and what to copy."""
    sales = np.bincount(bought["article"], minlength=len(articles))
    variants = articles.assign(sales=sales)[articles["product_code"].isin(bought["item_id"].unique())]
    variants = variants.assign(picture=[_picture(source, article) for article in variants["article_id"]])
    variants["unpictured"] = variants["picture"].eq("")
    variants = variants.sort_values(["unpictured", "sales", "article_id"], ascending=[True, False, True])
    shown = variants.drop_duplicates("product_code").sort_values("product_code", ignore_index=True)
    images = [
        picture_name(code, picture) if picture else ""
        for code, picture in zip(shown["product_code"], shown["picture"], strict=True)
    ]
    prices = bought.groupby("item_id", observed=True)["price"].median() * price_scale
    items = pd.DataFrame(
        {
            "item_id": shown["product_code"],
            "title": shown["prod_name"],
            "description": shown.apply(_description, axis=1),
            PICTURE_COLUMN: images,
            "category": shown["product_group_name"],
            "type": shown["product_type_name"],
            "colour": shown["colour_group_name"],
            "department": shown["index_name"],
            "price": [f"{prices[code]:.6g}" for code in shown["product_code"]],
        }
    )
    return items, [(source / picture, image) for picture, image in zip(shown["picture"], images, strict=True) if image]


def _picture(source: Path, article_id: str) -> str:
    """Where an article's picture is, relative to the Kaggle folder; "" if it has none, as some don't."""
    name = f"images/{article_id[:3]}/{article_id}.jpg"
    return name if (source / name).is_file() else ""


def _description(article: pd.Series) -> str:
    """What H&M writes of a product, and what its columns say of kind, colour, pattern and place in the shop."""
    kind = ", ".join(article[["product_type_name", "colour_group_name", "graphical_appearance_name"]])
    place = ", ".join(article[["section_name", "garment_group_name"]])
    return f"{article['detail_desc']} {kind}. {place}.".strip()
