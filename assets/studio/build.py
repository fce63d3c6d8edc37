"""Write the shop's tables: `python build.py` (needs only numpy and pandas).

items.csv, interactions.csv.gz, truth.csv and shoppers.npz, all from one seed. The pictures are `render.py`'s.
"""

import argparse
import gzip
import io
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
from catalogue import SEED, sample_catalogue
from paths import CATALOGUE
from shoppers import draw_purchases, sample_shoppers, with_market
from words import write


def items_table(products: list) -> pd.DataFrame:
    """What the shop shows: words, picture, price and two facets for filtering."""
    rows = []
    for product in products:
        title, description = write(product)
        rows.append(
            {
                "item_id": product.item_id,
                "title": title,
                "description": description,
                "image": f"images/{product.image}" if product.image else "",
                "category": product.category.replace("_", " & "),
                "price": f"{product.price:.2f}",
                "colour": product.colour,
                "material": product.material,
            }
        )
    return pd.DataFrame(rows)


def truth_table(products: list, rng: np.random.Generator) -> pd.DataFrame:
    """Every attribute of every product, indexed by item_id."""
    rows = [asdict(p) | {"informative": p.informative} for p in products]
    return with_market(pd.DataFrame(rows).set_index("item_id"), rng)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that a reader never sees half of it."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)
    print(f"{path.name}: {len(content) / 1e6:.2f} MB")


def main() -> None:
    """Build the whole catalogue folder but for its pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=CATALOGUE)
    parser.add_argument("--seed", type=int, default=SEED, help="of the shoppers; the products keep theirs")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(options.seed)
    products = sample_catalogue()
    truth = truth_table(products, rng)
    world = sample_shoppers(truth, rng)
    purchases = draw_purchases(world, rng)

    write_bytes(options.out / "items.csv", items_table(products).to_csv(index=False).encode())
    write_bytes(options.out / "truth.csv", truth.to_csv().encode())
    write_bytes(options.out / "interactions.csv.gz", gzip.compress(purchases.to_csv(index=False).encode(), mtime=0))
    saved = io.BytesIO()
    np.savez_compressed(
        saved,
        shopper_ids=world.shopper_ids,
        personas=world.personas,
        values=world.values,
        tastes=world.tastes,
        sensitivity=world.sensitivity,
    )
    write_bytes(options.out / "shoppers.npz", saved.getvalue())
    print(f"{len(products)} products, {len(world.shopper_ids)} shoppers, {len(purchases)} purchases")


if __name__ == "__main__":
    main()
