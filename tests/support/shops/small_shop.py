"""A dataset folder of three items, with any content in place of its own."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

ITEMS = "item_id,title,description,image\na,Hat,Warm,images/a.png\nb,Scarf,,\nc,,Long,\n"
BOUGHT = "user_id,item_id,timestamp,rating\nu,a,2024-01-01,5\nu,b,2024-01-02,4\nv,c,1704067200,\n"


def shop(folder: Path, items: str | bytes = ITEMS, bought: str | bytes = BOUGHT, pictures: bool = True) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("items.csv", items), ("interactions.csv", bought)):
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    if pictures:
        red_picture(folder / "images" / "a.png")
    return folder


def red_picture(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (8, 8), "red").save(path)
