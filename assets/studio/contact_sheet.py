"""One picture of every archetype on a sheet: `python contact_sheet.py` (needs only pillow)."""

import argparse
from pathlib import Path

from catalogue import sample_catalogue
from paths import CATALOGUE, IMAGES
from PIL import Image, ImageDraw


def contact_sheet(images: Path, columns: int, tile: int, each: int, only: list[str] | None) -> Image.Image:
    """Tile `each` photographs of every archetype, labelled."""
    chosen, seen = [], {}
    for product in sample_catalogue():
        path = images / product.image
        wanted = product.picture == "photo" and (not only or product.archetype in only)
        if wanted and path.exists() and seen.setdefault(product.archetype, 0) < each:
            seen[product.archetype] += 1
            chosen.append((product.archetype, path))
    chosen.sort()
    label = 14
    rows = -(-len(chosen) // columns)
    sheet = Image.new("RGB", (columns * tile, rows * (tile + label)), "white")
    draw = ImageDraw.Draw(sheet)
    for n, (archetype, path) in enumerate(chosen):
        x, y = n % columns * tile, n // columns * (tile + label)
        sheet.paste(Image.open(path).convert("RGB").resize((tile, tile), Image.Resampling.LANCZOS), (x, y))
        draw.text((x + 3, y + tile), archetype.replace("_", " "), fill="black")
    return sheet


def main() -> None:
    """Write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path, default=IMAGES)
    parser.add_argument("--out", type=Path, default=CATALOGUE.parent / "contact_sheet.webp")
    parser.add_argument("--columns", type=int, default=9)
    parser.add_argument("--tile", type=int, default=150)
    parser.add_argument("--each", type=int, default=1, help="pictures of each archetype")
    parser.add_argument("--only", nargs="*", help="only these archetypes")
    options = parser.parse_args()
    contact_sheet(options.images, options.columns, options.tile, options.each, options.only).save(
        options.out, quality=80
    )


if __name__ == "__main__":
    main()
